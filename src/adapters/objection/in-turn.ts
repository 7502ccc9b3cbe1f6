/** The last work of each owner, done or not. */
const lastOf = new WeakMap<object, Promise<unknown>>();

/** Runs `work` when all earlier work of `owner` is done: first come, first served. */
export function inTurn<T>(owner: object, work: () => Promise<T>): Promise<T> {
  const done = (lastOf.get(owner) ?? Promise.resolve()).then(work);
  lastOf.set(
    owner,
    done.catch(() => undefined),
  );
  return done;
}
