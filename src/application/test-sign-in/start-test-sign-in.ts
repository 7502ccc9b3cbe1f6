import type { TenantId } from "../../domain/tenant.ts";
import { isAwaited, TEST_PENDING_MS } from "../../domain/test-sign-in.ts";
import type { Clock } from "../../ports/environment.ts";
import type { IdentityPort, ServiceProvider } from "../../ports/identity-port.ts";
import type { TestSignIns } from "../../ports/test-sign-ins.ts";
import type { PendingTest } from "./pending-test.ts";

export interface StartTestSignInDeps {
  readonly testSignIns: TestSignIns;
  readonly identity: IdentityPort;
  readonly clock: Clock;
}

/** The result. */
export type TestSignInStarted =
  /** URL to redirect the browser to, and the state that its cookie must keep. */
  | { readonly kind: "redirect"; readonly url: string; readonly pending: PendingTest }
  /** The test does not exist or belongs to another administrator. */
  | { readonly kind: "unknown" }
  /** The test has received its response or has expired. */
  | { readonly kind: "over" };

/**
 * Redirects the administrator who created a test to the identity provider. Starting again creates a
 * new login request for the same test; only the response to the last one counts.
 */
export type StartTestSignIn = (input: {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  readonly id: string;
  /** The host's ID of the administrator. */
  readonly by: string;
}) => Promise<TestSignInStarted>;

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
