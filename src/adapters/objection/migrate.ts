import type { Knex } from "knex";
import { StorageUnavailableError } from "../../ports/errors.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, retrying } from "./database-session.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { type MigrationOptions, makeMigrationSource } from "./migrations.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "./tables.ts";
import { transact } from "./transactions.ts";

/** How long a starting process waits for another that migrates, in seconds. */
const LOCK_SECONDS = 60;

/** What {@link migrate} and {@link rollback} work on. */
export interface MigrateOptions extends MigrationOptions {
  /** The database to migrate. */
  readonly knex: Knex;
  /** How long a busy database is waited for. */
  readonly retry?: RetryPolicy;
}

/**
 * Brings the plugin's tables up to date. Does nothing when they are; may be called by any number
 * of processes at once, each of which finds the tables ready when its call resolves.
 *
 * @throws StorageUnavailableError when the database does not answer.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  await exclusively(options, async (trx, config) => {
    await trx.migrate.latest(config);
  });
}

/** Takes the plugin's tables away, with everything in them. */
export async function rollback(options: MigrateOptions): Promise<void> {
  await exclusively(options, async (trx, config) => {
    await trx.migrate.rollback(config, true);
  });
}

/**
 * Knex's own migration lock is a row: a process that dies leaves it locked, and one that finds it
 * locked fails. The database's lock ends with its connection, and the others wait for it; whoever
 * holds it may free a row that was left behind.
 */
function exclusively(
  { knex, retry = DEFAULT_RETRY_POLICY, ...options }: MigrateOptions,
  work: (trx: Knex, config: Knex.MigratorConfig) => Promise<void>,
): Promise<void> {
  const dialect = dialectOf(knex);
  const tableName = tablesOf(options.tablePrefix ?? DEFAULT_TABLE_PREFIX).migrations;
  const config = {
    migrationSource: makeMigrationSource(options),
    tableName,
    disableTransactions: true, // there is one around everything
  };
  // Knex's migrator takes the mapping of names away from whatever it is made of, and leaves it so.
  const own = knex.withUserParams({});
  const alone = (trx: Knex) => async () => {
    await trx.migrate.list(config); // makes Knex's own tables
    if (dialect === "mysql") await trx.raw("BEGIN"); // making them has committed
    await trx.migrate.forceFreeMigrationsLock(config);
    await work(trx, config);
  };
  return retrying(retry, (isLate) =>
    transact(own, dialect, (trx) => underLock(trx, dialect, tableName, alone(trx)), isLate),
  );
}

async function underLock(
  trx: Knex,
  dialect: Dialect,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  switch (dialect) {
    case "sqlite": // the transaction holds the write lock already
      return work();
    case "postgres":
      await trx.raw(`SET LOCAL lock_timeout = '${LOCK_SECONDS}s'`);
      await trx.raw("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(?))", [
        name,
      ]);
      return work();
    case "mysql": {
      // DDL commits on MySQL: the lock is the connection's, not the transaction's.
      const lock = "CONCAT('koa-saml-jit:', MD5(CONCAT(DATABASE(), '.', ?)))";
      // A plain query, for `raw` answers differently on every database.
      const locked: unknown = await trx
        .select(trx.raw(`GET_LOCK(${lock}, ${LOCK_SECONDS}) AS locked`, [name]))
        .first();
      if (!isLocked(locked)) throw new StorageUnavailableError(LOCK_SECONDS);
      try {
        return await work();
      } finally {
        await trx.raw(`SELECT RELEASE_LOCK(${lock})`, [name]);
      }
    }
  }
}

function isLocked(row: unknown): boolean {
  return typeof row === "object" && row !== null && Number(Reflect.get(row, "locked")) === 1;
}
