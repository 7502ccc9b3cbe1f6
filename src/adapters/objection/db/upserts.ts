import type { Knex } from "knex";
import type { Dialect } from "./dialect.ts";
import { failureOf } from "./storage-errors.ts";

/** A row whose key is of texts. */
export type KeyedRow<Key extends string> = Readonly<Record<Key, string>> &
  Readonly<Record<string, string | number | null>>;

/**
 * Inserts rows, each unless one with its key is there; waits for a transaction that is just
 * inserting it. When one was there, whether others are inserted is for the transaction to undo.
 *
 * On MySQL a duplicate is an error that undoes nothing but its own statement: INSERT IGNORE would
 * hide truncation too, and an upsert reports the same count for both outcomes.
 *
 * @returns the first of `rows` that was there before; `undefined` when all were inserted.
 */
export async function insertIfAbsent<Key extends string, Row extends KeyedRow<Key>>(
  db: Knex,
  dialect: Dialect,
  {
    table,
    key,
    rows,
  }: {
    readonly table: string;
    readonly key: readonly [Key, ...Key[]];
    readonly rows: readonly Row[];
  },
): Promise<Row | undefined> {
  const isAmong = (others: readonly unknown[]) => (row: Row) =>
    others.some((other) => key.every((column) => memberOf(other, column) === row[column]));
  if (dialect !== "mysql") {
    const inserted: readonly unknown[] = await db(table)
      .insert(rows)
      .onConflict([...key])
      .ignore()
      .returning([...key]);
    if (inserted.length === rows.length) return undefined;
    const isInserted = isAmong(inserted);
    return rows.find((row) => !isInserted(row));
  }
  try {
    await db(table).insert(rows);
    return undefined;
  } catch (error) {
    if (failureOf(error) !== "duplicate") throw error;
    if (rows.length === 1) return rows[0];
    const there = db(table).whereIn(
      [...key],
      rows.map((row) => key.map((column) => row[column])),
    );
    return rows.find(isAmong(await there.select(...key))) ?? rows[0];
  }
}

function memberOf(row: unknown, column: string): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, column) : undefined;
}

/**
 * Adds to a tenant's counter, which begins at 0; its row stays locked until the transaction ends.
 *
 * @returns the count with what was added.
 */
export async function addToCounter(
  db: Knex,
  dialect: Dialect,
  {
    table,
    column,
    tenant,
    more,
  }: {
    readonly table: string;
    /** One lower-case word. */
    readonly column: string;
    readonly tenant: string;
    readonly more: number;
  },
): Promise<number> {
  const counting = db(table)
    .insert({ tenant, [column]: more })
    .onConflict("tenant")
    .merge({ [column]: db.raw("?? + ?", [`${table}.${column}`, more]) });
  if (dialect === "mysql") {
    await counting;
    return Number(memberOf(await db(table).where({ tenant }).first(column), column));
  }
  const [row] = await counting.returning(column);
  return Number(memberOf(row, column));
}
