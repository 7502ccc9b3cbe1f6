import { z } from "zod";
import type { PendingTest } from "../../application/test-sign-in/pending-test.ts";
import { makePendingCookies, type PendingCookies, type PendingDeps } from "./pending-cookies.ts";
import { TenantField } from "./tenant-field.ts";

/** Pending login requests of a browser for test sign-ins. */
export type PendingTests = PendingCookies<PendingTest>;

/** Maximum number of login requests for tests that a browser keeps. */
const MAX_PENDING_TESTS = 2;

const Test = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
  testId: z.string().min(1).max(36),
  expiresAt: z.int(),
});

export function makePendingTests({ publicUrls, instance, clock }: PendingDeps): PendingTests {
  return makePendingCookies<PendingTest>({
    publicUrls,
    instance,
    clock,
    kind: "test",
    slots: MAX_PENDING_TESTS,
    parse: (json) => Test.safeParse(json).data,
  });
}
