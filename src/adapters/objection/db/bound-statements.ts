import { AsyncLocalStorage } from "node:async_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import type { Knex } from "knex";
import type { Dialect } from "./dialect.ts";

/** Time that is left for the transactions and statements of one piece of work. */
interface Budget {
  leftMs: number;
}

const budgets = new AsyncLocalStorage<Budget>();
/** The one that is running: after `end`, by `performance.now()`, none of its statements begins. */
const units = new AsyncLocalStorage<{ readonly end: number }>();

/**
 * Runs `work`, whose transactions and statements get `ms` milliseconds together, retries and waits
 * for a connection included. What `work` does between them costs nothing: a host's slow catalog must
 * not turn into a failure of the database.
 */
export function withinBudget<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return budgets.run({ leftMs: ms }, work);
}

/** Runs `work`, for which others wait as well, at the expense of no budget. */
export function besidesBudget<T>(work: () => Promise<T>): Promise<T> {
  return budgets.exit(() => units.exit(work));
}

/**
 * Runs one transaction or statement, with its retries.
 *
 * @param work receives its time: `mostMs`, or less if the budget has less.
 */
export async function spending<T>(mostMs: number, work: (ms: number) => Promise<T>): Promise<T> {
  const budget = budgets.getStore();
  if (budget === undefined) return work(mostMs);
  const start = performance.now();
  const ms = Math.min(mostMs, budget.leftMs);
  try {
    return await units.run({ end: start + ms }, () => work(ms));
  } finally {
    budget.leftMs -= performance.now() - start;
  }
}

/** Milliseconds in which the running unit may still begin statements. Infinity without a budget. */
function leftOfUnit(): number {
  const unit = units.getStore();
  return unit === undefined ? Number.POSITIVE_INFINITY : unit.end - performance.now();
}

/** How long the plugin waits for the database. */
export interface StatementLimits {
  /** For the answer to one statement, in milliseconds. Then its connection is given up. */
  readonly statementMs: number;
  /** For a connection of the pool, in milliseconds; the pool's own limit may be shorter. */
  readonly acquireMs: number;
  /**
   * For a lock, and for one statement, in seconds, as limits that the server keeps. Absent: the
   * server's own.
   */
  readonly server?: { readonly lockSeconds: number; readonly statementSeconds: number };
}

/** Statements of sign-ins. The server gives up first, so that its connection stays good. */
export const SIGN_IN_LIMITS: StatementLimits = {
  statementMs: 3000,
  acquireMs: 5000,
  server: { lockSeconds: 2, statementSeconds: 2.5 },
};

/** Statements over many rows: purging, and counting a tenant's users. No sign-in waits for them. */
export const LONG_LIMITS: StatementLimits = { statementMs: 60_000, acquireMs: 5000 };

/**
 * What the transactions of a whole sign-in may take together, in milliseconds. No statement begins
 * later, so a sign-in ends {@link StatementLimits.statementMs} after it, or {@link ENDING_MS} after
 * that if its last statement was a slow one.
 */
export const SIGN_IN_BUDGET_MS = 5000;

/** What a COMMIT or ROLLBACK gets in any case. */
const ENDING_MS = 500;

/** After how long a connection that may be dead, and has to answer nothing else, is. */
const PING_MS = 500;

/** What of a Knex client is used here. */
interface Client {
  query(connection: object, statement: string): Promise<unknown>;
  _query(connection: object, statement: Statement): Promise<unknown>;
  acquireConnection(): Promise<object>;
  releaseConnection(connection: object): Promise<void>;
  emit(event: string, ...args: readonly unknown[]): boolean;
}

interface Statement {
  readonly sql: string;
}

/** A connection that no longer answers; failures of this kind are 503. */
class NoAnswerError extends Error {
  readonly code = "ETIMEDOUT";

  constructor(what: string, ms: number) {
    super(`${what} within ${ms} ms`);
    this.name = "NoAnswerError";
  }
}

/**
 * A Knex over the pool of `knex` whose statements, BEGIN and COMMIT among them, are bounded in time.
 * A connection can die without a word (a firewall that forgets it, a host without power), and TCP
 * takes a quarter of an hour to notice. Such a connection is closed and never used again, and with it
 * those that have been idle since before. The limits of the server are set for the statement or the
 * transaction: the host's connections remain as they are, and a shorter limit of the host's counts.
 *
 * SQLite has no connections to lose, and a database in memory ends with its connection.
 */
