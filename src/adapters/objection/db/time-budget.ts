import { AsyncLocalStorage } from "node:async_hooks";

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
export function leftOfUnit(): number {
  const unit = units.getStore();
  return unit === undefined ? Number.POSITIVE_INFINITY : unit.end - performance.now();
}
