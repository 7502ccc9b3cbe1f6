import type { PendingRequest } from "../sign-in/pending-request.ts";

/** A pending logout request of a browser. */
export type PendingLogout = PendingRequest;

/** How long the identity provider may take for a logout, in milliseconds. */
export const PENDING_LOGOUT_MS: number = 10 * 60 * 1000;
