import type { VersionedSettings } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";

/** Stores the settings of each tenant, latest version only. */
export interface SettingsStore {
  /** The latest settings, saved by any process; `undefined` if none have been saved. */
  load(tenant: TenantId): Promise<VersionedSettings | undefined>;
  /**
   * Saves `next` if the stored version is `next.version - 1` (0: nothing stored). Atomic.
   *
   * @returns whether it was saved; false if another version was saved concurrently.
   */
  save(tenant: TenantId, next: VersionedSettings): Promise<boolean>;
}
