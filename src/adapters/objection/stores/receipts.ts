import { createHash } from "node:crypto";
import type { Knex } from "knex";
import type { UserId } from "../../../domain/access.ts";
import { isPersistent, type Receipt, type ReceiptCount } from "../../../domain/receipt.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { formatPosition, parsePosition } from "../../../ports/audit-trail.ts";
import type { ReceiptPage, ReceiptQuery, ReceiptStore } from "../../../ports/user-directory.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import type { Dialect } from "../db/dialect.ts";
import type { Tables } from "../migrations/table-names.ts";
import { RECEIPT_COLUMNS, type ReceiptCountRow, type ReceiptRow } from "./rows.ts";

/** A receipt with whose it is. */
interface OwnedReceipt {
  readonly tenant: TenantId;
  readonly userId: UserId;
  readonly receipt: Receipt;
}

/** Stores the receipt of a user who has just been created. */
export async function addReceipt(
  db: Knex,
  { receipts }: Tables,
  { tenant, userId, receipt }: OwnedReceipt,
): Promise<void> {
  await db(receipts).insert({
    tenant,
    user_id: userId,
    assertion_id_hash: receipt.assertionIdHash,
    at: receipt.at,
    name_id_hash: isPersistent(receipt) ? hashOf(receipt) : null,
    role: receipt.role,
    connection: receipt.connection ?? null,
    document: JSON.stringify(receipt),
  });
}

/** Reads receipts; {@link addReceipt} writes them, with their users. */
export function makeReceiptStore({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): ReceiptStore {
  const table = tables.receipts;
  return {
    receiptOf: (tenant, userId) =>
      session.run(async (db) => {
        const row: ReceiptRow | undefined = await db(table)
          .where({ tenant, user_id: userId })
          .first(RECEIPT_COLUMNS);
        return row && receiptIn(row);
      }),
    receipts: (tenant, query) =>
      session.runLong((db) => pageOf(db, session.dialect, table, tenant, query)),
    receiptCount: (tenant) =>
      session.runLong(async (db) => {
        const [row] = await db(table).where({ tenant }).count({ count: "*" });
        return Number(row?.["count"] ?? 0);
      }),
    tallyReceipts: (tenant) =>
      session.runLong(async (db) => [
        ...(await countsOf(db, session.dialect, table, tenant, "with columns")),
        ...(await countsOf(db, session.dialect, table, tenant, "without columns")),
      ]),
    usersOfNameId: (tenant, subject, limit) =>
      session.run(async (db) => {
        const rows: readonly ReceiptRow[] = await db(table)
          .where({ tenant, name_id_hash: hashOf(subject) })
          .orderBy([
            { column: "at", order: "desc" },
            { column: "user_id", order: "desc" },
          ])
          .limit(limit)
          .select(RECEIPT_COLUMNS);
        return rows.map(({ user }) => user);
      }),
  };
}

async function pageOf(
  db: Knex,
  dialect: Dialect,
  table: string,
  tenant: TenantId,
  { filter, after: given, limit }: ReceiptQuery,
): Promise<ReceiptPage> {
  const after = given === undefined ? undefined : parsePosition(given);
  if (given !== undefined && after === undefined) return { receipts: [] };
  const { from, until, ...members } = filter;
  const query = db(table)
    .where({ tenant })
    .orderBy([
      { column: "at", order: "desc" },
      { column: "user_id", order: "desc" },
    ])
    .limit(limit + 1)
    .select(RECEIPT_COLUMNS);
  if (after !== undefined) {
    const { at, id } = after;
    query
      .where("at", "<=", at)
      .where((older) => older.where("at", "<", at).orWhere("user_id", "<", id));
  }
  if (from !== undefined) query.where("at", ">=", from);
  if (until !== undefined) query.where("at", "<", until);
  for (const [member, value] of Object.entries(members)) {
    query.whereRaw(`COALESCE(??, ${JSON_MEMBER[dialect](member)}) = ?`, [member, value]);
  }
  const rows: readonly ReceiptRow[] = await query;
  const receipts = rows
    .slice(0, limit)
    .map((row) => ({ userId: row.user, receipt: receiptIn(row) }));
  const last = receipts.at(-1);
  return rows.length > limit && last !== undefined
    ? { receipts, next: formatPosition({ at: last.receipt.at, id: last.userId }) }
    : { receipts };
}

/**
 * Counts receipts by an index that has everything that is counted. An earlier version, which may
 * still run, writes none of its columns: those receipts are read.
 */
async function countsOf(
  db: Knex,
  dialect: Dialect,
  table: string,
  tenant: TenantId,
  which: "with columns" | "without columns",
): Promise<readonly ReceiptCount[]> {
  const read = which === "without columns";
  const member = (name: string) => (read ? JSON_MEMBER[dialect](name) : name);
  const query = db(table)
    .where({ tenant })
    .select(
      db.raw(`${member("role")} AS role`),
      db.raw(`${member("connection")} AS connection`),
      db.raw(`${MONTH[dialect]} AS month`),
      db.raw("COUNT(*) AS users"),
    )
    .groupByRaw("1, 2, 3");
  const rows: readonly ReceiptCountRow[] = await (read
    ? query.whereNull("role")
    : query.whereNotNull("role"));
  return rows.map(({ role, connection, month, users }) => ({
    role,
    ...(typeof connection === "string" ? { connection } : {}),
    month,
    users: Number(users),
  }));
}

/** SQL for the month of `at` in UTC. */
const MONTH: Readonly<Record<Dialect, string>> = {
  sqlite: "strftime('%Y-%m', at / 1000, 'unixepoch')",
  postgres: "to_char(to_timestamp(at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM')",
  mysql: "DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL at DIV 1000 SECOND), '%Y-%m')",
};

/** SQL for a text member of the document; its name is one of ours. */
export const JSON_MEMBER: Readonly<Record<Dialect, (member: string) => string>> = {
  sqlite: (member) => `json_extract(document, '$.${member}')`,
  postgres: (member) => `document::jsonb ->> '${member}'`,
  mysql: (member) => `JSON_UNQUOTE(JSON_EXTRACT(document, '$.${member}'))`,
};

function receiptIn({ document }: ReceiptRow): Receipt {
  const receipt: Receipt = JSON.parse(document); // written by `addReceipt` only
  return receipt;
}

function hashOf({ issuer, nameId }: Pick<Receipt, "issuer" | "nameId">): string {
  return createHash("sha256")
    .update(JSON.stringify([issuer, nameId]))
    .digest("hex");
}
