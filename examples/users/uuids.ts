/** A mapping for tables whose keys are UUIDs, on PostgreSQL: users, roles, groups and organizations. */
import type { Knex } from "knex";
import type { HostUsers } from "koa-saml-jit";
import { Model } from "objection";

export async function createTables(knex: Knex): Promise<void> {
  const id = (table: Knex.CreateTableBuilder) =>
    table.uuid("id").primary().defaultTo(knex.raw("gen_random_uuid()"));
  for (const name of ["roles", "teams", "places"]) {
    await knex.schema.createTable(name, (table) => {
      id(table);
      table.string("name").notNullable();
    });
  }
  await knex.schema.createTable("accounts", (table) => {
    id(table);
    table.string("email", 254).notNullable().unique();
    table.uuid("role_id").notNullable().references("roles.id");
    table.boolean("active").notNullable().defaultTo(true);
    table.boolean("from_saml").notNullable().defaultTo(false);
    table.boolean("every_place").notNullable().defaultTo(false);
  });
  for (const [name, column, of] of [
    ["account_teams", "team_id", "teams.id"],
    ["account_places", "place_id", "places.id"],
  ] as const) {
    await knex.schema.createTable(name, (table) => {
      table.uuid("account_id").notNullable().references("accounts.id");
      table.uuid(column).notNullable().references(of);
      table.primary(["account_id", column]);
    });
  }
}

class Account extends Model {
  static override tableName = "accounts";
}

/** The option `hostUsers`. Where the database returns no generated key, set `newId`, too. */
export const hostUsers: HostUsers = {
  model: Account,
  columns: {
    id: { name: "id", type: "uuid" },
    email: "email",
    role: { name: "role_id", type: "uuid" },
  },
  state: { kind: "column", column: "active", values: { active: [true], suspended: [false] } },
  groups: {
    table: "account_teams",
    user: "account_id",
    granted: { name: "team_id", type: "uuid" },
  },
  organizations: {
    table: "account_places",
    user: "account_id",
    granted: { name: "place_id", type: "uuid" },
  },
  allOrganizations: { column: "every_place", value: true },
  createdBy: { column: "from_saml", value: true },
};
