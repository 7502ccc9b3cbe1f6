import { setTimeout } from "node:timers/promises";

/** Waits until `work` has settled; resolves to whether it has. */
export type Wait = (work: Promise<unknown>) => Promise<boolean>;

/** How long a statement or transaction waits for another, which should take milliseconds. */
const PATIENCE_MS = 1000;

/** Waits until `work` has settled or times out: a connection that hangs must not block others. */
export async function doneOrLate(
  work: Promise<unknown>,
  patienceMs: number = PATIENCE_MS,
): Promise<boolean> {
  const over = new AbortController();
  const late = setTimeout(patienceMs, false, { signal: over.signal, ref: false });
  const ended = () => true; // The caller of that work gets its error.
  try {
    return await Promise.race([work.then(ended, ended), late]);
  } finally {
    over.abort();
  }
}
