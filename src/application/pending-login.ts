import type { PendingRequest } from "./pending-request.ts";

/** A login request that a browser has under way. */
export interface PendingLogin extends PendingRequest {
  /** The version with which the connection had last changed when the request was made. */
  readonly connectionVersion: number;
  /** Where the person wanted to go: a checked path of the same origin. */
  readonly returnTo?: string;
}

/** How long somebody may take at the identity provider, in milliseconds. */
export const PENDING_LOGIN_MS: number = 10 * 60 * 1000;
