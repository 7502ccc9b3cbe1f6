import type { Knex } from "knex";
import { createSessionTable } from "../sessions.ts";

/** The table of the demo's sessions. */
export const SESSION_TABLE = "demo_sessions";

const MIGRATIONS: readonly (Knex.Migration & { readonly name: string })[] = [
  { name: "0001-people-groups-organizations-state", up, down },
  {
    name: "0002-sessions",
    up: (knex) => createSessionTable(knex, SESSION_TABLE),
    down: (knex) => knex.schema.dropTable(SESSION_TABLE),
  },
];

const migrationSource: Knex.MigrationSource<Knex.Migration & { readonly name: string }> = {
  getMigrations: async () => [...MIGRATIONS],
  getMigrationName: ({ name }) => name,
  getMigration: async (migration) => migration,
};

/** Brings the demo's own tables up to date; the plugin has its own migrations. */
export async function migrateDemo(knex: Knex): Promise<void> {
  await knex.migrate.latest({ migrationSource, tableName: "demo_migrations" });
}

async function up(knex: Knex): Promise<void> {
  // MySQL's default collations hold "acme" and "Acme" for one name.
  const exact = knex.client.config.client === "mysql2" ? "utf8mb4_bin" : undefined;
  const name = (table: Knex.CreateTableBuilder, column: string, length = 255) =>
    exact === undefined
      ? table.string(column, length).notNullable()
      : table.string(column, length).notNullable().collate(exact);

  await knex.schema.createTable("demo_people", (table) => {
    table.increments("person_id");
    name(table, "login_email", 254).unique();
    table.string("display_name");
    name(table, "role_name", 32);
    table.string("standing", 16).notNullable();
    table.boolean("sees_everything").notNullable().defaultTo(false);
    table.string("made_by", 32).notNullable();
    table.string("made_at", 32).notNullable();
  });
  for (const table of ["demo_groups", "demo_organizations"]) {
    await knex.schema.createTable(table, (columns) => {
      name(columns, "id").primary();
    });
  }
  for (const [table, granted] of [
    ["demo_people_groups", "group"],
    ["demo_people_organizations", "organization"],
  ] as const) {
    await knex.schema.createTable(table, (columns) => {
      columns.integer("person").unsigned().notNullable();
      columns.foreign("person").references("demo_people.person_id");
      name(columns, granted);
      columns.foreign(granted).references(`demo_${granted}s.id`);
      columns.primary(["person", granted]);
    });
  }
  await knex.schema.createTable("demo_state", (table) => {
    table.string("name", 64).primary();
    table.text("value").notNullable();
  });
}

async function down(knex: Knex): Promise<void> {
  for (const table of [
    "demo_state",
    "demo_people_organizations",
    "demo_people_groups",
    "demo_organizations",
    "demo_groups",
    "demo_people",
  ]) {
    await knex.schema.dropTable(table);
  }
}
