import type { Knex } from "knex";
import { serialize } from "./concurrency.ts";
import { type Dialect, runScript } from "./dialect.ts";
import { failureOf } from "./storage-errors.ts";

/**
 * Runs `work` in one transaction, READ COMMITTED whatever the database's default is: after waiting
 * for a lock, the next statement must see what the holder of the lock has committed.
 *
 * @param isLate whether `work` has been waited for long enough.
 */
export function transact<T>(
  knex: Knex,
  dialect: Dialect,
  work: (trx: Knex.Transaction) => Promise<T>,
  isLate: () => boolean,
): Promise<T> {
  switch (dialect) {
    case "sqlite":
      // SQLite has one writer, and who waits for it asks again now and then: the unlucky wait long,
      // or fail. The connections of one process line up instead, before they take one.
      // Copies of a Knex share its pool.
      return serialize(knex.client.pool ?? knex.client, async (failureBefore) => {
        // Another process has the file, or the host every connection: if all waited for that one
        // after the other, the last would wait for minutes.
        if (isNoAnswer(failureBefore) && isLate()) throw failureBefore;
        return knex.transaction((trx) => withWriteLock(trx, work));
      });
    case "postgres":
      return knex.transaction((trx) => failingLoudly(trx, work), READ_COMMITTED);
    case "mysql":
      return knex.transaction(work, READ_COMMITTED);
  }
}

function isNoAnswer(error: unknown): boolean {
  const failure = failureOf(error);
  return failure === "transient" || failure === "unavailable";
}

const READ_COMMITTED = { isolationLevel: "read committed" } as const;

/**
 * SQLite: takes the write lock at the start. A transaction that reads first and writes later fails
 * when another wrote in between, however long it may wait. And it commits before Knex does: when a
 * COMMIT of Knex's own finds the file busy, the connection goes back to the pool with the
 * transaction still open.
 */
async function withWriteLock<T>(
  trx: Knex.Transaction,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  try {
    await runScript(trx, ["COMMIT", "BEGIN IMMEDIATE"]);
    const result = await work(trx);
    await runScript(trx, ["COMMIT", "BEGIN"]);
    return result;
  } catch (error) {
    // For Knex to end. It fails, harmlessly, while ours is open; SQLite itself ends it when the
    // disk is full, and Knex would report that it has nothing to roll back instead of why.
    await trx.raw("BEGIN").catch(() => undefined);
    throw error;
  }
}

/**
 * PostgreSQL answers a COMMIT after a failed statement with a silent ROLLBACK: work that swallowed
 * the failure must not be taken for done. A hook of the host may have undone it by a savepoint,
 * after which the transaction takes statements as before.
 */
async function failingLoudly<T>(
  trx: Knex.Transaction,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = [];
  trx.on("query-error", (error: unknown) => failures.push(error));
  const result = await work(trx);
  const [failure] = failures;
  if (failure !== undefined) {
    await trx.raw("SELECT 1").catch(() => {
      throw failure;
    });
  }
  return result;
}
