import type { Knex } from "knex";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../db/database-session.ts";
import { dialectOf } from "../db/dialect.ts";
import { runExclusively } from "./migration-lock.ts";
import { type MigrationOptions, makeMigrationSource } from "./migrations.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "./tables.ts";

/** What {@link migrate} and {@link rollback} work on. */
export interface MigrateOptions extends MigrationOptions {
  /** The database to migrate. */
  readonly knex: Knex;
  /** How long a busy database is waited for. */
  readonly retry?: RetryPolicy;
}

/**
 * Brings the plugin's tables up to date. Can be called by any number of processes concurrently; the
 * tables are ready when a call resolves.
 *
 * @throws StorageUnavailableError if the database does not respond.
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
 * Knex's migration lock is a row: a process that dies leaves it locked, and others then fail. The
 * holder of our lock may release a row that was left behind.
 */
function exclusively(
  { knex, retry = DEFAULT_RETRY_POLICY, ...options }: MigrateOptions,
  work: (trx: Knex, config: Knex.MigratorConfig) => Promise<void>,
): Promise<void> {
  const dialect = dialectOf(knex);
  const name = tablesOf(options.tablePrefix ?? DEFAULT_TABLE_PREFIX).migrations;
  const config = {
    migrationSource: makeMigrationSource(options),
    tableName: name,
    disableTransactions: true, // there is one around everything
    // A newer version may have added steps: this one works with them, and has to start.
    disableMigrationsListValidation: true,
  };
  // Knex's migrator takes the mapping of names away from whatever it is made of, and leaves it so.
  const own = knex.withUserParams({});
  return runExclusively({ knex: own, dialect, name, retry }, async (trx) => {
    await trx.migrate.list(config); // makes Knex's own tables
    if (dialect === "mysql") await trx.raw("BEGIN"); // making them has committed
    await trx.migrate.forceFreeMigrationsLock(config);
    await work(trx, config);
  });
}
