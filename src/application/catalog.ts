import type { NamedAccess, Role } from "../domain/access.ts";
import { defined } from "../domain/defined.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog } from "../ports/access-catalog.ts";
import type { Logger } from "../ports/environment.ts";
import { partFailed } from "../ports/errors.ts";

/** The lists of the host's catalog that may be long. */
export type CatalogList = "groups" | "organizations";

/** A page of a list to read. */
export interface CatalogPageInput {
  readonly tenant: TenantId;
  readonly list: CatalogList;
  /** Text that the name contains; surrounding space is ignored. Default: everything. */
  readonly search?: string | undefined;
  /** The `next` of the previous page. */
  readonly after?: string | undefined;
  /** 1 to {@link MAX_CATALOG_PAGE}. */
  readonly limit: number;
}

/** A page of a list, in the host's order. */
export interface CatalogRead {
  readonly items: readonly NamedAccess[];
  /** The `after` of the next page; absent on the last page. */
  readonly next?: string;
}

/** What the host has names for. */
export type NamedKind = "roles" | "administrators" | CatalogList;

/** What the host calls what IDs stand for. */
export type Names = Readonly<Record<NamedKind, ReadonlyMap<string, string>>>;

/** Reads what administrators choose from. */
export interface ReadCatalog {
  /** Every role, in the host's order. */
  readonly roles: (tenant: TenantId) => Promise<readonly Role[]>;
  /** Searches a list by name; paged. */
  readonly page: (input: CatalogPageInput) => Promise<CatalogRead>;
  /** The entries with these IDs that exist, in any order. */
  readonly byIds: (
    tenant: TenantId,
    list: CatalogList,
    ids: readonly string[],
  ) => Promise<readonly NamedAccess[]>;
  /**
   * The names of IDs that exist; of all roles if any is wanted. The host is asked for nothing else.
   * What it fails to name is logged, and called by its ID.
   */
  readonly names: (
    tenant: TenantId,
    wanted: Readonly<Partial<Record<NamedKind, readonly string[]>>>,
  ) => Promise<Names>;
}

/** Maximum number of entries of one page. */
export const MAX_CATALOG_PAGE = 200;

export function makeReadCatalog({
  catalog,
  logger,
}: {
  readonly catalog: AccessCatalog;
  readonly logger: Logger;
}): ReadCatalog {
  const byIds: ReadCatalog["byIds"] = async (tenant, list, ids) => {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return [];
    return list === "groups"
      ? catalog.groupsByIds(tenant, wanted)
      : catalog.organizationsByIds(tenant, wanted);
  };
  async function namesOf(
    tenant: TenantId,
    kind: NamedKind,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    try {
      const found = await (kind === "roles"
        ? catalog.roles(tenant)
        : kind === "administrators"
          ? catalog.administratorsByIds?.(tenant, [...new Set(ids)])
          : byIds(tenant, kind, ids));
      return new Map(found?.map(({ id, name }) => [id, name]));
    } catch (error) {
      logger.error(partFailed(`names of ${kind}`, error));
      return new Map();
    }
  }

  return {
    roles: async (tenant) => catalog.roles(tenant),
    page: async ({ tenant, list, search, after, limit }) => {
      const text = search?.trim() ?? "";
      const query = {
        limit,
        ...(text === "" ? {} : { search: text }),
        ...defined({ after }),
      };
      const { items, next } = await (list === "groups"
        ? catalog.searchGroups(tenant, query)
        : catalog.searchOrganizations(tenant, query));
      return { items, ...defined({ next }) };
    },
    byIds,
    names: async (tenant, { roles = [], administrators = [], groups = [], organizations = [] }) => {
      const [ofRoles, ofAdministrators, ofGroups, ofOrganizations] = await Promise.all([
        namesOf(tenant, "roles", roles),
        namesOf(tenant, "administrators", administrators),
        namesOf(tenant, "groups", groups),
        namesOf(tenant, "organizations", organizations),
      ]);
      return {
        roles: ofRoles,
        administrators: ofAdministrators,
        groups: ofGroups,
        organizations: ofOrganizations,
      };
    },
  };
}
