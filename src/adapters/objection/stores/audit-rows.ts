import type { AuditEntry } from "../../../domain/audit.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { AuditRow } from "./rows.ts";

/** A row as it is written. */
type Row = Readonly<Record<string, string | number | null>>;

/** An entry as a row; `slot` is its place in the ring of refusals, if it belongs there. */
export function rowOf(tenant: TenantId, entry: AuditEntry, slot?: number): Row {
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
export function entryOf(row: AuditRow): AuditEntry {
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
