import type { Knex } from "knex";
import { raw } from "objection";
import type { KnownUser } from "../../../domain/sign-in-decision.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import type { Dialect } from "../db/dialect.ts";
import { makeHostUserRows } from "./host-user-rows.ts";
import type { HostUsers } from "./host-users.ts";
import { toKey } from "./keys.ts";

/** A row that is to be inserted if the user may still sign in. */
interface GuardedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
  readonly tenant: TenantId;
  readonly user: KnownUser;
}

/** Inserts a row if the user may still sign in; returns whether it was inserted. */
export type InsertWhereAllowed = (
  session: DatabaseSession,
  guarded: GuardedRow,
) => Promise<boolean>;

/**
 * Inserts a row if the user still has the address and is neither suspended nor deleted: one
 * statement checks and inserts.
 *
 * @returns whether it was inserted.
 */
export async function insertWhereSignInAllowed(
  db: Knex,
  dialect: Dialect,
  { table, row, users, tenant, user }: GuardedRow & { readonly users: HostUsers },
): Promise<boolean> {
  const { id, email } = users.columns;
  const key = toKey(id.type, user.id);
  if (key === undefined) return false;
  const columns = Object.keys(row);
  const rows = makeHostUserRows(users);
  const source = rows
    .of(db, tenant)
    .where(id.name, key)
    .where(email, user.email)
    .modify(rows.takingSeats)
    .select(Object.values(row).map((value) => raw("?", [value])))
    .toKnexQuery();
  const { sql, bindings } = source.toSQL();
  const inserted = await db.raw(
    `INSERT INTO ?? (${columns.map(() => "??").join(", ")}) ${sql}${dialect === "sqlite" ? " RETURNING 1" : ""}`,
    [table, ...columns, ...bindings],
  );
  switch (dialect) {
    case "sqlite":
      return inserted.length > 0;
    case "postgres":
      return inserted.rowCount > 0;
    case "mysql":
      return inserted[0].affectedRows > 0;
  }
}
