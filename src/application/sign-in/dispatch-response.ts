import type { TenantId } from "../../domain/tenant.ts";
import type { ServiceProvider } from "../../ports/identity-port.ts";
import type { CompleteTestSignIn } from "../test-sign-in/complete-test-sign-in.ts";
import type { HandleSamlResponse } from "./complete-sign-in.ts";
import type { PendingLogin, PendingTest } from "./pending-request.ts";
import type { Refusal, SignedIn } from "./sign-in-outcome.ts";

/** A message to the assertion consumer service. */
export interface ReceiveResponseInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  /** The decoded form body, not looked at before. */
  readonly form: unknown;
  /** Tests that this browser began, for all tenants; also answered and expired ones. */
  readonly pendingTests: readonly PendingTest[];
  /** Pending login requests of this browser, for all tenants. */
  readonly pendingLogins: readonly PendingLogin[];
}

/** A response that answered a test: no user is signed in. */
export interface Tested {
  readonly kind: "tested";
  readonly test: PendingTest;
}

/**
 * Handles a response as a test sign-in or as a sign-in.
 *
 * The test comes first: a response that claims to answer a pending test of this browser must never
 * sign a user in, even if the tested connection is the stored one. Every other response is a
 * sign-in, and the settings under test take no part in it.
 *
 * @throws StorageUnavailableError when the storage is not responding; nothing was stored.
 */
export type ReceiveResponse = (input: ReceiveResponseInput) => Promise<Tested | SignedIn | Refusal>;

export function makeReceiveResponse({
  completeTestSignIn,
  handleSamlResponse,
}: {
  readonly completeTestSignIn: CompleteTestSignIn;
  readonly handleSamlResponse: HandleSamlResponse;
}): ReceiveResponse {
  return async ({ pendingTests, pendingLogins, ...received }) => {
    const test = await completeTestSignIn({ ...received, pending: pendingTests });
    if (test !== undefined) return { kind: "tested", test };
    const cookiesCame = pendingTests.length + pendingLogins.length > 0;
    return handleSamlResponse({ ...received, pending: pendingLogins, cookiesCame });
  };
}
