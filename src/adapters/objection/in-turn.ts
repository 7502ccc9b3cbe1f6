import { AsyncLocalStorage } from "node:async_hooks";

/** The last work of each owner, done or not: what it failed with. */
const lastOf = new WeakMap<object, Promise<unknown>>();

/** Work whose turn it is. */
interface Turn {
  readonly owner: object;
  over: boolean;
}

const turns = new AsyncLocalStorage<Turn>();

/** Whether the caller is within a turn, the end of which may be waiting for what the caller begins. */
export function isInTurn(): boolean {
  return turns.getStore()?.over === false;
}

/**
 * Runs `work` when all earlier work of `owner` is done: first come, first served. What is begun
 * within a turn is not kept waiting for the end of that turn, which may be waiting for it.
 *
 * @param work is told what the work before it failed with; `undefined` when it did not.
 */
export function inTurn<T>(owner: object, work: (failureBefore: unknown) => Promise<T>): Promise<T> {
  if (isInTurn() && turns.getStore()?.owner === owner) return work(undefined);
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
