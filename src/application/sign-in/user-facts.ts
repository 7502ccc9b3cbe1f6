import type { CatalogFacts, Role, RoleId, SeatsKnown } from "../../domain/access.ts";
import { defined } from "../../domain/defined.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { Subject } from "../../domain/email-identity.ts";
import type { FormerUser } from "../../domain/receipt.ts";
import type { AutoProvisioning } from "../../domain/settings.ts";
import type { Denial, Entitlement, UserLookup } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AccessCatalog, LicenseLimit, VerifiedDomains } from "../../ports/access-catalog.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";
import { type NamedDefaults, readCatalogFacts } from "../settings/check-settings.ts";

/** Facts of the host that the decision for an unknown user needs. */
export interface HostFacts {
  readonly catalog: CatalogFacts;
  readonly limit?: number;
  /** A user with the same persistent NameID. */
  readonly former?: FormerUser;
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
  ofHost(tenant: TenantId, newUser: NewUserTerms, subject?: Subject): Promise<HostFacts>;
  /** Looks up the user, for a decision that is not carried out: seats are counted without a lock. */
  ofUser(query: UserQuery): Promise<UserLookup>;
  /** Email domains that are proven to be the tenant's; `undefined` if none need a proof. */
  readonly verifiedDomains: VerifiedDomains;
  /**
   * The same for a user who was unknown before the transaction that may create them. Seats are
   * counted only under a limit, and under a lock, so that the count stays correct until the
   * transaction ends; then the user is looked up again, because the previous holder of the lock may
   * have created them. Without a limit nothing is asked: the unique key of the address decides.
   */
  ofUnknownUser(query: UserQuery): Promise<UserLookup>;
}

/** What an unknown user gets, or why not. */
type NewUserTerms = Entitlement | Denial;

/** The user to look up. */
export interface UserQuery {
  readonly users: UserDirectory;
  readonly tenant: TenantId;
  readonly email: EmailAddress;
  readonly newUser: NewUserTerms;
  readonly host: HostFacts;
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

/** Users of one persistent NameID that are looked at; more than one is rare. */
const MAX_FORMER = 10;

export function makeUserFacts({
  users: directory,
  catalog,
  licenseLimit,
  organizationRequired,
  verifiedDomains,
}: {
  readonly users: UserDirectory;
  readonly verifiedDomains: VerifiedDomains;
  readonly catalog: AccessCatalog;
  readonly licenseLimit: LicenseLimit;
  readonly organizationRequired: boolean;
}): UserFacts {
  return {
    verifiedDomains,
    ofHost: async (tenant, newUser, subject) => {
      if (newUser.kind === "deny") return NOTHING_ASKED;
      const named = namedBy(newUser.defaults);
      const [facts, limit, former] = await Promise.all([
        readCatalogFacts({ catalog, organizationRequired, tenant, named }),
        licenseLimit(tenant),
        subject && formerUser(directory, tenant, subject),
      ]);
      return {
        catalog: facts,
        ...defined({ limit, former }),
      };
    },
    ofUser: async (query) => {
      const known = await knownUser(query);
      return known ?? unknownUser(query, await seatsNow(query));
    },
    ofUnknownUser: async (query) => {
      const { users, tenant, host } = query;
      const { limit, catalog } = host;
      if (limit === undefined || roleOf(query)?.licensed !== true) {
        return unknownUser(query, {});
      }
      const used = await users.countSeatsExclusively(tenant, licensedRoles(catalog));
      return (await knownUser(query)) ?? unknownUser(query, { used, limit });
    },
  };
}

async function knownUser({ users, tenant, email }: UserQuery): Promise<UserLookup | undefined> {
  const user = await users.findByEmail(tenant, email);
  return user && { kind: "known", user };
}

/** The newest user of the subject that still exists. */
async function formerUser(
  users: UserDirectory,
  tenant: TenantId,
  subject: Subject,
): Promise<FormerUser | undefined> {
  const ids = await users.usersOfNameId(tenant, subject, MAX_FORMER);
  if (ids.length === 0) return undefined;
  const existing = await users.findByIds(tenant, ids);
  if (existing === undefined) return ids.map((id) => ({ id }))[0];
  const newest = ids.flatMap((id) => existing.find((user) => user.id === id) ?? [])[0];
  return newest && { id: newest.id, email: newest.email };
}

function unknownUser({ host: { catalog, former } }: UserQuery, licenses: SeatsKnown): UserLookup {
  return { kind: "unknown", catalog, licenses, ...defined({ former }) };
}

async function seatsNow(query: UserQuery): Promise<SeatsKnown> {
  if (roleOf(query) === undefined) return {}; // no user is created
  const { users, tenant, host } = query;
  const used = await users.countSeats(tenant, licensedRoles(host.catalog));
  return { used, ...defined({ limit: host.limit }) };
}

function roleOf({ newUser, host }: UserQuery): Role | undefined {
  const role = newUser.kind === "deny" ? undefined : newUser.defaults.role;
  return role === undefined ? undefined : host.catalog.roles.get(role);
}

function namedBy(defaults: AutoProvisioning): NamedDefaults {
  const { groups, organizations } = defaults;
  return { groups, organizations: organizations.kind === "all" ? [] : organizations.ids };
}

function licensedRoles({ roles }: CatalogFacts): readonly RoleId[] {
  return [...roles.values()].filter(({ licensed }) => licensed).map(({ id }) => id);
}
