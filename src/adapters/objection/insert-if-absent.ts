import type { Knex } from "knex";
import type { Dialect } from "./dialect.ts";
import { failureOf } from "./storage-errors.ts";

/**
 * Inserts a row unless one with its key is there; waits for a transaction that is just inserting it.
 *
 * On MySQL a duplicate is an error that undoes nothing but its own statement: INSERT IGNORE would
 * hide truncation too, and an upsert reports the same count for both outcomes.
 *
 * @returns whether it was inserted.
 */
export async function insertIfAbsent(
  db: Knex,
  dialect: Dialect,
  {
    table,
    key,
    row,
  }: {
    readonly table: string;
    readonly key: readonly [string, ...string[]];
    readonly row: Readonly<Record<string, string | number>>;
  },
): Promise<boolean> {
  if (dialect !== "mysql") {
    const inserted = await db(table)
      .insert(row)
      .onConflict([...key])
      .ignore()
      .returning(key[0]);
    return inserted.length > 0;
  }
  try {
    await db(table).insert(row);
    return true;
  } catch (error) {
    if (failureOf(error) === "duplicate") return false;
    throw error;
  }
}
