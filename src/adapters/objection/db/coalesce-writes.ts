import { doneOrLate, type Wait } from "./settled-within.ts";

/** Items of one key that are written together. */
interface Batch<Item> {
  readonly items: Item[];
  readonly written: Promise<void>;
}

/**
 * Coalesces writes: one batch at a time. Items that arrive while a batch is written wait and go
 * into the next batch of their key, so that any number of concurrent writes uses one connection.
 *
 * @param write stores all items or none.
 * @param most maximum number of items of a batch.
 * @returns a function that writes an item; it resolves when the item is stored and rejects if its
 * batch failed.
 */
export function inBatches<Key, Item>(
  write: (key: Key, items: readonly Item[]) => Promise<void>,
  most: number,
  wait: Wait = doneOrLate,
): (key: Key, item: Item) => Promise<void> {
  const waiting = new Map<Key, Batch<Item>>();
  let turn: Promise<void> = Promise.resolve();
  let isPatient = true;

  async function writeBatch(key: Key, items: readonly Item[]): Promise<void> {
    if (waiting.get(key)?.items === items) waiting.delete(key);
    try {
      await write(key, items);
    } finally {
      isPatient = true;
    }
  }

  return (key, item) => {
    const open = waiting.get(key);
    if (open !== undefined && open.items.length < most) {
      open.items.push(item);
      return open.written;
    }
    const items = [item];
    const written = turn.then(() => writeBatch(key, items));
    turn = turn.then(async () => {
      // A queue may be long while writes get done. When one hangs, those who wait do not wait for
      // each other as well.
      if (isPatient) isPatient = await wait(written);
    });
    waiting.set(key, { items, written });
    return written;
  };
}
