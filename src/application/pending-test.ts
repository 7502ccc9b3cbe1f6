import type { PendingRequest } from "./pending-request.ts";

/** A login request that a browser has under way for a test sign-in. */
export interface PendingTest extends PendingRequest {
  /** The test that awaits the answer. */
  readonly testId: string;
}
