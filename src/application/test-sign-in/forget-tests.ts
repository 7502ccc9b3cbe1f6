import { RECEIVED_KEPT_MS, TEST_KEPT_MS } from "../../domain/test-sign-in.ts";
import type { Clock } from "../../ports/environment.ts";
import type { TestSignIns } from "../../ports/test-sign-ins.ts";

/**
 * Deletes expired tests of all tenants, and earlier their received personal data.
 *
 * @returns the number of deleted tests.
 */
export type ForgetTests = (options?: {
  /** Milliseconds since the epoch. Default: the current time. */
  readonly now?: number;
  /** Maximum number of tests of each kind per call. Default: 100. */
  readonly limit?: number;
}) => Promise<number>;

const LIMIT = 100;

export function makeForgetTests({
  testSignIns,
  clock,
}: {
  readonly testSignIns: TestSignIns;
  readonly clock: Clock;
}): ForgetTests {
  return async ({ now = clock.now(), limit = LIMIT } = {}) => {
    const forgotten = await testSignIns.purgeBefore(now - TEST_KEPT_MS, limit);
    await testSignIns.forgetReceived(now - RECEIVED_KEPT_MS, limit);
    return forgotten;
  };
}
