import { UNSAVED_SETTINGS, type VersionedSettings } from "../../domain/settings.ts";
import type { SettingsFault } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { SettingsStore } from "../../ports/settings-store.ts";
import type { FindTestedSettings } from "../test-sign-in/find-tested-settings.ts";
import type { CheckSettings } from "./check-settings.ts";

export interface ReadSettingsDeps {
  readonly settings: SettingsStore;
  readonly checkSettings: CheckSettings;
  readonly findTestedSettings: FindTestedSettings;
}

/** Settings with what an administrator should know of them. */
export interface SettingsRead {
  readonly stored: VersionedSettings;
  /**
   * What will be in trouble, and what is by now: a role that is gone, a certificate that expired.
   */
  readonly warnings: readonly SettingsFault[];
  /** Whether a recent test sign-in proves that they work. */
  readonly tested: boolean;
}

/** Reads the settings of a tenant; version 0 with the defaults if none have been saved. */
export type ReadSettings = (tenant: TenantId) => Promise<SettingsRead>;

export function makeReadSettings(deps: ReadSettingsDeps): ReadSettings {
  const { settings, checkSettings, findTestedSettings } = deps;
  return async (tenant) => {
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const [{ faults, warnings }, { tested }] = await Promise.all([
      checkSettings(tenant, stored.settings),
      findTestedSettings(tenant, stored.settings),
    ]);
    return { stored, warnings: [...faults, ...warnings], tested };
  };
}
