import knexFactory, { type Knex } from "knex";
import type { Given } from "./contestant.ts";

interface SqliteConnection {
  exec(sql: string, done: (error: unknown) => void): void;
}

/** Opens the contestant's database as docs/OPERATIONS.md would have it. */
export function openKnex({ kind, config, pragmas }: Given["database"]): Knex {
  if (kind !== "SQLite") return knexFactory(config);
  return knexFactory({
    ...config,
    pool: {
      afterCreate: (connection: SqliteConnection, done: (error: unknown) => void) =>
        connection.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join(" "), done),
    },
  });
}
