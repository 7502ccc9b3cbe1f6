import type { CatalogFacts, GroupId, OrganizationId } from "../../domain/access.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AccessCatalog } from "../../ports/access-catalog.ts";

/** The groups and organizations that settings name. */
export interface NamedDefaults {
  readonly groups: readonly GroupId[];
  readonly organizations: readonly OrganizationId[];
}

/** Reads the part of the host's catalog that settings refer to. */
export async function readCatalogFacts(query: {
  readonly catalog: AccessCatalog;
  readonly organizationRequired: boolean;
  readonly tenant: TenantId;
  readonly named: NamedDefaults;
}): Promise<CatalogFacts> {
  const { catalog, organizationRequired, tenant, named } = query;
  const [roles, groups, organizations] = await Promise.all([
    catalog.roles(tenant),
    named.groups.length === 0 ? [] : catalog.groupsByIds(tenant, named.groups),
    named.organizations.length === 0 ? [] : catalog.organizationsByIds(tenant, named.organizations),
  ]);
  return {
    roles: new Map(roles.map((role) => [role.id, role])),
    groups: new Set(groups.map(({ id }) => id)),
    organizations: new Set(organizations.map(({ id }) => id)),
    organizationRequired,
  };
}
