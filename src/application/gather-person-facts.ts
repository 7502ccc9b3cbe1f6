import type { CatalogFacts, Role, RoleId } from "../domain/access.ts";
import type { EmailAddress } from "../domain/email-address.ts";
import type { SeatsKnown } from "../domain/licenses.ts";
import type { AutoProvisioning } from "../domain/settings.ts";
import type { Person } from "../domain/sign-in-decision.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog } from "../ports/access-catalog.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import type { LicenseLimit } from "./host-licenses.ts";
import { type NamedDefaults, readCatalogFacts } from "./read-catalog-facts.ts";

/** What {@link makeGatherPersonFacts} needs. */
export interface GatherPersonFactsDeps {
  readonly catalog: AccessCatalog;
  readonly licenseLimit: LicenseLimit;
  readonly organizationRequired: boolean;
}

/** What the host says of a tenant when somebody unknown comes. */
export interface HostFacts {
  readonly catalog: CatalogFacts;
  readonly limit?: number;
}

/**
 * Learns what {@link decideSignIn} needs to know of a person. The sign-in and the dry run both use
 * it, so that they cannot differ.
 */
export interface GatherPersonFacts {
  /**
   * What the host says. Never called within a transaction: the host may answer from the pool that
   * the transaction has its connection from.
   */
  fromHost(tenant: TenantId, defaults: AutoProvisioning): Promise<HostFacts>;
  /**
   * The person, from `users`.
   *
   * @returns `undefined` for somebody unknown of whom the host must be asked first.
   */
  person(query: PersonQuery): Promise<Person | undefined>;
}

/** Whom to look for. */
export interface PersonQuery {
  readonly users: UserDirectory;
  readonly tenant: TenantId;
  readonly email: EmailAddress;
  readonly defaults: AutoProvisioning;
  /** Absent while the host has not been asked. */
  readonly host: HostFacts | undefined;
  /**
   * Whether a seat may be taken in this transaction. Then seats are counted only under a limit, and
   * so that the count stays true until the transaction ends; otherwise for whoever wants to know.
   */
  readonly inTransaction: boolean;
}

/** Enough where nobody is provisioned. */
const NOTHING_ASKED: HostFacts = {
  catalog: {
    roles: new Map(),
    groups: new Set(),
    organizations: new Set(),
    organizationRequired: false,
  },
};

/** Makes {@link GatherPersonFacts}. */
export function makeGatherPersonFacts(deps: GatherPersonFactsDeps): GatherPersonFacts {
  const { catalog, licenseLimit, organizationRequired } = deps;
  return {
    fromHost: async (tenant, defaults) => {
      if (!defaults.enabled) return NOTHING_ASKED;
      const [facts, limit] = await Promise.all([
        readCatalogFacts({ catalog, organizationRequired, tenant, named: namedBy(defaults) }),
        licenseLimit(tenant),
      ]);
      return { catalog: facts, ...(limit === undefined ? {} : { limit }) };
    },
    person: async (query) => {
      const { users, tenant, email, defaults, inTransaction } = query;
      const host = defaults.enabled ? query.host : NOTHING_ASKED;
      // Before the look: whoever waited for the lock must see whom its holder has created.
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
