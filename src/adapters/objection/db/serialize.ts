import { AsyncLocalStorage } from "node:async_hooks";

/** The last work of each owner, settled or not; resolves to its error. */
const lastOf = new WeakMap<object, Promise<unknown>>();

/** The running work. */
interface Turn {
  readonly owner: object;
  over: boolean;
}

const turns = new AsyncLocalStorage<Turn>();

/** Whether the caller runs within a turn whose end may wait for work that the caller starts. */
export function isInTurn(): boolean {
  return turns.getStore()?.over === false;
}

/**
 * Runs `work` after all earlier work of `owner`, in order. Work started within a turn does not wait
 * for the end of that turn, which may be waiting for it.
 *
 * @param work receives the error of the previous work; `undefined` if it succeeded.
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
