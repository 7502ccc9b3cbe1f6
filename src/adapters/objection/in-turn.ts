/** The last work of each owner, done or not: what it failed with. */
const lastOf = new WeakMap<object, Promise<unknown>>();

/**
 * Runs `work` when all earlier work of `owner` is done: first come, first served.
 *
 * @param work is told what the work before it failed with; `undefined` when it did not.
 */
export function inTurn<T>(owner: object, work: (failureBefore: unknown) => Promise<T>): Promise<T> {
  const done = (lastOf.get(owner) ?? Promise.resolve()).then(work);
  lastOf.set(
    owner,
    done.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return done;
}
