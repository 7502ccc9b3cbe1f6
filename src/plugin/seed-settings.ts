import { isDeepStrictEqual } from "node:util";
import type { ParseSettings } from "../adapters/settings-document/parse.ts";
import { retryWhileRaced } from "../application/run-in-transaction.ts";
import type { SaveSettings } from "../application/settings/save-settings.ts";
import { UNSAVED_SETTINGS, type VersionedSettings } from "../domain/settings.ts";
import type { SettingsFault } from "../domain/settings-rules.ts";
import { parseTenantId } from "../domain/tenant.ts";
import type { SettingsStore } from "../ports/unit-of-work.ts";

/** Maximum number of faults in an error's message; its `faults` has all. */
const MAX_NAMED = 20;

/** Thrown for invalid settings; nothing was saved. */
export class SettingsInvalidError extends Error {
  /** Stable code. */
  readonly code = "settings-invalid";
  /** Every fault, each at its path. */
  readonly faults: readonly SettingsFault[];

  /** With the first faults in its message. */
  constructor(faults: readonly SettingsFault[]) {
    const texts = faults
      .slice(0, MAX_NAMED)
      .map(({ path, message }) => `${path.join(".")}: ${message}`);
    const more = faults.length > MAX_NAMED ? `; ${faults.length - MAX_NAMED} more` : "";
    super(`the settings are invalid: ${texts.join("; ")}${more}`);
    this.name = "SettingsInvalidError";
    this.faults = faults;
  }
}

/** Saves settings from code, overwriting the stored ones. */
export type SeedSettings = (
  tenant: string,
  document: unknown,
  by: string,
) => Promise<VersionedSettings>;

export function makeSeedSettings({
  parseSettings,
  settings: store,
  saveSettings,
}: {
  readonly parseSettings: ParseSettings;
  readonly settings: SettingsStore;
  readonly saveSettings: SaveSettings;
}): SeedSettings {
  return async (raw, document, by) => {
    const tenant = parseTenantId(raw);
    if (tenant === undefined) throw new TypeError("tenant must be a valid tenant ID");
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) throw new SettingsInvalidError(parsed.faults);
    const { settings } = parsed;
    const seeded = await retryWhileRaced(async () => {
      const stored = (await store.load(tenant)) ?? UNSAVED_SETTINGS;
      // Hosts seed at every start: identical settings create no new version.
      if (stored.version > 0 && isDeepStrictEqual(stored.settings, settings)) return stored;
      const saved = await saveSettings({
        tenant,
        settings,
        base: stored,
        by: { id: by },
        acceptUntested: true,
        enforceUntested: true,
      });
      if (saved.kind === "invalid") throw new SettingsInvalidError(saved.faults);
      return saved.kind === "conflict" ? "raced" : saved.stored;
    });
    if (seeded !== undefined) return seeded;
    throw new Error("the settings changed concurrently at every attempt; giving up");
  };
}
