/** A host with Objection models of its own, and a migrator of its own for everybody's tables. */
import process from "node:process";
import knexFactory, { type Knex } from "knex";
import Koa from "koa";
import { createSamlJit, type HostUsers } from "koa-saml-jit";
import { type Migration, makeMigrations } from "koa-saml-jit/migrations";
import { Model } from "objection";
import { baseUrl, catalog, listen, settings } from "./common.ts";

class Person extends Model {
  static override tableName = "people";
  static override idColumn = "person_no";
  declare person_no: number;
  declare mail: string;
  declare nickname: string;
  declare standing: number;

  override $beforeInsert(): void {
    this.nickname = this.mail.replace(/@.*/, "");
  }
}

const hostUsers: HostUsers = {
  model: Person,
  columns: {
    id: { name: "person_no", type: "integer" },
    email: "mail",
    role: { name: "rank_no", type: "integer" },
  },
  state: { kind: "column", column: "standing", values: { active: [1], suspended: [2] } },
  groups: { table: "teams", user: "person", granted: { name: "team", type: "integer" } },
  newRow: (_user, _profile, { attributes, authnContextClassRef }) => ({
    desk: attributes.find(({ name }) => name === "desk")?.values[0] ?? null,
    authenticated_by: authnContextClassRef ?? null,
  }),
  organizations: { table: "sites", user: "person", granted: { name: "site", type: "integer" } },
};

const people: Migration = {
  name: "000_people",
  up: async (db) => {
    await db.schema.createTable("people", (table) => {
      table.increments("person_no");
      table.string("mail", 254).notNullable().unique();
      table.integer("rank_no").notNullable();
      table.integer("standing").notNullable();
      table.string("nickname").notNullable();
      table.string("desk");
      table.string("authenticated_by");
    });
    for (const [name, column] of [
      ["teams", "team"],
      ["sites", "site"],
    ] as const) {
      await db.schema.createTable(name, (table) => {
        table.integer("person").notNullable();
        table.integer(column).notNullable();
        table.primary(["person", column]);
      });
    }
    await db("people").insert([
      { mail: "old@customer.example", rank_no: 9, standing: 1, nickname: "since long ago" },
      { mail: "locked@customer.example", rank_no: 1, standing: 2, nickname: "locked" },
    ]);
  },
  down: async (db) => {
    for (const name of ["sites", "teams", "people"]) await db.schema.dropTable(name);
  },
};

const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [people, ...makeMigrations()],
  getMigrationName: ({ name }) => name,
  getMigration: async ({ up, down }) => ({ up, down }),
};

const connection = { filename: process.env["DATABASE"] ?? ":memory:" };
const knex = knexFactory({ client: "sqlite3", connection, useNullAsDefault: true });
Model.knex(knex);
await knex.migrate.latest({ migrationSource });

const app = new Koa({ keys: ["a key of the tests"] });
const saml = createSamlJit({
  baseUrl,
  knex,
  hostUsers,
  catalog,
  requireAdmin: () => undefined,
  signIn: (ctx, { user, assertion }) => {
    ctx.cookies.set("person", user.id, { signed: true });
    ctx.cookies.set("authenticated", new Date(assertion.authnInstant).toISOString());
  },
});
await saml.saveSettings("default", settings, "start");

app.use(saml.routes());
app.use(async (ctx) => {
  const id = ctx.cookies.get("person", { signed: true });
  const person = id === undefined ? undefined : await Person.query().findById(id);
  const teams = await knex("teams")
    .where({ person: id ?? null })
    .pluck("team");
  ctx.body = {
    authenticated: ctx.cookies.get("authenticated"),
    person,
    teams,
    faults: await saml.checkIntegrity(),
  };
});
listen(app);
