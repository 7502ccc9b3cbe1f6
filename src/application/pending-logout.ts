import type { PendingRequest } from "./pending-request.ts";

/** A logout request that a browser has under way. */
export type PendingLogout = PendingRequest;

/** How long the identity provider may take for a logout, in milliseconds. */
export const PENDING_LOGOUT_MS: number = 10 * 60 * 1000;
