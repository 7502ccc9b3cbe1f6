import type { Knex } from "knex";
import type { Dialect } from "../db/dialect.ts";
import { driverErrorOf, failureOf, SQLITE_DUPLICATE } from "../db/storage-errors.ts";

/**
 * Whether `error` means that the address is taken: a duplicate in a unique key of which `column` is
 * a part. Other unique keys of the host are not mistaken for it.
 */
export async function isEmailConflict(
  error: unknown,
  {
    db,
    dialect,
    table,
    column,
  }: {
    readonly db: Knex;
    readonly dialect: Dialect;
    readonly table: string;
    readonly column: string;
  },
): Promise<boolean> {
  if (failureOf(error) !== "duplicate") return false;
  const { message, detail } = driverErrorOf(error);
  const name = nameInDatabase(db, column);
  switch (dialect) {
    case "sqlite": // UNIQUE constraint failed: users.tenant, users.email
      return (SQLITE_DUPLICATE.exec(message)?.[1] ?? "")
        .split(", ")
        .some((part) => part.split(".").pop() === name);
    case "postgres": // Key (tenant, email)=(acme, ada@example.test) already exists.
      return (detail.split(")=(")[0] ?? "").split(/[^\p{L}\p{N}_$]+/u).includes(name);
    case "mysql": {
      // Duplicate entry 'ada@example.test' for key 'users_email': MySQL 8 writes table.key.
      const key = /for key '(?:[^']*\.)?([^'.]+)'$/.exec(message)?.[1];
      const [own = table, database] = table.split(".").reverse();
      const parts = await db("information_schema.statistics")
        .whereRaw("table_schema = COALESCE(?, DATABASE())", [
          database === undefined ? null : nameInDatabase(db, database),
        ])
        .where({ table_name: nameInDatabase(db, own), index_name: key ?? "", column_name: name })
        .select(db.raw("1"));
      return parts.length > 0;
    }
  }
}

/** A name as the database's errors have it: the host's Knex may map names. */
export function nameInDatabase(db: Knex, name: string): string {
  return db.raw("??", [name]).toQuery().slice(1, -1);
}
