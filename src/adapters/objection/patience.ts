import { setTimeout } from "node:timers/promises";

/** Resolves when waiting for `work` is over, however `work` ends. */
export type Wait = (work: Promise<unknown>) => Promise<void>;

/** How long one statement or transaction waits for another, which should take milliseconds. */
const PATIENCE_MS = 1000;

/** Waits until `work` is done, or takes too long: a connection that hangs must not stop others. */
export async function doneOrLate(
  work: Promise<unknown>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const over = new AbortController();
  const late = setTimeout(patienceMs, undefined, { signal: over.signal, ref: false });
  try {
    await Promise.race([work, late]);
  } catch {
    // Whoever asked for that work is told.
  } finally {
    over.abort();
  }
}
