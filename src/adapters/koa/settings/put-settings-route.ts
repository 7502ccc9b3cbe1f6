import type { SaveSettings } from "../../../application/settings/save-settings.ts";
import { UNSAVED_SETTINGS, type VersionedSettings } from "../../../domain/settings.ts";
import type { SettingsStore } from "../../../ports/settings-store.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { type HttpProblem, problem } from "../problems.ts";
import type { RequestBodies } from "../request-body.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import type { ParseSettings } from "../settings-document.ts";
import { matchesVersion } from "./if-match.ts";
import { settingsInvalid } from "./settings-problems.ts";
import { entityTag, settingsView } from "./settings-view.ts";

export interface PutSettingsRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly settings: SettingsStore;
  readonly parseSettings: ParseSettings;
  readonly saveSettings: SaveSettings;
}

/** `PUT /settings`: saves the whole document over the version that `If-Match` names. */
export function makePutSettingsRoute(deps: PutSettingsRouteDeps): Handler {
  const { adminGuard, bodies, settings, parseSettings, saveSettings } = deps;
  return async (ctx, place) => {
    const { tenant } = place;
    const administrator = await adminGuard.writing(ctx, place);
    // An unreadable body is reported before the version is checked (RFC 9110 section 13.2.1).
    const document = await bodies.json(ctx);
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    if (!matchesVersion(ctx, stored.version)) throw stale(stored);
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) throw settingsInvalid(parsed.faults);
    const saved = await saveSettings({
      tenant,
      settings: parsed.settings,
      expectedVersion: stored.version,
      by: administrator.id,
    });
    if (saved.kind === "conflict") throw stale(saved.current);
    if (saved.kind === "invalid") throw settingsInvalid(saved.faults);
    ctx.set("ETag", entityTag(saved.stored.version));
    sendJson(ctx, settingsView(saved, place));
  };
}

function stale({ version, savedBy, savedAt }: VersionedSettings): HttpProblem {
  const current = { version, ...(version === 0 ? {} : { savedBy, savedAt }) };
  return problem("settings-changed", { current }, { ETag: entityTag(version) });
}
