import type { ConnectionId } from "../../domain/settings.ts";
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

/** Those of `pending` for `tenant` that have expired at `now`. */
export function outdatedPending<T extends PendingRequest>(
  pending: readonly T[],
  tenant: TenantId,
  now: number,
): readonly T[] {
  return pending.filter((one) => one.tenant === tenant && one.expiresAt <= now);
}

/** A pending login request of a browser. */
export interface PendingLogin extends PendingRequest {
  /** The connection whose identity provider was asked; another one must not answer. */
  readonly connection: ConnectionId;
  /** The version with which the connection had last changed when the request was made. */
  readonly connectionVersion: number;
  /** Return path: validated, same origin. */
  readonly returnTo?: string;
}

/** How long a request stays pending, in milliseconds. */
export const PENDING_LOGIN_MS: number = 10 * 60 * 1000;

/** A pending logout request of a browser. */
export interface PendingLogout extends PendingRequest {
  /** The connection whose identity provider was asked; another one must not answer. */
  readonly connection: ConnectionId;
}

/** How long the identity provider may take for a logout, in milliseconds. */
export const PENDING_LOGOUT_MS: number = 10 * 60 * 1000;

/** A pending login request of a browser for a test sign-in. */
export interface PendingTest extends PendingRequest {
  /** The test that awaits the answer. */
  readonly testId: string;
}
