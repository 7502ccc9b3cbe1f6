import { expect } from "chai";
import type { AccessCatalog } from "koa-saml-jit";
import { accessCatalogContract } from "koa-saml-jit/testing";
import { after, before, describe, it } from "mocha";
import { Model } from "objection";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { tenant } from "../support/host.ts";
import { knexCatalog, objectionCatalog } from "./catalogs-example.ts";

const NAMES = {
  groups: ["Board", "Sales", "Support"],
  sites: ["North", "South: the new one", "West"],
} as const;

for (const { name, create } of DATABASES) {
  describe(`the mounting guide's catalogs on ${name}`, () => {
    let database: TestDatabase;
    const bound = Model.knex();
    before(async () => {
      database = await create();
      Model.knex(database.knex);
      for (const [table, names] of Object.entries(NAMES)) {
        await database.knex.schema.createTable(table, (columns) => {
          columns.increments("id");
          columns.string("customer").notNullable();
          columns.string("name").notNullable();
        });
        await database.knex(table).insert({ customer: "globex", name: "another customer's" });
        for (const one of [...names].reverse()) {
          await database.knex(table).insert({ customer: "acme", name: one });
        }
      }
    });
    after(async () => {
      Model.knex(bound);
      await database.drop();
    });

    const catalogs: Readonly<Record<string, () => AccessCatalog>> = {
      Knex: () => knexCatalog(database.knex),
      Objection: () => objectionCatalog,
    };
    for (const [library, make] of Object.entries(catalogs)) {
      const subject = async () => {
        const catalog = make();
        const listed = async (table: string) => {
          const rows = await database.knex(table).where({ customer: "acme" }).orderBy("name");
          return rows.map((row) => ({ id: String(row.id), name: row.name }));
        };
        return {
          catalog,
          tenant: tenant("acme"),
          roles: await catalog.roles(tenant("acme")),
          groups: await listed("groups"),
          organizations: await listed("sites"),
        };
      };
      for (const { name: promise, run } of accessCatalogContract(subject)) {
        it(`${library}: ${promise}`, run);
      }

      it(`${library}: knows nothing of other customers`, async () => {
        const other = await database.knex("groups").where({ customer: "globex" }).first();
        expect(await make().groupsByIds(tenant("acme"), [String(other.id)])).to.deep.equal([]);
        const { items } = await make().searchGroups(tenant("acme"), { limit: 200 });
        expect(items.map((item) => item.name)).to.deep.equal(NAMES.groups);
      });
    }
  });
}
