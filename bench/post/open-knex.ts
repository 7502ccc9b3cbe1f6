import knexFactory, { type Knex } from "knex";
import { betterSqlite3 } from "../../test/support/better-sqlite3.ts";
import type { Given } from "./contestant.ts";

interface SqliteConnection {
  /** That of better-sqlite3 has run them when it returns. */
  exec(sql: string, done?: (error: unknown) => void): void;
}

/** Opens the contestant's database as docs/OPERATIONS.md would have it. */
export async function openKnex(database: Given["database"]): Promise<Knex> {
  const { kind, config, pragmas, driver = "sqlite3" } = database;
  if (kind !== "SQLite") return knexFactory(config);
  const script = pragmas.map((pragma) => `PRAGMA ${pragma};`).join(" ");
  const isBetter = driver === "better-sqlite3";
  return knexFactory({
    ...config,
    ...(isBetter ? { client: await betterSqlite3() } : {}),
    pool: {
      afterCreate: (connection: SqliteConnection, done: (error?: unknown) => void) => {
        if (!isBetter) return connection.exec(script, done);
        connection.exec(script);
        done();
      },
    },
  });
}
