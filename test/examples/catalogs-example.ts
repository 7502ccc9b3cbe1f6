import type { Knex } from "knex";
import type { AccessCatalog, CatalogPage, CatalogQuery, NamedAccess, Role } from "koa-saml-jit";
import { Model } from "objection";

const ROLES: readonly Role[] = [
  { id: "editor", name: "Editor", licensed: true, privileged: false },
  { id: "lite", name: "Lite", licensed: false, privileged: false, maxOrganizations: 5 },
  { id: "owner", name: "Owner", licensed: true, privileged: true },
];

interface Row {
  readonly id: number;
  readonly name: string;
}

/** With Knex: tables with `id` (an integer), `name` and `customer`. */
export function knexCatalog(knex: Knex): AccessCatalog {
  const of = (table: string, tenant: string) =>
    knex(table).where({ customer: tenant }).select<Row[]>("id", "name");
  return {
    roles: () => ROLES,
    groupsByIds: async (tenant, ids) => named(await of("groups", tenant).whereIn("id", keys(ids))),
    organizationsByIds: async (tenant, ids) =>
      named(await of("sites", tenant).whereIn("id", keys(ids))),
    searchGroups: (tenant, query) => page(of("groups", tenant), query),
    searchOrganizations: (tenant, query) => page(of("sites", tenant), query),
  };
}

class Group extends Model {
  static override tableName = "groups";
  declare id: number;
  declare name: string;
}

class Site extends Model {
  static override tableName = "sites";
  declare id: number;
  declare name: string;
}

/** With Objection: the same tables, by your models. */
export const objectionCatalog: AccessCatalog = {
  roles: () => ROLES,
  groupsByIds: async (customer, ids) =>
    named(await Group.query().where({ customer }).findByIds(keys(ids))),
  organizationsByIds: async (customer, ids) =>
    named(await Site.query().where({ customer }).findByIds(keys(ids))),
  searchGroups: (customer, query) => page(Group.query().where({ customer }), query),
  searchOrganizations: (customer, query) => page(Site.query().where({ customer }), query),
};

/** IDs are strings in the plugin. */
const named = (rows: readonly Row[]): readonly NamedAccess[] =>
  rows.map(({ id, name }) => ({ id: String(id), name }));

/** An ID that is no key of yours finds nothing; it is no error. */
const keys = (ids: readonly string[]) => ids.filter((id) => /^\d{1,9}$/.test(id)).map(Number);

/** What queries of Knex and of Objection have in common. */
interface Listing extends PromiseLike<readonly Row[]> {
  whereRaw(sql: string, bindings: readonly (string | number)[]): unknown;
  orderBy(column: string): Listing;
  limit(count: number): Listing;
}

/** By name, and from where the last page ended: the hundredth page costs what the first one does. */
async function page(
  listing: Listing,
  { search, after, limit }: CatalogQuery,
): Promise<CatalogPage> {
  if (search !== undefined) {
    const text = search.toLowerCase().replace(/[!%_]/g, "!$&");
    listing.whereRaw("LOWER(name) LIKE ? ESCAPE '!'", [`%${text}%`]);
  }
  const [id, name] = after?.split(/:(.*)/s) ?? [];
  if (name !== undefined) listing.whereRaw("(name, id) > (?, ?)", [name, Number(id)]);
  const rows = await listing
    .orderBy("name")
    .orderBy("id")
    .limit(limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: named(rows.slice(0, limit)), next: last && `${last.id}:${last.name}` };
}
