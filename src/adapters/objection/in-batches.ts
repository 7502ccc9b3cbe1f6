import { doneOrLate, type Wait } from "./patience.ts";

/** Items of one key that are written together. */
interface Batch<Item> {
  readonly items: Item[];
  readonly written: Promise<void>;
}

/**
 * Writes one batch after the other. What comes while a batch is being written waits, and goes into
 * the next one with all that has the same key: however much comes at once, it takes one connection.
 *
 * @param write stores all items or none.
 * @param most the most items of a batch.
 * @returns gives an item to be written; resolves when it is, rejects when its batch was not.
 */
export function inBatches<Key, Item>(
  write: (key: Key, items: readonly Item[]) => Promise<void>,
  most: number,
  wait: Wait = doneOrLate,
): (key: Key, item: Item) => Promise<void> {
  const waiting = new Map<Key, Batch<Item>>();
  let last: Promise<void> = Promise.resolve();
  return (key, item) => {
    const open = waiting.get(key);
    if (open !== undefined && open.items.length < most) {
      open.items.push(item);
      return open.written;
    }
    const items = [item];
    const written = wait(last).then(() => {
      if (waiting.get(key)?.items === items) waiting.delete(key);
      return write(key, items);
    });
    last = written;
    waiting.set(key, { items, written });
    return written;
  };
}
