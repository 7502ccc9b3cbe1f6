import type { ReadSettings } from "../../../application/settings/read-settings.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { entityTag, settingsView } from "./settings-view.ts";

export interface GetSettingsRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly readSettings: ReadSettings;
}

/** `GET /settings`: the settings document with an `ETag`. */
export function makeGetSettingsRoute(deps: GetSettingsRouteDeps): Handler {
  const { adminGuard, readSettings } = deps;
  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    const read = await readSettings(place.tenant);
    ctx.set("ETag", entityTag(read.stored.version));
    sendJson(ctx, settingsView(read, place));
  };
}
