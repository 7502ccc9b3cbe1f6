import { UNSAVED_SETTINGS } from "../../../domain/settings.ts";
import { DENIAL_SENTENCE } from "../../../domain/texts/explanations.ts";
import type { SettingsStore } from "../../../ports/settings-store.ts";
import { MAX_RETURN_TO } from "../pending-requests.ts";
import { sendJson, wantsPage } from "../responses.ts";
import { returnPath } from "../return-path.ts";
import type { Handler } from "../route.ts";
import type { PublicUrls } from "../tenant-context.ts";
import type { ShowPersonPage } from "./person-pages.ts";

/** `GET /sign-in?returnTo=`: a plain page to begin from, or the word that sign-in is off. */
export function makeSignInPageRoute({
  settings,
  publicUrls,
  showPersonPage,
}: {
  readonly settings: SettingsStore;
  readonly publicUrls: PublicUrls;
  readonly showPersonPage: ShowPersonPage;
}): Handler {
  return async (ctx, { tenant, root }) => {
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const { enabled } = stored.settings;
    const returnTo = returnPath(ctx.query["returnTo"], publicUrls.origin, MAX_RETURN_TO);
    const query = returnTo === undefined ? "" : `?returnTo=${encodeURIComponent(returnTo)}`;
    const loginUrl = `${root}/login${query}`;
    if (!wantsPage(ctx)) return sendJson(ctx, enabled ? { enabled, loginUrl } : { enabled });
    if (enabled) {
      return showPersonPage(ctx, 200, { kind: "start", sentence: "Sign in", advice: "", loginUrl });
    }
    return showPersonPage(ctx, 403, {
      kind: "refused",
      what: "sign-in",
      reason: "sso-disabled",
      sentence: DENIAL_SENTENCE["sso-disabled"],
      advice: "Sign in another way, or ask an administrator for help.",
    });
  };
}
