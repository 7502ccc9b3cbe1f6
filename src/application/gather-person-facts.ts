import type { CatalogFacts, RoleId } from "../domain/access.ts";
import type { EmailAddress } from "../domain/email-address.ts";
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
 * Learns what {@link decideSignIn} needs to know of a person. The sign-in and the preview both use
 * it, so that they cannot differ.
 */
export interface GatherPersonFacts {
  /**
   * What the host says; nothing is asked when auto-provisioning is off. Never called within a
   * transaction: the host may answer from the pool that the transaction has its connection from.
   */
  fromHost(tenant: TenantId, defaults: AutoProvisioning): Promise<HostFacts>;
  /**
   * The person, from `users`.
   *
   * @param inTransaction whether seats are counted so that the count stays true until the end of
   * the transaction, where a limit makes that matter.
   * @returns `undefined` for somebody unknown when `host` was not asked.
   */
  person(query: {
    readonly users: UserDirectory;
    readonly tenant: TenantId;
    readonly email: EmailAddress;
    readonly defaults: AutoProvisioning;
    readonly host: HostFacts | undefined;
    readonly inTransaction: boolean;
  }): Promise<Person | undefined>;
}

const NOTHING_ASKED: CatalogFacts = {
  roles: new Map(),
  groups: new Set(),
  organizations: new Set(),
  organizationRequired: false,
};

/** Makes {@link GatherPersonFacts}. */
export function makeGatherPersonFacts(deps: GatherPersonFactsDeps): GatherPersonFacts {
  const { catalog, licenseLimit, organizationRequired } = deps;
  return {
    fromHost: async (tenant, defaults) => {
      if (!defaults.enabled) return { catalog: NOTHING_ASKED };
      const [facts, limit] = await Promise.all([
        readCatalogFacts({ catalog, organizationRequired, tenant, named: namedBy(defaults) }),
        licenseLimit(tenant),
      ]);
      return { catalog: facts, ...(limit === undefined ? {} : { limit }) };
    },
    person: async ({ users, tenant, email, defaults, host, inTransaction }) => {
      const user = await users.findByEmail(tenant, email);
      if (user !== undefined) return { kind: "known", user };
      if (host === undefined) return undefined;
      const { limit, catalog: facts } = host;
      const role = defaults.role === undefined ? undefined : facts.roles.get(defaults.role);
      // Without a usable default role nobody is provisioned, and no seat is looked at.
      if (!defaults.enabled || role === undefined) {
        return { kind: "unknown", catalog: facts, licenses: { used: 0 } };
      }
      const exactly = inTransaction && role.licensed && limit !== undefined;
      const count = exactly ? users.countSeatsExclusively : users.countSeats;
      const used = await count.call(users, tenant, licensedRoles(facts));
      const licenses = { used, ...(limit === undefined ? {} : { limit }) };
      return { kind: "unknown", catalog: facts, licenses };
    },
  };
}

function namedBy(defaults: AutoProvisioning): NamedDefaults {
  const { groups, organizations } = defaults;
  return { groups, organizations: organizations.kind === "all" ? [] : organizations.ids };
}

function licensedRoles({ roles }: CatalogFacts): readonly RoleId[] {
  return [...roles.values()].filter(({ licensed }) => licensed).map(({ id }) => id);
}
