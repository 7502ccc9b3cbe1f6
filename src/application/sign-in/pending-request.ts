import type { TenantId } from "../../domain/tenant.ts";

/** A pending request to the identity provider, stored in the browser's cookie. */
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
