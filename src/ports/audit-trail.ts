import type { AuditEntry, AuditFilter, AuditOutcome } from "../domain/audit.ts";
import type { KnownUser } from "../domain/sign-in-decision.ts";
import type { TenantId } from "../domain/tenant.ts";

/** A page of the audit trail. */
export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** The `after` of the next page; absent on the last page. */
  readonly next?: string;
}

/** Number of entries with an outcome on a day. */
export interface DayCount {
  /** What happened. */
  readonly outcome: AuditOutcome;
  /** Beginning of the day in UTC, in milliseconds since the epoch. */
  readonly day: number;
  /** At least 1. */
  readonly count: number;
}

/** The audit trail that administrators read. */
export interface AuditTrail {
  /** Adds an entry, kept until {@link purgeBefore} deletes it. */
  append(tenant: TenantId, entry: AuditEntry): Promise<void>;
  /**
   * Adds the entry of a known user's sign-in like {@link append}, if the user still has the address
   * and is neither suspended nor deleted. Within a transaction it sees what others have committed
   * since `user` was looked up.
   *
   * @returns whether the entry was added.
   */
  appendSignIn(tenant: TenantId, entry: AuditEntry, user: KnownUser): Promise<boolean>;
  /**
   * Adds an entry caused by an unauthenticated request. Only the latest `REFUSALS_KEPT` per tenant
   * are kept; all are counted. This bounds what unauthenticated clients can make us store.
   */
  appendRefusal(tenant: TenantId, entry: AuditEntry): Promise<void>;
  /** Number of refusals so far, including those no longer kept. */
  refusalCount(tenant: TenantId): Promise<number>;
  /** Entries that match the filter, newest first by time, then by ID; paged. */
  page(
    tenant: TenantId,
    query: { readonly filter: AuditFilter; readonly after?: string; readonly limit: number },
  ): Promise<AuditPage>;
  /**
   * Counts entries by outcome and day, in any order; days without any are absent. For administrators
   * only: it reads an index of every entry that it counts.
   */
  countByDay(
    tenant: TenantId,
    range: {
      readonly outcomes: readonly AuditOutcome[];
      /** Milliseconds since the epoch. */
      readonly from: number;
      /** Exclusive, in milliseconds since the epoch. */
      readonly until: number;
    },
  ): Promise<readonly DayCount[]>;
  /**
   * Deletes at most `limit` entries of all tenants that are older than `before` (milliseconds since
   * the epoch).
   *
   * @returns the number of deleted entries.
   */
  purgeBefore(before: number, limit: number): Promise<number>;
}

/** Position of an entry in the trail; entries of one time are in the order of their IDs. */
export type AuditPosition = Pick<AuditEntry, "at" | "id">;

/** A position as the `next` of a page. */
export function formatPosition({ at, id }: AuditPosition): string {
  return `${at}.${id}`;
}

/** Reads what {@link formatPosition} wrote; `undefined` for anything else. */
export function parsePosition(text: string): AuditPosition | undefined {
  const [time = "", ...rest] = text.split(".");
  const position = { at: Number(time), id: rest.join(".") };
  return Number.isSafeInteger(position.at) && formatPosition(position) === text
    ? position
    : undefined;
}

/** Orders positions, newest first. */
export function newestFirst(one: AuditPosition, other: AuditPosition): number {
  return other.at - one.at || Number(one.id < other.id) - Number(one.id > other.id);
}

/** Maximum number of entries of unauthenticated requests kept per tenant. */
export const REFUSALS_KEPT = 1000;
