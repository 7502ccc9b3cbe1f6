import type { TenantId } from "../domain/tenant.ts";
import { isAwaited, TEST_PENDING_MS } from "../domain/test-sign-in.ts";
import type { Clock } from "../ports/environment.ts";
import type { IdentityPort, ServiceProvider } from "../ports/identity-port.ts";
import type { TestSignIns } from "../ports/test-sign-ins.ts";
import type { PendingTest } from "./pending-test.ts";

/** What {@link makeStartTestSignIn} needs. */
export interface StartTestSignInDeps {
  readonly testSignIns: TestSignIns;
  readonly identity: IdentityPort;
  readonly clock: Clock;
}

/** What came of it. */
export type TestSignInStarted =
  /** Where to send the browser, and what it must keep meanwhile. */
  | { readonly kind: "redirect"; readonly url: string; readonly pending: PendingTest }
  /** There is no such test of this administrator. */
  | { readonly kind: "unknown" }
  /** It has its answer, or was begun too long ago. */
  | { readonly kind: "over" };

/**
 * Sends the browser of whoever began a test to the identity provider. Starting again makes a new
 * login request for the same test: only the answer to the last one counts.
 */
export type StartTestSignIn = (input: {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  readonly id: string;
  /** The host's own ID of who asks. */
  readonly by: string;
}) => Promise<TestSignInStarted>;

/** Makes {@link StartTestSignIn}. */
export function makeStartTestSignIn(deps: StartTestSignInDeps): StartTestSignIn {
  const { testSignIns, identity, clock } = deps;
  return async ({ tenant, sp, id: testId, by }) => {
    const test = await testSignIns.find(tenant, testId);
    if (test === undefined || test.by !== by) return { kind: "unknown" };
    if (test.state !== "pending" || !isAwaited(test, clock.now())) return { kind: "over" };
    const { connection } = test.settings;
    if (connection === undefined)
      throw new Error("a test sign-in requires settings with a connection");
    const { id: requestId, url } = await identity.loginRequest(sp, connection);
    if (!(await testSignIns.restart(tenant, testId, requestId))) return { kind: "over" };
    const expiresAt = test.createdAt + TEST_PENDING_MS;
    return { kind: "redirect", url, pending: { requestId, tenant, testId, expiresAt } };
  };
}
