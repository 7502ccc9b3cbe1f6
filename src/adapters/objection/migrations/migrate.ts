import { access } from "node:fs/promises";
import type { Knex } from "knex";
import type { SchemaState } from "../../../ports/unit-of-work.ts";
import { boundStatements, SIGN_IN_LIMITS } from "../db/bound-statements.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../db/database-session.ts";
import { dialectOf } from "../db/dialect.ts";
import { failureOf } from "../db/storage-errors.ts";
import { type HostUsers, ownUsers } from "../users/host-users.ts";
import { runExclusively } from "./migration-lock.ts";
import { type MigrationOptions, makeMigrationSource, makeMigrations } from "./migrations.ts";
import { DEFAULT_TABLE_PREFIX, tablesOf } from "./table-names.ts";

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

/** What {@link readSchemaState} looks at. */
export interface SchemaStateOptions extends MigrationOptions {
  /** The host's connection. */
  readonly knex: Knex;
  /** Mapping of the host's users, if the plugin has no tables for them. */
  readonly hostUsers?: HostUsers | undefined;
}

/**
 * Compares the database with the steps of this version. Where the host runs them with a migrator of
 * its own, whose books are elsewhere, the tables and columns of each step tell whether it has run.
 */
export async function readSchemaState({
  knex,
  hostUsers,
  ...options
}: SchemaStateOptions): Promise<SchemaState> {
  await requireFile(knex);
  const tables = tablesOf(options.tablePrefix ?? DEFAULT_TABLE_PREFIX);
  const { migrations } = tables;
  const booked = (await knex.schema.hasTable(migrations))
    ? await namesIn(knex, migrations)
    : undefined;
  const missing: string[] = [];
  const lost: string[] = [];
  const steps = makeMigrations(options);
  for (const { name, makes } of steps) {
    if (booked !== undefined && !booked.has(name)) {
      missing.push(name);
      continue;
    }
    const absent = await absentOf(knex, makes);
    if (booked === undefined && absent.length > 0) missing.push(name);
    else lost.push(...absent);
  }
  // Also those that are there: a lock on them keeps everybody out.
  const isComplete = missing.length === 0 && lost.length === 0;
  const own = options.userTables === true && isComplete ? ownUsers(tables) : undefined;
  const users = hostUsers ?? own;
  if (users !== undefined && !(await canReadUsers(knex, users))) lost.push(users.model.tableName);
  const known = new Set(steps.map(({ name }) => name));
  return {
    missing,
    newer: [...(booked ?? [])].filter((name) => !known.has(name)),
    lost: [...new Set(lost)],
  };
}

/**
 * With a write-ahead log, SQLite goes on in a file that has been deleted, and all of it is gone when
 * the process ends.
 *
 * @throws if the file of the database is not there.
 */
async function requireFile(knex: Knex): Promise<void> {
  if (dialectOf(knex) !== "sqlite") return;
  const attached: readonly { readonly name: string; readonly file: string | null }[] =
    await knex.raw("PRAGMA database_list");
  const { file } = attached.find(({ name }) => name === "main") ?? {};
  if (!file) return; // in memory
  try {
    await access(file);
  } catch (error) {
    // Deno may not let us look, which says nothing.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw error;
  }
}

async function namesIn(knex: Knex, migrations: string): Promise<ReadonlySet<string>> {
  const rows: readonly { readonly name: string }[] = await knex(migrations)
    .orderBy("id")
    .select("name");
  return new Set(rows.map(({ name }) => name));
}

async function absentOf(
  knex: Knex,
  makes: readonly { readonly table: string; readonly column?: string }[],
): Promise<readonly string[]> {
  const absent: string[] = [];
  for (const { table, column } of makes) {
    if (!(await knex.schema.hasTable(table))) absent.push(table);
    else if (column !== undefined && !(await knex.schema.hasColumn(table, column))) {
      absent.push(`${table}.${column}`);
    }
  }
  return absent;
}

/** The host's model may name a schema, which `hasTable` does not understand. */
async function canReadUsers(knex: Knex, { model, columns }: HostUsers): Promise<boolean> {
  // Who looks every few seconds must not take a connection each time until a lock ends.
  const bounded = boundStatements(knex, dialectOf(knex), SIGN_IN_LIMITS);
  try {
    await bounded(model.tableName).select(columns.id.name, columns.email).limit(1);
    return true;
  } catch (error) {
    if (failureOf(error) === "other") return false;
    throw error;
  }
}
