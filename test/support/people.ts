import type { Knex } from "knex";
import { Model } from "objection";
import type { HostUsers } from "../../src/mod.ts";

class Person extends Model {
  static override tableName = "people";
}

/** The mapping of a host's tables `people`, `teams` and `sites`, without tenants. */
export const PEOPLE: HostUsers = {
  model: Person,
  columns: {
    id: { name: "id", type: "integer" },
    email: "mail",
    role: { name: "role", type: "text" },
  },
  state: { kind: "column", column: "state", values: { active: ["on"], suspended: ["off"] } },
  groups: { table: "teams", user: "person", granted: { name: "team", type: "text" } },
  organizations: { table: "sites", user: "person", granted: { name: "site", type: "text" } },
};

/** Creates the tables of {@link PEOPLE}; `more` adds what else `people` has. */
export async function createPeople(
  knex: Knex,
  more: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  await knex.schema.createTable("people", (table) => {
    table.increments("id");
    for (const column of ["mail", "role", "state"]) table.string(column);
    more(table);
  });
  for (const [name, column] of [
    ["teams", "team"],
    ["sites", "site"],
  ] as const) {
    await knex.schema.createTable(name, (table) => {
      table.integer("person");
      table.string(column);
    });
  }
}
