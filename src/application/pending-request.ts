import type { TenantId } from "../domain/tenant.ts";

/** A request to the identity provider that a browser has under way; kept by that browser, not by us. */
export interface PendingRequest {
  /** The ID of the message that we sent. */
  readonly requestId: string;
  readonly tenant: TenantId;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Those of `pending` that count for `tenant` at `now`. */
export function usablePending<T extends PendingRequest>(
  pending: readonly T[],
  tenant: TenantId,
  now: number,
): readonly T[] {
  return pending.filter((one) => one.tenant === tenant && one.expiresAt > now);
}
