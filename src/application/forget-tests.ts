import { RECEIVED_KEPT_MS, TEST_KEPT_MS } from "../domain/test-sign-in.ts";
import type { Clock } from "../ports/environment.ts";
import type { TestSignIns } from "../ports/test-sign-ins.ts";

/**
 * Forgets tests of every tenant whose time is over, and what was received about people before that.
 *
 * @returns how many tests were forgotten.
 */
export type ForgetTests = (options?: {
  /** Milliseconds since the epoch. Default: the current time. */
  readonly now?: number;
  /** The most tests of each kind in one call; 100 unless given. */
  readonly limit?: number;
}) => Promise<number>;

const LIMIT = 100;

/** Makes {@link ForgetTests}. */
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
