import type { Knex } from "knex";

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
