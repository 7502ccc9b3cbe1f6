import type { CatalogFacts, Role, RoleId } from "../../domain/access.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { SeatsKnown } from "../../domain/licenses.ts";
import type { AutoProvisioning } from "../../domain/settings.ts";
import type { Person } from "../../domain/sign-in-decision.ts";
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
  ofHost(tenant: TenantId, defaults: AutoProvisioning): Promise<HostFacts>;
  /**
   * Looks up the user in `users`.
   *
   * @returns `undefined` if the user is unknown and the host has not been queried.
   */
  ofUser(query: PersonQuery): Promise<Person | undefined>;
}

/** The user to look up. */
export interface PersonQuery {
  readonly users: UserDirectory;
  readonly tenant: TenantId;
  readonly email: EmailAddress;
  readonly defaults: AutoProvisioning;
  /** Absent if the host has not been queried. */
  readonly host: HostFacts | undefined;
  /**
   * Whether this transaction may take a seat. If so, seats are counted only under a limit, and
   * under a lock, so that the count stays correct until the transaction ends. If not, they are
   * counted without a lock.
   */
  readonly inTransaction: boolean;
}

/** Sufficient if auto-provisioning is off. */
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
    ofHost: async (tenant, defaults) => {
      if (!defaults.enabled) return NOTHING_ASKED;
      const [facts, limit] = await Promise.all([
        readCatalogFacts({ catalog, organizationRequired, tenant, named: namedBy(defaults) }),
        licenseLimit(tenant),
      ]);
      return { catalog: facts, ...(limit === undefined ? {} : { limit }) };
    },
    ofUser: async (query) => {
      const { users, tenant, email, defaults, inTransaction } = query;
      const host = defaults.enabled ? query.host : NOTHING_ASKED;
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
  { users, tenant, defaults }: PersonQuery,
  { catalog, limit }: HostFacts,
): Promise<SeatsKnown> {
  if (limit === undefined || defaultRole(defaults, catalog)?.licensed !== true) return {};
  return { used: await users.countSeatsExclusively(tenant, licensedRoles(catalog)), limit };
}

async function seatsNow(
  { users, tenant, defaults }: PersonQuery,
  { catalog, limit }: HostFacts,
): Promise<SeatsKnown> {
  if (defaultRole(defaults, catalog) === undefined) return {}; // nobody is provisioned
  const used = await users.countSeats(tenant, licensedRoles(catalog));
  return { used, ...(limit === undefined ? {} : { limit }) };
}

function defaultRole({ role }: AutoProvisioning, { roles }: CatalogFacts): Role | undefined {
  return role === undefined ? undefined : roles.get(role);
}

function namedBy(defaults: AutoProvisioning): NamedDefaults {
  const { groups, organizations } = defaults;
  return { groups, organizations: organizations.kind === "all" ? [] : organizations.ids };
}

function licensedRoles({ roles }: CatalogFacts): readonly RoleId[] {
  return [...roles.values()].filter(({ licensed }) => licensed).map(({ id }) => id);
}
