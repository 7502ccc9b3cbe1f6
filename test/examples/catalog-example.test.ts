import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import {
  type AccessCatalog,
  type CatalogPage,
  type CatalogQuery,
  parseTenantId,
  type TenantId,
} from "koa-saml-jit";
import { accessCatalogContract } from "koa-saml-jit/testing";
import { after, describe, it } from "mocha";

/** The platform's roles, groups and organizations, from tables `groups` and `organizations`. */
function makeSqlCatalog(knex: Knex): AccessCatalog {
  const named = (table: string, tenant: string) =>
    knex(table).where({ tenant }).select<{ id: string; name: string }[]>("id", "name");

  async function page(
    table: string,
    tenant: string,
    { search = "", after, limit }: CatalogQuery,
  ): Promise<CatalogPage> {
    const query = named(table, tenant).orderBy("id");
    // By key, not by offset: the hundredth page costs what the first one does.
    if (after !== undefined) query.where("id", ">", after);
    if (search !== "") {
      const pattern = search.toLowerCase().replace(/[!%_]/g, "!$&");
      query.whereRaw("LOWER(name) LIKE ? ESCAPE '!'", [`%${pattern}%`]);
    }
    const rows = await query.limit(limit + 1);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return rows.length > limit && last !== undefined ? { items, next: last.id } : { items };
  }

  return {
    roles: async () => ROLES,
    groupsByIds: (tenant, ids) => named("groups", tenant).whereIn("id", ids),
    organizationsByIds: (tenant, ids) => named("organizations", tenant).whereIn("id", ids),
    searchGroups: (tenant, query) => page("groups", tenant, query),
    searchOrganizations: (tenant, query) => page("organizations", tenant, query),
  };
}

const ROLES = [
  { id: "editor", name: "Editor", licensed: true, privileged: false },
  { id: "lite", name: "Lite", licensed: false, privileged: false, maxOrganizations: 5 },
];

describe("our catalog", () => {
  const connection = { filename: ":memory:" };
  const knex = knexFactory({ client: "sqlite3", connection, useNullAsDefault: true });
  const tenant = tenantOf("acme");
  const groups = ["Board", "Sales", "Support"].map((name, index) => ({ id: `g${index}`, name }));
  const organizations = ["North", "South", "West"].map((name, index) => ({
    id: `o${index}`,
    name,
  }));

  async function subject() {
    for (const [table, rows] of Object.entries({ groups, organizations })) {
      await knex.schema.dropTableIfExists(table);
      await knex.schema.createTable(table, (columns) => {
        for (const column of ["tenant", "id", "name"]) columns.string(column).notNullable();
      });
      await knex(table).insert(rows.map((row) => ({ ...row, tenant })));
      await knex(table).insert({ tenant: "globex", id: "x", name: "another customer's" });
    }
    return { catalog: makeSqlCatalog(knex), tenant, roles: ROLES, groups, organizations };
  }

  for (const { name, run } of accessCatalogContract(subject)) it(name, run);

  it("knows nothing of other customers", async () => {
    const { catalog } = await subject();
    expect(await catalog.groupsByIds(tenant, ["x"])).to.deep.equal([]);
  });

  after(() => knex.destroy());
});

function tenantOf(id: string): TenantId {
  const tenant = parseTenantId(id);
  if (tenant === undefined) throw new Error(`${id} is no tenant`);
  return tenant;
}
