import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";

/** Waits until `work` has settled; resolves to whether it has. */
export type Wait = (work: Promise<unknown>) => Promise<boolean>;

/** How long a statement or transaction waits for another, which should take milliseconds. */
const SETTLE_MS = 1000;

/** Waits until `work` has settled or times out: a connection that hangs must not block others. */
export async function settledWithin(
  work: Promise<unknown>,
  ms: number = SETTLE_MS,
): Promise<boolean> {
  const over = new AbortController();
  const late = setTimeout(ms, false, { signal: over.signal, ref: false });
  const ended = () => true; // The caller of that work gets its error.
  try {
    return await Promise.race([work.then(ended, ended), late]);
  } finally {
    over.abort();
  }
}

/**
 * Lets concurrent callers with the same key share one read. The read starts after each of them has
 * called, so none gets stale data; later callers join the next read.
 */
export function singleFlight<Key, Value>(
  read: (key: Key) => Promise<Value>,
  wait: Wait = settledWithin,
): (key: Key) => Promise<Value> {
  const running = new Map<Key, Promise<Value>>();
  const waiting = new Map<Key, Promise<Value>>();

  const begin = (key: Key): Promise<Value> => {
    waiting.delete(key);
    const reading = read(key);
    const end = () => {
      if (running.get(key) === reading) running.delete(key);
    };
    running.set(key, reading);
    reading.then(end, end);
    return reading;
  };

  return (key) => {
    const joined = waiting.get(key);
    if (joined !== undefined) return joined;
    const before = running.get(key);
    if (before === undefined) return begin(key);
    const next = wait(before).then(() => begin(key));
    waiting.set(key, next);
    return next;
  };
}

/** The last work of each owner, settled or not; resolves to its error. */
const lastOf = new WeakMap<object, Promise<unknown>>();

/** The running work. */
interface Turn {
  readonly owner: object;
  over: boolean;
}

const turns = new AsyncLocalStorage<Turn>();

/** Whether the caller runs within a turn whose end may wait for work that the caller starts. */
export function isSerialized(): boolean {
  return turns.getStore()?.over === false;
}

/**
 * Runs `work` after all earlier work of `owner`, in order. Work started within a turn does not wait
 * for the end of that turn, which may be waiting for it.
 *
 * @param work receives the error of the previous work; `undefined` if it succeeded.
 */
export function serialize<T>(
  owner: object,
  work: (failureBefore: unknown) => Promise<T>,
): Promise<T> {
  if (isSerialized() && turns.getStore()?.owner === owner) return work(undefined);
  const turn: Turn = { owner, over: false };
  const done = (lastOf.get(owner) ?? Promise.resolve())
    .then((failureBefore) => turns.run(turn, work, failureBefore))
    .finally(() => {
      turn.over = true;
    });
  lastOf.set(
    owner,
    done.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return done;
}
