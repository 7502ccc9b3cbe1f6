import type { GroupId, NamedAccess, OrganizationId, Role } from "../domain/access.ts";
import type { TenantId } from "../domain/tenant.ts";

/** Which part of a long list to read. */
export interface CatalogQuery {
  /** Text that the name holds, without regard to case; everything when absent or empty. */
  readonly search?: string;
  /** The `next` of the page before; the first page when absent. */
  readonly after?: string;
  /** The most entries, 1 to 200. */
  readonly limit: number;
}

/** Part of a long list, in the host's order. */
export interface CatalogPage {
  /** As many as the query's limit at most. */
  readonly items: readonly NamedAccess[];
  /** What to pass as `after` for the next page, 1 to 1,024 characters; absent on the last. */
  readonly next?: string;
}

/**
 * The host's own roles, groups and organizations. The plugin holds their IDs only. Never called
 * within a transaction of the plugin, so it may use the same connection pool.
 */
export interface AccessCatalog {
  /** Every role, in the host's order. */
  roles(tenant: TenantId): Promise<readonly Role[]>;
  /** Those of `ids` that exist, in any order. */
  groupsByIds(tenant: TenantId, ids: readonly GroupId[]): Promise<readonly NamedAccess[]>;
  /** Those of `ids` that exist, in any order. */
  organizationsByIds(
    tenant: TenantId,
    ids: readonly OrganizationId[],
  ): Promise<readonly NamedAccess[]>;
  /** Groups by name, a page at a time. */
  searchGroups(tenant: TenantId, query: CatalogQuery): Promise<CatalogPage>;
  /** Organizations by name, a page at a time: a host may have 100,000. */
  searchOrganizations(tenant: TenantId, query: CatalogQuery): Promise<CatalogPage>;
}
