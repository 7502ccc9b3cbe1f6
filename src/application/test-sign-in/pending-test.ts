import type { PendingRequest } from "../sign-in/pending-request.ts";

/** A pending login request of a browser for a test sign-in. */
export interface PendingTest extends PendingRequest {
  /** The test that awaits the answer. */
  readonly testId: string;
}
