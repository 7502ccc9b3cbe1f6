import type { VersionedSettings } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";

/** Keeps the settings of each tenant, the newest version only. */
export interface SettingsStore {
  /** The settings as last saved, by whichever process; `undefined` when nobody saved any. */
  load(tenant: TenantId): Promise<VersionedSettings | undefined>;
  /**
   * Saves `next` if the stored version is still `next.version - 1` (0: none is stored). Atomic.
   *
   * @returns whether it was saved; when not, somebody else saved meanwhile and nothing changed.
   */
  save(tenant: TenantId, next: VersionedSettings): Promise<boolean>;
}
