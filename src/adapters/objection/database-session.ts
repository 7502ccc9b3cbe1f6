import type { Knex } from "knex";
import type { Dialect } from "./dialect.ts";
import { failureOf, translated } from "./storage-errors.ts";
import { transact } from "./transactions.ts";

/** How long work that was in the way of other work is tried again. */
export interface RetryPolicy {
  /** How often work is run, the first time included. */
  readonly attempts: number;
  /** After how long work is not run again, in milliseconds: waiting for locks takes its time, too. */
  readonly budgetMs: number;
  /** The longest first pause, in milliseconds; it doubles with every attempt. */
  readonly firstPauseMs: number;
  /** The longest pause, in milliseconds. */
  readonly longestPauseMs: number;
  /** Lets `ms` milliseconds pass. */
  readonly wait: (ms: number) => Promise<void>;
  /** Milliseconds that have passed since some moment. */
  readonly elapsed: () => number;
  /** At least 0, less than 1: what makes rivals come back at different times. */
  readonly random: () => number;
  /** What callers are told when the storage is not responding, in seconds. */
  readonly retryAfterSeconds: number;
}

/** Eight attempts over some two seconds; none after five. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 8,
  budgetMs: 5000,
  firstPauseMs: 20,
  longestPauseMs: 500,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  elapsed: () => performance.now(),
  random: Math.random,
  retryAfterSeconds: 5,
};

/** Where statements go: straight to the database, or into a transaction that is open. */
export interface DatabaseSession {
  /** The database's family. */
  readonly dialect: Dialect;
  /** Whether there is a transaction already. */
  readonly inTransaction: boolean;
  /** Runs one statement. */
  run<T>(statement: (db: Knex) => Promise<T>): Promise<T>;
  /** Runs several statements, all or nothing. */
  atomically<T>(work: (db: Knex) => Promise<T>): Promise<T>;
}

/** A session straight to the database: tries again, and says when the storage is not responding. */
export function makeDatabaseSession({
  knex,
  dialect,
  retry,
}: {
  readonly knex: Knex;
  readonly dialect: Dialect;
  readonly retry: RetryPolicy;
}): DatabaseSession {
  return {
    dialect,
    inTransaction: false,
    run: (statement) => retrying(retry, () => statement(knex)),
    atomically: (work) => retrying(retry, (isLate) => transact(knex, dialect, work, isLate)),
  };
}

/** A session within `trx`: failures end the transaction, and whoever runs it tries again. */
export function makeTransactionSession(trx: Knex, dialect: Dialect): DatabaseSession {
  return {
    dialect,
    inTransaction: true,
    run: (statement) => statement(trx),
    atomically: (work) => work(trx),
  };
}

/**
 * Runs `work` until it is not in the way of other work any more.
 *
 * @param work can ask whether its time is up, so that it would not be run again.
 * @throws StorageUnavailableError when the storage is not responding or every attempt failed.
 */
export async function retrying<T>(
  policy: RetryPolicy,
  work: (isLate: () => boolean) => Promise<T>,
): Promise<T> {
  const end = policy.elapsed() + policy.budgetMs;
  const isLate = (): boolean => policy.elapsed() >= end;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(isLate);
    } catch (error) {
      const exhausted = attempt >= policy.attempts || isLate();
      if (failureOf(error) !== "transient" || exhausted) {
        throw translated(error, policy.retryAfterSeconds);
      }
    }
    const longest = Math.min(policy.firstPauseMs * 2 ** (attempt - 1), policy.longestPauseMs);
    await policy.wait(longest * (0.5 + policy.random() / 2));
  }
}
