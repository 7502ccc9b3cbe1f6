import type { GroupId, NamedAccess, OrganizationId, Role } from "../domain/access.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { Awaitable } from "./errors.ts";

/** A page of a catalog list to read. */
export interface CatalogQuery {
  /** Text that the name contains, ignoring case. Default: everything. */
  readonly search?: string;
  /** The `next` of the previous page. Default: the first page. */
  readonly after?: string;
  /** Maximum number of entries, 1 to 200. */
  readonly limit: number;
}

/** A page of a catalog list, in the host's order. */
export interface CatalogPage {
  /** At most as many as the query's limit. */
  readonly items: readonly NamedAccess[];
  /** The `after` of the next page, 1 to 1,024 characters; absent on the last page. */
  readonly next?: string | undefined;
}

/**
 * The host's roles, groups and organizations. The plugin stores only their IDs. It never calls the
 * catalog within a transaction, so the catalog may use the same connection pool. Every method may be
 * async, or return a query of Objection or Knex; members of a row that are not named here are ignored.
 */
export interface AccessCatalog {
  /** Every role, in the host's order. */
  roles(tenant: TenantId): Awaitable<readonly Role[]>;
  /** Those of `ids` that exist, in any order. */
  groupsByIds(tenant: TenantId, ids: readonly GroupId[]): Awaitable<readonly NamedAccess[]>;
  /** Those of `ids` that exist, in any order. */
  organizationsByIds(
    tenant: TenantId,
    ids: readonly OrganizationId[],
  ): Awaitable<readonly NamedAccess[]>;
  /** Searches groups by name; paged. */
  searchGroups(tenant: TenantId, query: CatalogQuery): Awaitable<CatalogPage>;
  /** Searches organizations by name; paged, since there may be 100,000. */
  searchOrganizations(tenant: TenantId, query: CatalogQuery): Awaitable<CatalogPage>;
  /**
   * Those administrators that exist of `ids`, in any order. `requireAdmin` has returned these, or code
   * has saved settings under them: they may be no IDs of the host's. Default: administrators are shown
   * by their IDs.
   */
  administratorsByIds?(tenant: TenantId, ids: readonly string[]): Awaitable<readonly NamedAccess[]>;
}

/**
 * Returns the email domains that are proven to belong to a tenant; `undefined` if none need a proof.
 */
export type VerifiedDomains = (tenant: TenantId) => Promise<ReadonlySet<string> | undefined>;

/** Returns the maximum number of seats of a tenant; `undefined` means no limit. Not cached. */
export type LicenseLimit = (tenant: TenantId) => Awaitable<number | undefined>;
