import type { PendingTest } from "../../../application/test-sign-in/pending-test.ts";
import type { HostContext } from "../host-callbacks.ts";
import { sendRedirect } from "../responses.ts";
import type { ShowPersonPage } from "../sign-in/person-pages.ts";
import type { Place } from "../tenant-context.ts";
import { testSignInUrl } from "./test-sign-in-routes.ts";

export interface TestSignInDoneDeps {
  /** Whether there is a page that shows the result of a test. */
  readonly settingsPage: boolean;
  readonly showPersonPage: ShowPersonPage;
}

/** Shows that a test sign-in is complete. */
export type TestSignInDone = (ctx: HostContext, place: Place, test: PendingTest) => Promise<void>;

export function makeTestSignInDone(deps: TestSignInDoneDeps): TestSignInDone {
  const { settingsPage, showPersonPage } = deps;
  return async (ctx, place, { testId }) => {
    if (settingsPage) return sendRedirect(ctx, 303, `${testSignInUrl(place, testId)}/result`);
    await showPersonPage(ctx, 200, {
      kind: "test-done",
      sentence: "The test sign-in is complete.",
      advice: "No one was signed in. You can close this window and return to the settings.",
    });
  };
}
