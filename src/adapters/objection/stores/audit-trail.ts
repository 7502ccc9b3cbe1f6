import type { Knex } from "knex";
import { type AuditEntry, type AuditFilter, DAY_MS } from "../../../domain/audit.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import {
  type AuditPosition,
  type AuditTrail,
  type DayCount,
  formatPosition,
  newestFirst,
  parsePosition,
  REFUSALS_KEPT,
} from "../../../ports/audit-trail.ts";
import { coalesce, deleteBatch } from "../db/batches.ts";
import { besidesBudget } from "../db/bound-statements.ts";
import { isSerialized } from "../db/concurrency.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { addToCounter } from "../db/upserts.ts";
import type { Tables } from "../migrations/table-names.ts";
import type { InsertWhereAllowed } from "../users/host-user-rows.ts";
import { AUDIT_COLUMNS, type AuditRow } from "./rows.ts";

/** Refusals that are written in one transaction. */
const MOST_IN_A_BATCH = 50;

/** The newest entries of a filter. */
interface Sought {
  readonly filter: AuditFilter;
  readonly after: AuditPosition | undefined;
  readonly limit: number;
}

/** An audit trail, paged by key, with a ring for refusals of unauthenticated requests. */
export function makeAuditTrail({
  session,
  tables,
  insertWhereAllowed,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
  readonly insertWhereAllowed: InsertWhereAllowed;
}): AuditTrail {
  const table = tables.audit;

  function matching(db: Knex, tenant: TenantId, { filter, after, limit }: Sought) {
    const { email, reference, refused, from, until } = filter;
    const query = db(table)
      .where({ tenant })
      .orderBy([
        { column: "at", order: "desc" },
        { column: "id", order: "desc" },
      ])
      .limit(limit)
      .select(AUDIT_COLUMNS);
    if (after !== undefined) {
      const { at, id } = after;
      // Of the two forms of this condition, all databases read only this one by the index.
      query
        .where("at", "<=", at)
        .where((older) => older.where("at", "<", at).orWhere("id", "<", id));
    }
    if (refused !== undefined) query.whereNotNull("code");
    if (email !== undefined) query.where({ email });
    if (reference !== undefined) query.where({ reference });
    if (from !== undefined) query.where("at", ">=", from);
    if (until !== undefined) query.where("at", "<", until);
    return query;
  }

  /** One statement for each outcome: the index has them in order, of several it has not. */
  async function newest(
    db: Knex,
    tenant: TenantId,
    sought: Sought,
  ): Promise<readonly AuditEntry[]> {
    const { outcomes } = sought.filter;
    const read = async (query: PromiseLike<readonly AuditRow[]>) => (await query).map(entryOf);
    if (outcomes === undefined) return read(matching(db, tenant, sought));
    const found: AuditEntry[] = [];
    for (const outcome of new Set(outcomes)) {
      found.push(...(await read(matching(db, tenant, sought).where({ outcome }))));
    }
    return found.sort(newestFirst).slice(0, sought.limit);
  }

  function insertRefusals(tenant: TenantId, entries: readonly AuditEntry[]): Promise<void> {
    return session.atomically(async (db) => {
      // The counter's row stays locked until the end, so no other transaction gets the same slots.
      const count = await addToCounter(db, session.dialect, {
        table: tables.refusals,
        column: "refusals",
        tenant,
        more: entries.length,
      });
      const slots = entries.map((_, index) => (count - entries.length + index) % REFUSALS_KEPT);
      await db(table).where({ tenant }).whereIn("ring_slot", slots).delete();
      await db(table).insert(entries.map((entry, index) => rowOf(tenant, entry, slots[index])));
    });
  }

  const insertAlone = (tenant: TenantId, entry: AuditEntry) => insertRefusals(tenant, [entry]);

  /** A flood of refusals must not use up the connections for sign-ins. */
  function makeAppendTogether(): AuditTrail["appendRefusal"] {
    const insertTogether = coalesce<TenantId, AuditEntry>(
      (tenant, entries) => besidesBudget(() => insertRefusals(tenant, entries)),
      MOST_IN_A_BATCH,
    );
    // Within a turn, others' refusals may be waiting for the caller's transaction to end.
    return (tenant, entry) => (isSerialized() ? insertAlone : insertTogether)(tenant, entry);
  }

  return {
    append: (tenant, entry) =>
      session.run(async (db) => {
        await db(table).insert(rowOf(tenant, entry));
      }),
    appendSignIn: (tenant, entry, user) =>
      insertWhereAllowed(session, { table, row: rowOf(tenant, entry), tenant, user }),
    appendRefusal: session.inTransaction ? insertAlone : makeAppendTogether(),
    refusalCount: (tenant) => session.run((db) => countOf(db, tables.refusals, tenant)),
    page: async (tenant, { filter, after: given, limit }) => {
      const after = given === undefined ? undefined : parsePosition(given);
      if (given !== undefined && after === undefined) return { entries: [] };
      const found = await session.run((db) =>
        newest(db, tenant, { filter, after, limit: limit + 1 }),
      );
      const entries = found.slice(0, limit);
      const last = entries.at(-1);
      return found.length > limit && last !== undefined
        ? { entries, next: formatPosition(last) }
        : { entries };
    },
    countByDay: (tenant, { outcomes, from, until }) =>
      session.runLong(async (db) => {
        const rows: readonly DayCount[] = await db(table)
          .where({ tenant })
          .whereIn("outcome", [...outcomes])
          .where("at", ">=", from)
          .where("at", "<", until)
          .groupBy("outcome", "day")
          // Remainders are the one division on which the three dialects agree.
          .select("outcome", db.raw(`?? - ?? % ${DAY_MS} AS ??`, ["at", "at", "day"]))
          .count({ count: "*" });
        return rows.map(({ outcome, day, count }) => ({
          outcome,
          day: Number(day),
          count: Number(count),
        }));
      }),
    purgeBefore: (before, limit) =>
      session.runLong((db) =>
        deleteBatch(db, session.dialect, {
          table,
          key: ["tenant", "id"],
          column: "at",
          before,
          limit,
        }),
      ),
  };
}

async function countOf(db: Knex, table: string, tenant: TenantId): Promise<number> {
  return refusalsOf(await db(table).where({ tenant }).first("refusals"));
}

function refusalsOf(row: unknown): number {
  return typeof row === "object" && row !== null ? Number(Reflect.get(row, "refusals")) : 0;
}

/** A row as it is written. */
type WrittenRow = Readonly<Record<string, string | number | null>>;

/** An entry as a row; `slot` is its place in the ring of refusals, if it belongs there. */
function rowOf(tenant: TenantId, entry: AuditEntry, slot?: number): WrittenRow {
  return {
    tenant,
    id: entry.id,
    reference: entry.reference,
    at: entry.at,
    outcome: entry.outcome,
    code: entry.code ?? null,
    email: entry.email ?? null,
    user_id: entry.userId ?? null,
    actor: entry.actor ?? null,
    detail: JSON.stringify(entry.detail),
    ring_slot: slot ?? null,
  };
}

/** The entry that {@link rowOf} wrote. */
function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    reference: row.reference,
    at: Number(row.at),
    // Written by `rowOf` only, from the same closed sets.
    outcome: row.outcome as AuditEntry["outcome"],
    detail: JSON.parse(row.detail),
    ...(row.code != null && { code: row.code as NonNullable<AuditEntry["code"]> }),
    ...(row.email != null && { email: row.email }),
    ...(row.user != null && { userId: row.user }),
    ...(row.actor != null && { actor: row.actor }),
  };
}
