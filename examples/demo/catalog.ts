import type { Knex } from "knex";
import type { ModelClass } from "objection";
import type { NamedAccess } from "../../src/domain/access.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../src/ports/access-catalog.ts";
import { Group, Organization } from "./models.ts";
import { ROLES } from "./roles.ts";

/** SQLite takes no more than 32,766 parameters in a statement. */
const IDS_A_QUERY = 1000;

type Named = ModelClass<Group | Organization>;

/** What the plugin may know of the demo's roles, groups and organizations. */
export function makeDemoCatalog({ knex }: { readonly knex: Knex }): AccessCatalog {
  return {
    roles: async () => ROLES,
    groupsByIds: (_tenant, ids) => byIds(knex, Group, ids),
    organizationsByIds: (_tenant, ids) => byIds(knex, Organization, ids),
    searchGroups: (_tenant, query) => page(knex, Group, query),
    searchOrganizations: (_tenant, query) => page(knex, Organization, query),
  };
}

async function byIds(
  knex: Knex,
  model: Named,
  ids: readonly string[],
): Promise<readonly NamedAccess[]> {
  const found: NamedAccess[] = [];
  for (let from = 0; from < ids.length; from += IDS_A_QUERY) {
    const rows = await model.query(knex).whereIn("id", ids.slice(from, from + IDS_A_QUERY));
    found.push(...rows.map(named));
  }
  return found;
}

async function page(
  knex: Knex,
  model: Named,
  { search, after, limit }: CatalogQuery,
): Promise<CatalogPage> {
  const query = model
    .query(knex)
    .orderBy("id")
    .limit(limit + 1);
  if (search) query.whereRaw("lower(id) LIKE ? ESCAPE '!'", [holding(search)]);
  if (after !== undefined) query.where("id", ">", after);
  const rows = await query;
  const items = rows.slice(0, limit).map(named);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: last.id } : { items };
}

function holding(text: string): string {
  return `%${text.toLowerCase().replace(/[!%_]/g, "!$&")}%`;
}

function named({ id }: Group | Organization): NamedAccess {
  return { id, name: id };
}
