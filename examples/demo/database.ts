import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import knexFactory, { type Knex } from "knex";
import { ConfigError } from "./config.ts";
import type { DatabaseAddress } from "./database-url.ts";

interface SqliteConnection {
  exec(sql: string, done: (error: unknown) => void): void;
}

/**
 * Opens the database; creates a missing SQLite file.
 *
 * @throws ConfigError when the driver is not installed or the folder cannot be made.
 */
export function openDatabase(address: DatabaseAddress): Knex {
  try {
    return knexFactory(address.kind === "sqlite" ? sqlite(address.path) : server(address));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new ConfigError(`DATABASE_URL cannot be used: ${reason}`, { cause });
  }
}

/** With a write-ahead log readers and the writer are not in each other's way: docs/OPERATIONS.md. */
const PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON";

function sqlite(path: string): Knex.Config {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  return {
    client: "sqlite3",
    connection: { filename: path },
    useNullAsDefault: true,
    pool: {
      afterCreate: (connection: SqliteConnection, done: (error: unknown) => void) =>
        connection.exec(PRAGMAS, done),
    },
  };
}

function server({
  kind,
  url,
}: DatabaseAddress & { readonly kind: "postgres" | "mysql" }): Knex.Config {
  return {
    client: kind === "postgres" ? "pg" : "mysql2",
    connection: url,
    pool: { min: 0, max: 10 },
  };
}
