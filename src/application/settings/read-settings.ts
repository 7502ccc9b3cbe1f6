import { UNSAVED_SETTINGS, type VersionedSettings } from "../../domain/settings.ts";
import type { SettingsFault } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import { type FindTested, testsOfEnabled } from "../test-sign-in/read-test-sign-in.ts";
import type { CheckSettings } from "./check-settings.ts";

/** Loads the settings of a tenant; version 0 with the defaults if none have been saved. */
export type LoadSettings = (tenant: TenantId) => Promise<VersionedSettings>;

export function makeLoadSettings({ settings }: { readonly settings: SettingsStore }): LoadSettings {
  return async (tenant) => (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
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

/** Loads the settings of a tenant, and checks them. */
export type ReadSettings = (tenant: TenantId) => Promise<SettingsRead>;

export function makeReadSettings({
  loadSettings,
  checkSettings,
  findTested,
}: {
  readonly loadSettings: LoadSettings;
  readonly checkSettings: CheckSettings;
  readonly findTested: FindTested;
}): ReadSettings {
  return async (tenant) => {
    const stored = await loadSettings(tenant);
    const [{ faults, warnings }, { tested }] = await Promise.all([
      checkSettings(tenant, stored.settings),
      testsOfEnabled(findTested, tenant, stored.settings),
    ]);
    return { stored, warnings: [...faults, ...warnings], tested };
  };
}
