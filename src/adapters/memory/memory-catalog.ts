import type { NamedAccess, Role } from "../../domain/access.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../ports/access-catalog.ts";

/** What the host has to offer. */
export interface CatalogLists {
  /** Every role, in the order that administrators see. */
  readonly roles: readonly Role[];
  /** Every security group, likewise. */
  readonly groups: readonly NamedAccess[];
  /** Every organization, likewise. */
  readonly organizations: readonly NamedAccess[];
}

/** A catalog that a test can change. */
export interface MemoryCatalog extends AccessCatalog {
  /** Replaces the lists that are given, as an administrator of the host would. */
  replace(lists: Partial<CatalogLists>): void;
}

/** A catalog of fixed lists, the same for every tenant. */
export function makeMemoryCatalog(initial: CatalogLists): MemoryCatalog {
  let lists = initial;
  return {
    roles: async () => lists.roles,
    groupsByIds: async (_tenant, ids) => withIds(lists.groups, ids),
    organizationsByIds: async (_tenant, ids) => withIds(lists.organizations, ids),
    searchGroups: async (_tenant, query) => pageOf(lists.groups, query),
    searchOrganizations: async (_tenant, query) => pageOf(lists.organizations, query),
    replace: (changed) => {
      lists = { ...lists, ...changed };
    },
  };
}

function withIds(entries: readonly NamedAccess[], ids: readonly string[]): readonly NamedAccess[] {
  const wanted = new Set(ids);
  return entries.filter(({ id }) => wanted.has(id));
}

function pageOf(entries: readonly NamedAccess[], query: CatalogQuery): CatalogPage {
  const text = query.search?.toLowerCase() ?? "";
  const start = entries.findIndex(({ id }) => id === query.after) + 1;
  const found: NamedAccess[] = [];
  for (let index = start; index < entries.length && found.length <= query.limit; index += 1) {
    const entry = entries[index];
    if (entry?.name.toLowerCase().includes(text)) found.push(entry);
  }
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  return found.length > query.limit && last !== undefined ? { items, next: last.id } : { items };
}
