import type { CatalogFacts, Role, RoleId } from "../../domain/access.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { SeatsKnown } from "../../domain/licenses.ts";
import type { AutoProvisioning } from "../../domain/settings.ts";
import type { Denial, Entitlement, Person } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AccessCatalog, LicenseLimit } from "../../ports/access-catalog.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";
import { type NamedDefaults, readCatalogFacts } from "../settings/check-settings.ts";

/** Facts of the host that the decision for an unknown user needs. */
export interface HostFacts {
  readonly catalog: CatalogFacts;
  readonly limit?: number;
}

/**
 * Gathers the facts that {@link decideSignIn} needs. Sign-ins and dry runs both use it, so that
 * they cannot differ.
 */
export interface UserFacts {
  /**
   * Queries the host. Never called within a transaction, because the host may use the same
   * connection pool.
   */
  ofHost(tenant: TenantId, newUser: NewUserTerms): Promise<HostFacts>;
  /**
   * Looks up the user in `users`.
   *
   * @returns `undefined` if the user is unknown and the host has not been queried.
   */
  ofUser(query: PersonQuery): Promise<Person | undefined>;
}

/** What an unknown user gets, or why not. */
type NewUserTerms = Entitlement | Denial;

/** The user to look up. */
export interface PersonQuery {
  readonly users: UserDirectory;
  readonly tenant: TenantId;
  readonly email: EmailAddress;
  readonly newUser: NewUserTerms;
  /** Absent if the host has not been queried. */
  readonly host: HostFacts | undefined;
  /**
   * Whether this transaction may take a seat. If so, seats are counted only under a limit, and
   * under a lock, so that the count stays correct until the transaction ends. If not, they are
   * counted without a lock.
   */
  readonly inTransaction: boolean;
}

/** Sufficient if no user is created. */
const NOTHING_ASKED: HostFacts = {
  catalog: {
    roles: new Map(),
    groups: new Set(),
    organizations: new Set(),
    organizationRequired: false,
  },
};

export function makeUserFacts({
  catalog,
  licenseLimit,
  organizationRequired,
}: {
  readonly catalog: AccessCatalog;
  readonly licenseLimit: LicenseLimit;
  readonly organizationRequired: boolean;
}): UserFacts {
  return {
    ofHost: async (tenant, newUser) => {
      if (newUser.kind === "deny") return NOTHING_ASKED;
      const named = namedBy(newUser.defaults);
      const [facts, limit] = await Promise.all([
        readCatalogFacts({ catalog, organizationRequired, tenant, named }),
        licenseLimit(tenant),
      ]);
      return { catalog: facts, ...(limit === undefined ? {} : { limit }) };
    },
    ofUser: async (query) => {
      const { users, tenant, email, newUser, inTransaction } = query;
      const host = newUser.kind === "deny" ? NOTHING_ASKED : query.host;
      // Lock before reading, so that a waiter sees users created by the previous holder.
      const locked = host && inTransaction ? await seatsUnderLimit(query, host) : {};
      const user = await users.findByEmail(tenant, email);
      if (user !== undefined) return { kind: "known", user };
      if (host === undefined) return undefined;
      const licenses = inTransaction ? locked : await seatsNow(query, host);
      return { kind: "unknown", catalog: host.catalog, licenses };
    },
  };
}

async function seatsUnderLimit(
  { users, tenant, newUser }: PersonQuery,
  { catalog, limit }: HostFacts,
): Promise<SeatsKnown> {
  if (limit === undefined || roleOf(newUser, catalog)?.licensed !== true) return {};
  return { used: await users.countSeatsExclusively(tenant, licensedRoles(catalog)), limit };
}

async function seatsNow(
  { users, tenant, newUser }: PersonQuery,
  { catalog, limit }: HostFacts,
): Promise<SeatsKnown> {
  if (roleOf(newUser, catalog) === undefined) return {}; // nobody is provisioned
  const used = await users.countSeats(tenant, licensedRoles(catalog));
  return { used, ...(limit === undefined ? {} : { limit }) };
}

function roleOf(newUser: NewUserTerms, { roles }: CatalogFacts): Role | undefined {
  const role = newUser.kind === "deny" ? undefined : newUser.defaults.role;
  return role === undefined ? undefined : roles.get(role);
}

function namedBy(defaults: AutoProvisioning): NamedDefaults {
  const { groups, organizations } = defaults;
  return { groups, organizations: organizations.kind === "all" ? [] : organizations.ids };
}

function licensedRoles({ roles }: CatalogFacts): readonly RoleId[] {
  return [...roles.values()].filter(({ licensed }) => licensed).map(({ id }) => id);
}
