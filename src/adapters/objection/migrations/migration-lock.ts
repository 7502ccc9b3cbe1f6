import { randomUUID } from "node:crypto";
import { clearInterval, setInterval } from "node:timers";
import type { Knex } from "knex";
import { StorageUnavailableError } from "../../../ports/errors.ts";
import { type RetryPolicy, retrying } from "../db/database-session.ts";
import { DATABASE_SECONDS, type Dialect } from "../db/dialect.ts";
import { driverErrorOf } from "../db/storage-errors.ts";
import { transact } from "../db/transactions.ts";
import { insertIfAbsent } from "../db/upserts.ts";

/** How long a starting process waits for another that migrates, in seconds. */
const LOCK_SECONDS = 60;
/** After how long the lease of a process that died is free, in seconds. */
const LEASE_SECONDS = 60;
const RENEWAL_MS = 15_000;
const POLL_MS = 250;

/** What {@link runExclusively} locks. */
export interface ExclusiveOptions {
  readonly knex: Knex;
  readonly dialect: Dialect;
  /** The lock's name; also begins the name of the lease's table, where one is needed. */
  readonly name: string;
  readonly retry: RetryPolicy;
  /** Default: `lease` where the database's own locks do not exclude all other processes. */
  readonly by?: "database" | "lease";
}

/**
 * Runs `work` in one transaction while no other process runs work under the same name. The
 * database's own lock is used where it has one: it ends with its connection, and others wait for
 * it. Otherwise a row says who holds the lock, and for how long if its holder dies.
 *
 * @throws StorageUnavailableError when the lock is not free within a minute.
 */
export async function runExclusively(
  options: ExclusiveOptions,
  work: (trx: Knex) => Promise<void>,
): Promise<void> {
  const { knex, dialect, name, retry } = options;
  const by = options.by ?? (await retrying(retry, () => lockKindOf(knex, dialect)));
  const run = (inside: (trx: Knex) => Promise<void>) =>
    retrying(retry, (isLate) => transact(knex, dialect, inside, isLate));
  if (by === "lease") return withLease(options, () => run(work));
  return run((trx) => underLock(trx, dialect, name, () => work(trx)));
}

/**
 * Each Galera node has locks of its own; CockroachDB's `pg_advisory_xact_lock` does nothing, and
 * YugabyteDB's is missing or off in most of its versions.
 */
async function lockKindOf(knex: Knex, dialect: Dialect): Promise<"database" | "lease"> {
  switch (dialect) {
    case "sqlite":
      return "database";
    case "postgres": {
      const row: unknown = await knex.select(knex.raw("version() AS version")).first();
      return /CockroachDB|-YB-/.test(String(memberOf(row, "version"))) ? "lease" : "database";
    }
    case "mysql":
      try {
        const row: unknown = await knex.select(knex.raw("@@global.wsrep_on AS cluster")).first();
        return Number(memberOf(row, "cluster")) === 1 ? "lease" : "database";
      } catch (error) {
        if (driverErrorOf(error).code === "ER_UNKNOWN_SYSTEM_VARIABLE") return "database";
        throw error;
      }
  }
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
      if (Number(memberOf(locked, "locked")) !== 1) throw new StorageUnavailableError(LOCK_SECONDS);
      try {
        return await work();
      } finally {
        await trx.raw(`SELECT RELEASE_LOCK(${lock})`, [name]);
      }
    }
  }
}

/** Holds a committed lock row, visible to other nodes and processes. */
async function withLease(
  { knex, dialect, name, retry }: ExclusiveOptions,
  work: () => Promise<void>,
): Promise<void> {
  const table = `${name}_lease`;
  const holder = randomUUID();
  const now = DATABASE_SECONDS[dialect];
  const held = { holder, expires_at: knex.raw(`${now} + ${LEASE_SECONDS}`) };
  const acquire = () =>
    retrying(retry, () => knex(table).where("expires_at", "<", knex.raw(now)).update(held));
  await retrying(retry, () => makeLease(knex, dialect, table));
  const start = retry.elapsed();
  while ((await acquire()) !== 1) {
    if (retry.elapsed() - start > LOCK_SECONDS * 1000) {
      throw new StorageUnavailableError(LOCK_SECONDS);
    }
    await retry.wait(POLL_MS * (0.5 + retry.random()));
  }
  const renewal = setInterval(() => {
    // One that fails is followed by others before the lease is over.
    knex(table)
      .where({ holder })
      .update(held)
      .catch(() => undefined);
  }, RENEWAL_MS);
  renewal.unref();
  try {
    await work();
  } finally {
    clearInterval(renewal);
    await retrying(retry, () => knex(table).where({ holder }).update({ expires_at: 0 }));
  }
}

/** Makes the table with its one row, unless another process does it first. */
async function makeLease(knex: Knex, dialect: Dialect, table: string): Promise<void> {
  if (!(await knex.schema.hasTable(table))) {
    try {
      await knex.schema.createTable(table, (columns) => {
        columns.string("name", 16).notNullable().primary();
        columns.string("holder", 36).notNullable();
        columns.bigInteger("expires_at").notNullable();
      });
    } catch (error) {
      if (!(await knex.schema.hasTable(table))) throw error;
    }
  }
  const rows = [{ name: "migrate", holder: "", expires_at: 0 }];
  await insertIfAbsent(knex, dialect, { table, key: ["name"], rows });
}

function memberOf(row: unknown, column: string): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, column) : undefined;
}
