import type { TenantId } from "../domain/tenant.ts";

/** A logout request that a browser has under way; kept by that browser, not by us. */
export interface PendingLogout {
  /** The LogoutRequest's ID. */
  readonly requestId: string;
  readonly tenant: TenantId;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long the identity provider may take for a logout, in milliseconds. */
export const PENDING_LOGOUT_MS: number = 10 * 60 * 1000;
