import type { Knex } from "knex";
import { parseTenantId, type TenantId } from "../../../domain/tenant.ts";
import type { EventOutbox, SamlEvent, WaitingEvent } from "../../../ports/event-outbox.ts";
import { deleteBatch } from "../db/batches.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { DATABASE_SECONDS } from "../db/dialect.ts";
import { addToCounter } from "../db/upserts.ts";
import type { Tables } from "../migrations/table-names.ts";
import { EVENT_COLUMNS, type EventRow } from "./rows.ts";

/**
 * An outbox. The row of a tenant in the table of streams counts its events: a transaction that adds
 * one keeps that row locked until it ends, so positions are in the order of commits and what is read
 * has no gaps that fill later. The same row says who delivers, by the database's clock: each write of
 * a claim is conditional, which also holds between the nodes of a cluster, and needs no connection of
 * its own.
 */
export function makeEventOutbox({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): EventOutbox {
  const { events, eventStreams } = tables;
  const { dialect } = session;
  const now = DATABASE_SECONDS[dialect];
  const secondsFromNow = (db: Knex, seconds: number) => db.raw(`${now} + ?`, [seconds]);

  return {
    append: async (event) => {
      if (!session.inTransaction) throw new Error("append requires a unit of work");
      await session.run(async (db) => {
        const counter = { table: eventStreams, column: "events", tenant: event.tenant, more: 1 };
        const position = await addToCounter(db, dialect, counter);
        await db(events).insert(rowOf(event, position));
      });
    },
    nextTenant: (after) =>
      session.run(async (db) => {
        const query = db(events).orderBy("tenant").limit(1).select("tenant");
        if (after !== undefined) query.where("tenant", ">", after);
        const [row]: readonly Pick<EventRow, "tenant">[] = await query;
        return row && tenantOf(row.tenant);
      }),
    claim: (tenant, holder, leaseSeconds) =>
      session.run(async (db) => {
        const claimed = await db(eventStreams)
          .where({ tenant })
          .where("held_until", "<=", db.raw(now))
          .update({ holder, held_until: secondsFromNow(db, leaseSeconds) });
        return claimed === 1;
      }),
    waiting: (tenant, limit) =>
      session.run(async (db) => {
        const rows: readonly EventRow[] = await db(events)
          .where({ tenant })
          .orderBy("position")
          .limit(limit)
          .select(EVENT_COLUMNS);
        return rows.map(waitingOf);
      }),
    delivered: (tenant, holder, position, leaseSeconds) =>
      session.atomically(async (db) => {
        const extended = await db(eventStreams)
          .where({ tenant, holder })
          .update({ held_until: secondsFromNow(db, leaseSeconds) });
        if (extended !== 1) return false;
        await db(events).where({ tenant, position }).delete();
        return true;
      }),
    oldestAt: () =>
      session.run(async (db) => {
        const [row]: readonly Pick<EventRow, "at">[] = await db(events)
          .orderBy("at")
          .limit(1)
          .select("at");
        return row && Number(row.at);
      }),
    release: (tenant, holder) =>
      session.run(async (db) => {
        await db(eventStreams).where({ tenant, holder }).update({ holder: "", held_until: 0 });
      }),
    purgeBefore: (before, limit) =>
      session.runLong((db) =>
        deleteBatch(db, dialect, {
          table: events,
          key: ["tenant", "position"],
          column: "at",
          before,
          limit,
        }),
      ),
  };
}

function rowOf({ tenant, id, at, type, data }: SamlEvent, position: number) {
  return { tenant, position, id, at, type, data: JSON.stringify(data) };
}

function waitingOf(row: EventRow): WaitingEvent {
  // Written by `rowOf` only.
  const written = { type: row.type, data: JSON.parse(row.data) } as Pick<
    SamlEvent,
    "type" | "data"
  >;
  const event = { id: row.id, tenant: tenantOf(row.tenant), at: Number(row.at), ...written };
  return { position: Number(row.position), event: event as SamlEvent };
}

function tenantOf(text: string): TenantId {
  const tenant = parseTenantId(text);
  if (tenant === undefined) throw new Error(`not a tenant ID: ${text}`);
  return tenant;
}
