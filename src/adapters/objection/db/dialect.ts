import type { Knex } from "knex";
import type { KeyColumn } from "../users/host-users.ts";

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

/** SQL for the database's own time, in seconds since the epoch: the clocks of the processes do not matter. */
export const DATABASE_SECONDS: Readonly<Record<Dialect, string>> = {
  sqlite: "CAST(strftime('%s', 'now') AS INTEGER)",
  postgres: "CAST(EXTRACT(EPOCH FROM statement_timestamp()) AS BIGINT)",
  mysql: "UNIX_TIMESTAMP()",
};

/** SQL for one key of the host, `??`, as the text that the plugin's own tables hold. */
export function asText(dialect: Dialect, { type }: KeyColumn): string {
  if (type === "text" && dialect !== "mysql") return "??";
  switch (dialect) {
    case "sqlite":
      return "CAST(?? AS TEXT)";
    case "postgres":
      return "CAST(?? AS text)";
    case "mysql":
      return "CAST(?? AS CHAR(255) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin";
  }
}

/** What of node-sqlite3's connection is used here. */
interface ScriptableConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

/**
 * Runs statements that have neither values nor results, until one fails. node-sqlite3 takes them in
 * one call: what Knex sends one by one goes to another thread and back twice for each, and all that
 * time nobody else gets the write lock.
 */
export async function runScript(
  trx: Knex.Transaction,
  statements: readonly string[],
): Promise<void> {
  if (trx.client.driverName !== "sqlite3") {
    for (const statement of statements) await trx.raw(statement);
    return;
  }
  const connection: ScriptableConnection = await trx.client.acquireConnection();
  await new Promise<void>((resolve, reject) => {
    connection.exec(statements.join("; "), (error) => (error ? reject(error) : resolve()));
  });
}
