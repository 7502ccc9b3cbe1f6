import type { AuditEntry, AuditFilter } from "../domain/audit.ts";
import type { TenantId } from "../domain/tenant.ts";

/** Part of the trail, newest first. */
export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** What to pass as `after` for older entries; absent on the last page. */
  readonly next?: string;
}

/** What happened, for administrators. */
export interface AuditTrail {
  /** Adds an entry for good (until the host's retention ends). */
  append(tenant: TenantId, entry: AuditEntry): Promise<void>;
  /**
   * Adds an entry that an anonymous request caused. At most `REFUSALS_KEPT` of these are kept a
   * tenant, the newest; all are counted. What strangers can make us store is bounded thereby.
   */
  appendRefusal(tenant: TenantId, entry: AuditEntry): Promise<void>;
  /** How many refusals there ever were, kept or not. */
  refusalCount(tenant: TenantId): Promise<number>;
  /** Entries by filter, newest first, paged by key. */
  page(
    tenant: TenantId,
    query: { readonly filter: AuditFilter; readonly after?: string; readonly limit: number },
  ): Promise<AuditPage>;
  /**
   * Forgets entries of every tenant from before `before`, `limit` at most.
   *
   * @returns how many were forgotten.
   */
  purgeBefore(before: number, limit: number): Promise<number>;
}

/** The most entries of anonymous requests that are kept a tenant. */
export const REFUSALS_KEPT = 1000;
