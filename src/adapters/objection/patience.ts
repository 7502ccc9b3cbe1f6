import { setTimeout } from "node:timers/promises";

/** Waits for `work`, however it ends; resolves to whether it has ended. */
export type Wait = (work: Promise<unknown>) => Promise<boolean>;

/** How long one statement or transaction waits for another, which should take milliseconds. */
const PATIENCE_MS = 1000;

/** Waits until `work` is done, or takes too long: a connection that hangs must not stop others. */
export async function doneOrLate(
  work: Promise<unknown>,
  patienceMs: number = PATIENCE_MS,
): Promise<boolean> {
  const over = new AbortController();
  const late = setTimeout(patienceMs, false, { signal: over.signal, ref: false });
  const ended = () => true; // Whoever asked for that work is told of a failure.
  try {
    return await Promise.race([work.then(ended, ended), late]);
  } finally {
    over.abort();
  }
}