export function boundStatements(knex: Knex, dialect: Dialect, limits: StatementLimits): Knex {
  if (dialect === "sqlite") return knex;
  const source: Client = knex.client;
  const bounded = knex.withUserParams(knex.userParams ?? {});
  const lastAnswers = new WeakMap<object, number>();
  const dead = new WeakSet<object>();
  let suspectBefore: number | undefined;

  function giveUp(connection: object, error: Error): void {
    dead.add(connection);
    Reflect.set(connection, "__knex__disposed", error); // the pool closes what has this
    streamOf(connection)?.destroy();
  }

  async function waitForAnswer(
    connection: object,
    answer: Promise<unknown>,
    ms: number,
  ): Promise<unknown> {
    const start = performance.now();
    const late = () => {
      suspectBefore = Math.max(suspectBefore ?? 0, start);
      const error = new NoAnswerError("the database did not answer", ms);
      giveUp(connection, error);
      return error;
    };
    try {
      return await within(answer, ms, late);
    } finally {
      if (!dead.has(connection)) lastAnswers.set(connection, performance.now());
    }
  }

  /** What has answered since the last silence began, or answers now, is alive. */
  async function isAlive(connection: object): Promise<boolean> {
    if (suspectBefore === undefined) return true;
    const last = lastAnswers.get(connection);
    if (last !== undefined) return last > suspectBefore;
    try {
      await waitForAnswer(connection, source.query(connection, "SELECT 1"), PING_MS);
      return true;
    } catch {
      return false;
    }
  }

  // Knex makes the client of a transaction from the constructor's prototype, so a class reaches both.
  const Base: new () => Client = bounded.client.constructor;
  class Bounded extends Base {
    override _query(connection: object, statement: Statement): Promise<unknown> {
      if (dead.has(connection)) {
        return Promise.reject(new NoAnswerError("the connection did not answer", 0));
      }
      const left = leftOfUnit();
      if (left <= 0 && !/^(?:COMMIT|ROLLBACK)\b/i.test(statement.sql)) {
        return Promise.reject(new NoAnswerError("the sign-in was not finished", SIGN_IN_BUDGET_MS));
      }
      const sql = underLimits(dialect, statement.sql, limits);
      const answer = super._query(connection, { ...statement, sql });
      const ms = Math.min(limits.statementMs, limits.statementMs + left);
      return waitForAnswer(connection, answer, Math.max(ms, ENDING_MS));
    }

    override async acquireConnection(): Promise<object> {
      for (;;) {
        const connection = await acquireWithin(
          source,
          Math.max(0, Math.min(limits.acquireMs, leftOfUnit())),
        );
        if (await isAlive(connection)) return connection;
        giveUp(connection, new NoAnswerError("the connection is given up: others fell silent", 0));
        await source.releaseConnection(connection);
      }
    }

    override releaseConnection(connection: object): Promise<void> {
      return source.releaseConnection(connection);
    }
  }
  Object.setPrototypeOf(bounded.client, Bounded.prototype);
  // Who listens to the host's Knex hears of the plugin's statements, too.
  bounded.client.emit = source.emit.bind(source);
  return bounded;
}

/** What comes too late goes back to the pool. */
async function acquireWithin(source: Client, ms: number): Promise<object> {
  let isLate = false;
  const acquired = source.acquireConnection().then(async (connection) => {
    if (isLate) await source.releaseConnection(connection);
    return connection;
  });
  return within(acquired, ms, () => {
    isLate = true;
    return new NoAnswerError("the pool gave no connection", ms);
  });
}

/** @param late the error, if `work` has not settled in time. */
async function within<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The statement under the server's limits, in one round trip. */
function underLimits(dialect: Dialect, sql: string, { server }: StatementLimits): string {
  if (server === undefined) return sql;
  const { lockSeconds, statementSeconds } = server;
  if (dialect === "postgres") {
    if (!/^BEGIN\b/i.test(sql)) return sql;
    return `${sql} ${shorter("lock_timeout", lockSeconds)} ${shorter("statement_timeout", statementSeconds)}`;
  }
  if (!/^\s*(?:select|insert|update|delete)\b/i.test(sql)) return sql;
  // MySQL, which has no such limits for one statement, takes this for a comment.
  const lock = `innodb_lock_wait_timeout=LEAST(@@innodb_lock_wait_timeout,${lockSeconds})`;
  const time = `max_statement_time=IF(@@max_statement_time>0,LEAST(@@max_statement_time,${statementSeconds}),${statementSeconds})`;
  return `/*M! SET STATEMENT ${lock},${time} FOR */ ${sql}`;
}

/** PostgreSQL: sets a limit for the transaction, unless the session has a shorter one. */
function shorter(name: string, seconds: number): string {
  const ms = seconds * 1000;
  return `SELECT set_config('${name}', '${ms}', true) WHERE current_setting('${name}')::interval NOT BETWEEN interval '1 ms' AND interval '${ms} ms';`;
}

/** The socket of node-postgres or mysql2. */
function streamOf(connection: object): { destroy(): void } | undefined {
  const protocol: unknown = Reflect.get(connection, "connection");
  const holder = typeof protocol === "object" && protocol !== null ? protocol : connection;
  const stream: unknown = Reflect.get(holder, "stream");
  return isDestroyable(stream) ? stream : undefined;
}

function isDestroyable(stream: unknown): stream is { destroy(): void } {
  return (
    typeof stream === "object" &&
    stream !== null &&
    typeof Reflect.get(stream, "destroy") === "function"
  );
}
