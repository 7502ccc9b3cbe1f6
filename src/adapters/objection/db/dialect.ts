import type { Knex } from "knex";

/** The families of databases that the adapter speaks. */
export type Dialect = "sqlite" | "postgres" | "mysql";

/**
 * Which database `knex` talks to; MariaDB and MySQL are one family.
 *
 * @throws TypeError for another client.
 */
export function dialectOf(knex: Knex): Dialect {
  const client: unknown = knex.client.config.client;
  const name: unknown = knex.client.dialect;
  switch (name) {
    case "sqlite3":
      return "sqlite";
    case "postgresql":
      return "postgres";
    case "mysql":
      return "mysql";
    default:
      throw new TypeError(
        `knex: the client must be SQLite, PostgreSQL or MySQL/MariaDB, not ${String(client)}`,
      );
  }
}
