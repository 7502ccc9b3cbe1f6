import type { Knex } from "knex";
import type { Dialect } from "./dialect.ts";

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
