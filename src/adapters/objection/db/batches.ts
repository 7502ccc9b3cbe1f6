import type { Knex } from "knex";
import { settledWithin, type Wait } from "./concurrency.ts";
import type { Dialect } from "./dialect.ts";

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
export function coalesce<Key, Item>(
  write: (key: Key, items: readonly Item[]) => Promise<void>,
  most: number,
  wait: Wait = settledWithin,
): (key: Key, item: Item) => Promise<void> {
  const waiting = new Map<Key, Batch<Item>>();
  let turn: Promise<void> = Promise.resolve();
  let mayWait = true;

  async function writeBatch(key: Key, items: readonly Item[]): Promise<void> {
    if (waiting.get(key)?.items === items) waiting.delete(key);
    try {
      await write(key, items);
    } finally {
      mayWait = true;
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
      if (mayWait) mayWait = await wait(written);
    });
    waiting.set(key, { items, written });
    return written;
  };
}

/**
 * Deletes at most `limit` rows whose `column` is less than `before`, oldest first, in one
 * statement.
 *
 * @returns how many were deleted.
 */
export async function deleteBatch(
  db: Knex,
  dialect: Dialect,
  {
    table,
    key,
    column,
    before,
    limit,
  }: {
    readonly table: string;
    /** The primary key's columns. */
    readonly key: readonly string[];
    readonly column: string;
    readonly before: number;
    readonly limit: number;
  },
): Promise<number> {
  const old = db(table).where(column, "<", before).orderBy(column).limit(limit);
  // MySQL deletes by LIMIT but cannot select from the table it deletes from; the others, vice
  // versa.
  return dialect === "mysql"
    ? old.delete()
    : db(table)
        .whereIn([...key], old.select(...key))
        .delete();
}
