import type { TenantId } from "../domain/tenant.ts";
import type { FinishedTestSignIn, PendingTestSignIn, TestSignIn } from "../domain/test-sign-in.ts";

/** Result with which a test ends. */
export type TestOutcome = Pick<FinishedTestSignIn, "state" | "finishedAt" | "result">;

/** Stores the test sign-ins of administrators for a day. */
export interface TestSignIns {
  /** Adds a test. Only the latest {@link TESTS_KEPT} per tenant are kept. */
  add(tenant: TenantId, test: PendingTestSignIn): Promise<void>;
  /** The test with this ID; `undefined` if it does not exist or has been deleted. */
  find(tenant: TenantId, id: string): Promise<TestSignIn | undefined>;
  /**
   * Sets the login request of a pending test, replacing an earlier one. Atomic.
   *
   * @returns whether there is a pending test with this ID.
   */
  restart(tenant: TenantId, id: string, requestId: string): Promise<boolean>;
  /**
   * Ends the pending test of this request. Atomic: of concurrent calls for one test, exactly one
   * ends it.
   *
   * @returns whether this call ended it; otherwise nothing has changed.
   */
  finish(tenant: TenantId, id: string, requestId: string, outcome: TestOutcome): Promise<boolean>;
  /** The latest successful test of settings with this digest, started at `since` or later. */
  succeeded(
    tenant: TenantId,
    digest: string,
    since: number,
  ): Promise<FinishedTestSignIn | undefined>;
  /** The newest tests, at most `limit`, that started at `since` or later and keep received data. */
  received(tenant: TenantId, since: number, limit: number): Promise<readonly FinishedTestSignIn[]>;
  /**
   * Deletes the received personal data of at most `limit` tests of all tenants that started before
   * `before`.
   *
   * @returns the number of changed tests.
   */
  forgetReceived(before: number, limit: number): Promise<number>;
  /**
   * Deletes at most `limit` tests of all tenants that started before `before`.
   *
   * @returns the number of deleted tests.
   */
  purgeBefore(before: number, limit: number): Promise<number>;
}

/** Maximum number of tests kept per tenant. */
export const TESTS_KEPT = 20;
