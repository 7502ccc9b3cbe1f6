import type { SettingsStore } from "../../ports/settings-store.ts";
import type { MemoryState } from "./memory-state.ts";

/** A settings store over `state`. */
export function makeMemorySettings({ state }: { readonly state: MemoryState }): SettingsStore {
  return {
    load: async (tenant) => state.settings.get(tenant),
    save: async (tenant, next) => {
      const current = state.settings.get(tenant)?.version ?? 0;
      if (current !== next.version - 1) return false;
      state.settings.set(tenant, next);
      return true;
    },
  };
}
