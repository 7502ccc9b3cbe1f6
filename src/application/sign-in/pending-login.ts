import type { PendingRequest } from "./pending-request.ts";

/** A pending login request of a browser. */
export interface PendingLogin extends PendingRequest {
  /** The version with which the connection had last changed when the request was made. */
  readonly connectionVersion: number;
  /** Return path: validated, same origin. */
  readonly returnTo?: string;
}

/** How long a request stays pending, in milliseconds. */
export const PENDING_LOGIN_MS: number = 10 * 60 * 1000;
