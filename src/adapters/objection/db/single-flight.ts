import { doneOrLate, type Wait } from "./settled-within.ts";

/**
 * Lets concurrent callers with the same key share one read. The read starts after each of them has
 * called, so none gets stale data; later callers join the next read.
 */
export function sharedReads<Key, Value>(
  read: (key: Key) => Promise<Value>,
  wait: Wait = doneOrLate,
): (key: Key) => Promise<Value> {
  const underWay = new Map<Key, Promise<Value>>();
  const waiting = new Map<Key, Promise<Value>>();

  const begin = (key: Key): Promise<Value> => {
    waiting.delete(key);
    const reading = read(key);
    const end = () => {
      if (underWay.get(key) === reading) underWay.delete(key);
    };
    underWay.set(key, reading);
    reading.then(end, end);
    return reading;
  };

  return (key) => {
    const joined = waiting.get(key);
    if (joined !== undefined) return joined;
    const before = underWay.get(key);
    if (before === undefined) return begin(key);
    const next = wait(before).then(() => begin(key));
    waiting.set(key, next);
    return next;
  };
}
