import type { Knex } from "knex";
import { boundStatements, LONG_LIMITS, SIGN_IN_LIMITS, spending } from "./bound-statements.ts";
import type { Dialect } from "./dialect.ts";
import { failureOf, translateError } from "./storage-errors.ts";
import { transact } from "./transactions.ts";

/** How often and how long transactions are retried after conflicts. */
export interface RetryPolicy {
  /** Maximum number of attempts, including the first. */
  readonly attempts: number;
  /** Time within which a retry must be expected to end, in milliseconds. */
  readonly budgetMs: number;
  /** Longest first pause, in milliseconds; doubles with every attempt. */
  readonly firstPauseMs: number;
  /** Longest pause, in milliseconds. */
  readonly longestPauseMs: number;
  /** Waits for `ms` milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** Monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
  /**
   * Random number, at least 0 and less than 1, so that competing transactions retry at different
   * times.
   */
  readonly random: () => number;
  /** `retryAfterSeconds` of {@link StorageUnavailableError}. */
  readonly retryAfterSeconds: number;
}

/** Eight attempts; none that would, taking as long as the one before, end after five seconds. */
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

/** Runs statements directly or in an open transaction. */
export interface DatabaseSession {
  /** SQL dialect. */
  readonly dialect: Dialect;
  /** Whether a transaction is open. */
  readonly inTransaction: boolean;
  /** Runs one statement. */
  run<T>(statement: (db: Knex) => Promise<T>): Promise<T>;
  /** The same for a statement over many rows, for which no sign-in waits. */
  runLong<T>(statement: (db: Knex) => Promise<T>): Promise<T>;
  /** Runs several statements atomically. */
  atomically<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  /** Runs statements that read in a transaction, without SQLite's lock for writers. */
  reading<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  /** The same for statements over many rows, for which no sign-in waits. */
  readingLong<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
}

/** A session without an open transaction. Retries, and throws if the storage does not respond. */
export function makeDatabaseSession({
  knex,
  dialect,
  retry,
}: {
  readonly knex: Knex;
  readonly dialect: Dialect;
  readonly retry: RetryPolicy;
}): DatabaseSession {
  const bounded = boundStatements(knex, dialect, SIGN_IN_LIMITS);
  const patient = boundStatements(knex, dialect, LONG_LIMITS);
  return {
    dialect,
    inTransaction: false,
    run: (statement) => retrying(retry, () => statement(bounded)),
    runLong: (statement) => retrying(retry, () => statement(patient)),
    atomically: (work) => retrying(retry, (isLate) => transact(bounded, dialect, work, isLate)),
    reading: (work) => retrying(retry, () => bounded.transaction(work)),
    readingLong: (work) => retrying(retry, () => patient.transaction(work)),
  };
}

/** A session within `trx`. Failures end the transaction; its owner retries. */
export function makeTransactionSession(trx: Knex.Transaction, dialect: Dialect): DatabaseSession {
  return {
    dialect,
    inTransaction: true,
    run: (statement) => statement(trx),
    runLong: (statement) => statement(trx),
    atomically: (work) => work(trx),
    reading: (work) => work(trx),
    readingLong: (work) => work(trx),
  };
}

/**
 * Runs `work` and retries it after conflicts with other transactions.
 *
 * @param work can check whether its time is up and it would not be retried.
 * @throws StorageUnavailableError if the storage does not respond or all attempts fail.
 */
export function retrying<T>(
  policy: RetryPolicy,
  work: (isLate: () => boolean) => Promise<T>,
): Promise<T> {
  return spending(policy.budgetMs, (ms) => retryingFor(ms, policy, work));
}

async function retryingFor<T>(
  ms: number,
  policy: RetryPolicy,
  work: (isLate: () => boolean) => Promise<T>,
): Promise<T> {
  const end = policy.elapsed() + ms;
  const isLate = (): boolean => policy.elapsed() >= end;
  for (let attempt = 1; ; attempt += 1) {
    const start = policy.elapsed();
    try {
      return await work(isLate);
    } catch (error) {
      // The next attempt is expected to wait for the same lock for as long.
      const now = policy.elapsed();
      const exhausted = attempt >= policy.attempts || now + (now - start) >= end;
      if (failureOf(error) !== "transient" || exhausted) {
        throw translateError(error, policy.retryAfterSeconds);
      }
    }
    const longest = Math.min(policy.firstPauseMs * 2 ** (attempt - 1), policy.longestPauseMs);
    await policy.wait(longest * (0.5 + policy.random() / 2));
  }
}
