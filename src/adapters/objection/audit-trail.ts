import type { Knex } from "knex";
import type { AuditEntry, AuditFilter } from "../../domain/audit.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { type AuditTrail, REFUSALS_KEPT } from "../../ports/audit-trail.ts";
import { entryOf, rowOf } from "./audit-rows.ts";
import type { DatabaseSession } from "./database-session.ts";
import { deleteBatch } from "./delete-batch.ts";
import { AUDIT_COLUMNS, type AuditRow } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** The newest entries of a filter. */
interface Sought {
  readonly filter: AuditFilter;
  readonly after: string | undefined;
  readonly limit: number;
}

/** An audit trail, paged by key, with a ring for what strangers cause. */
export function makeAuditTrail({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): AuditTrail {
  const table = tables.audit;
  const insert = async (db: Knex, tenant: TenantId, entry: AuditEntry, slot?: number) => {
    await db(table).insert(rowOf(tenant, entry, slot));
  };

  function matching(db: Knex, tenant: TenantId, { filter, after, limit }: Sought) {
    const { email, reference, refused, from, until } = filter;
    const query = db(table)
      .where({ tenant })
      .orderBy("id", "desc")
      .limit(limit)
      .select(AUDIT_COLUMNS);
    if (after !== undefined) query.where("id", "<", after);
    if (refused !== undefined) query.whereNotNull("code");
    if (email !== undefined) query.where({ email });
    if (reference !== undefined) query.where({ reference });
    if (from !== undefined) query.where("at", ">=", from);
    if (until !== undefined) query.where("at", "<", until);
    return query;
  }

  /** One statement for each outcome: the index has them in order, of several it has not. */
  async function newest(db: Knex, tenant: TenantId, sought: Sought): Promise<readonly AuditRow[]> {
    const { outcomes } = sought.filter;
    if (outcomes === undefined) return matching(db, tenant, sought);
    const found: AuditRow[] = [];
    for (const outcome of new Set(outcomes)) {
      found.push(...(await matching(db, tenant, sought).where({ outcome })));
    }
    return found.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, sought.limit);
  }

  return {
    append: (tenant, entry) => session.run((db) => insert(db, tenant, entry)),
    appendRefusal: (tenant, entry) =>
      session.atomically(async (db) => {
        // The counter's row stays locked until the end: nobody else gets the same slot.
        const count = await countOneMore(db, tables.refusals, tenant);
        const slot = (count - 1) % REFUSALS_KEPT;
        await db(table).where({ tenant, ring_slot: slot }).delete();
        await insert(db, tenant, entry, slot);
      }),
    refusalCount: (tenant) => session.run((db) => countOf(db, tables.refusals, tenant)),
    page: (tenant, { filter, after, limit }) =>
      session.run(async (db) => {
        const rows = await newest(db, tenant, { filter, after, limit: limit + 1 });
        const entries = rows.slice(0, limit).map(entryOf);
        const last = entries.at(-1);
        return rows.length > limit && last !== undefined ? { entries, next: last.id } : { entries };
      }),
    purgeBefore: (before, limit) =>
      session.run((db) =>
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

async function countOneMore(db: Knex, table: string, tenant: TenantId): Promise<number> {
  await db(table)
    .insert({ tenant, refusals: 1 })
    .onConflict("tenant")
    .merge({ refusals: db.raw("?? + 1", [`${table}.refusals`]) });
  return countOf(db, table, tenant);
}

async function countOf(db: Knex, table: string, tenant: TenantId): Promise<number> {
  const row: unknown = await db(table).where({ tenant }).first("refusals");
  return typeof row === "object" && row !== null ? Number(Reflect.get(row, "refusals")) : 0;
}
