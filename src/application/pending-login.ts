import type { TenantId } from "../domain/tenant.ts";

/** A login request that a browser has under way; kept by that browser, not by us. */
export interface PendingLogin {
  /** The AuthnRequest's ID. */
  readonly requestId: string;
  readonly tenant: TenantId;
  /** The version with which the connection had last changed when the request was made. */
  readonly connectionVersion: number;
  /** Where the person wanted to go: a checked path of the same origin. */
  readonly returnTo?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long somebody may take at the identity provider, in milliseconds. */
export const PENDING_LOGIN_MS: number = 10 * 60 * 1000;

/** Those of `pending` that count for `tenant` at `now`. */
export function usablePending<T extends Pick<PendingLogin, "tenant" | "expiresAt">>(
  pending: readonly T[],
  tenant: TenantId,
  now: number,
): readonly T[] {
  return pending.filter((one) => one.tenant === tenant && one.expiresAt > now);
}
