import type { TenantId } from "../domain/tenant.ts";
import type { FinishedTestSignIn, PendingTestSignIn, TestSignIn } from "../domain/test-sign-in.ts";

/** What ends a test. */
export type TestOutcome = Pick<FinishedTestSignIn, "state" | "finishedAt" | "result">;

/** Keeps the test sign-ins of administrators, for a day. */
export interface TestSignIns {
  /** Adds a test. At most {@link TESTS_KEPT} are kept a tenant: the oldest give way. */
  add(tenant: TenantId, test: PendingTestSignIn): Promise<void>;
  /** The test of this ID; `undefined` when there is none (any more). */
  find(tenant: TenantId, id: string): Promise<TestSignIn | undefined>;
  /**
   * Names the login request whose answer a pending test awaits; an earlier one is void. Atomic.
   *
   * @returns whether there was a pending test of this ID.
   */
  restart(tenant: TenantId, id: string, requestId: string): Promise<boolean>;
  /**
   * Ends the pending test that awaits the answer to this very request. Atomic: of any number of
   * calls at once, for one test, one ends it.
   *
   * @returns whether this call did; otherwise nothing has changed.
   */
  finish(tenant: TenantId, id: string, requestId: string, outcome: TestOutcome): Promise<boolean>;
  /** The newest test that succeeded with settings of this digest and began at `since` or later. */
  succeeded(
    tenant: TenantId,
    digest: string,
    since: number,
  ): Promise<FinishedTestSignIn | undefined>;
  /**
   * Forgets what was received about people in tests of every tenant that began before `before`,
   * `limit` tests at most.
   *
   * @returns in how many tests something was forgotten.
   */
  forgetReceived(before: number, limit: number): Promise<number>;
  /**
   * Forgets tests of every tenant that began before `before`, `limit` at most.
   *
   * @returns how many were forgotten.
   */
  purgeBefore(before: number, limit: number): Promise<number>;
}

/** The most tests that are kept a tenant. */
export const TESTS_KEPT = 20;
