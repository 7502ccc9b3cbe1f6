import { type AuditEntry, type AuditFilter, DAY_MS } from "../../domain/audit.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  type AuditTrail,
  type DayCount,
  formatPosition,
  newestFirst,
  parsePosition,
  REFUSALS_KEPT,
} from "../../ports/audit-trail.ts";
import { keyOf, type MemoryState } from "./memory-state.ts";

/** An audit trail over `state`. */
export function makeMemoryAudit({ state }: { readonly state: MemoryState }): AuditTrail {
  return {
    append: async (tenant, entry) => append(state, tenant, entry),
    appendSignIn: async (tenant, entry, { id, email }) => {
      const user = state.users.get(keyOf(tenant, id));
      const isThere = user?.email === email;
      if (!isThere || user.state === "suspended" || user.state === "deleted") return false;
      append(state, tenant, entry);
      return true;
    },
    appendRefusal: async (tenant, entry) => {
      const count = state.refusalCounts.get(tenant) ?? 0;
      const slot = keyOf(tenant, String(count % REFUSALS_KEPT));
      const replaced = state.refusalSlots.get(slot);
      append(state, tenant, entry);
      if (replaced !== undefined) state.audit.delete(keyOf(tenant, replaced));
      state.refusalSlots.set(slot, entry.id);
      state.refusalCounts.set(tenant, count + 1);
    },
    refusalCount: async (tenant) => state.refusalCounts.get(tenant) ?? 0,
    page: async (tenant, { filter, after, limit }) => {
      const start = after === undefined ? undefined : parsePosition(after);
      if (after !== undefined && start === undefined) return { entries: [] };
      const found = entriesOf(state, tenant)
        .filter((entry) => start === undefined || newestFirst(start, entry) < 0)
        .filter((entry) => matches(entry, filter))
        .slice(0, limit + 1);
      const entries = found.slice(0, limit);
      const last = entries.at(-1);
      return found.length > limit && last !== undefined
        ? { entries, next: formatPosition(last) }
        : { entries };
    },
    countByDay: async (tenant, { outcomes, from, until }) => {
      const counts = new Map<string, DayCount>();
      for (const entry of entriesOf(state, tenant)) {
        const { outcome, at } = entry;
        if (!matches(entry, { outcomes, from, until })) continue;
        const day = at - (at % DAY_MS);
        const key = `${outcome} ${day}`;
        counts.set(key, { outcome, day, count: (counts.get(key)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
    purgeBefore: async (before, limit) => {
      const old = [...state.audit.entries()]
        .filter(([, { entry }]) => entry.at < before)
        .slice(0, limit);
      for (const [key] of old) state.audit.delete(key);
      return old.length;
    },
  };
}

/** Every entry of a tenant, newest first. */
export function entriesOf(state: MemoryState, tenant: TenantId): readonly AuditEntry[] {
  return [...state.audit.entries()]
    .filter(([, row]) => row.tenant === tenant)
    .map(([, row]) => row.entry)
    .sort(newestFirst);
}

function append(state: MemoryState, tenant: TenantId, entry: AuditEntry): void {
  const key = keyOf(tenant, entry.id);
  if (state.audit.get(key) !== undefined) throw new Error(`audit entry ${entry.id} exists already`);
  state.audit.set(key, { tenant, entry });
}

function matches(entry: AuditEntry, filter: AuditFilter): boolean {
  return (
    (filter.outcomes === undefined || filter.outcomes.includes(entry.outcome)) &&
    (filter.refused === undefined || entry.code !== undefined) &&
    (filter.email === undefined || entry.email === filter.email) &&
    (filter.reference === undefined || entry.reference === filter.reference) &&
    (filter.from === undefined || entry.at >= filter.from) &&
    (filter.until === undefined || entry.at < filter.until)
  );
}
