import type { NamedAccess, Role } from "../domain/access.ts";
import { defined } from "../domain/defined.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog } from "../ports/access-catalog.ts";

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

/** No names are known: IDs are shown. */
export const NO_NAMES: Names = {
  roles: new Map(),
  administrators: new Map(),
  groups: new Map(),
  organizations: new Map(),
};

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
  /** The names of IDs that exist. The host is asked for nothing that is not wanted. */
  readonly names: (
    tenant: TenantId,
    wanted: Readonly<Partial<Record<NamedKind, readonly string[]>>>,
  ) => Promise<Names>;
}

/** Maximum number of entries of one page. */
export const MAX_CATALOG_PAGE = 200;

export function makeReadCatalog({ catalog }: { readonly catalog: AccessCatalog }): ReadCatalog {
  const byIds: ReadCatalog["byIds"] = async (tenant, list, ids) => {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return [];
    return list === "groups"
      ? catalog.groupsByIds(tenant, wanted)
      : catalog.organizationsByIds(tenant, wanted);
  };
  const read = async (kind: NamedKind, tenant: TenantId, ids: readonly string[]) => {
    if (kind === "roles") return catalog.roles(tenant);
    if (kind === "administrators") return (await catalog.administratorsByIds?.(tenant, ids)) ?? [];
    return byIds(tenant, kind, ids);
  };
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
    names: async (tenant, wanted) => {
      const named = async (kind: NamedKind): Promise<ReadonlyMap<string, string>> => {
        const ids = [...new Set(wanted[kind] ?? [])];
        if (ids.length === 0) return new Map();
        const found = await read(kind, tenant, ids);
        return new Map(found.map(({ id, name }) => [id, name]));
      };
      const [roles, administrators, groups, organizations] = await Promise.all([
        named("roles"),
        named("administrators"),
        named("groups"),
        named("organizations"),
      ]);
      return { roles, administrators, groups, organizations };
    },
  };
}
