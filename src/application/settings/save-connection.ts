import type { Actor } from "../../domain/audit.ts";
import {
  type Connection,
  type ConnectionId,
  connectionById,
  type Settings,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../domain/settings.ts";
import type { SettingsFault } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { IdSource } from "../../ports/environment.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import { retryWhileRaced } from "../run-in-transaction.ts";
import type { SaveSettings } from "./save-settings.ts";

/** Names what a connection says: two that say the same have the same tag. */
export type TagConnection = (connection: Connection) => string;

export function makeTagConnection({ ids }: { readonly ids: IdSource }): TagConnection {
  return (connection) => ids.digest("connection", JSON.stringify(connection)).slice(0, 32);
}

/** A change of one connection, over what its administrator has read of it. */
export interface SaveConnectionInput {
  readonly tenant: TenantId;
  readonly connection: ConnectionId;
  /** Tag of the connection that was read; `undefined` if it must not exist. */
  readonly tag: string | undefined;
  /** Settings with the change in them; called again if others save meanwhile. */
  readonly change: (settings: Settings) => Promise<ChangedSettings>;
  /** The administrator. */
  readonly by: Actor;
}

/** Settings with a change, or why there are none. */
export type ChangedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** Result of {@link SaveConnection}. */
export type ConnectionSaved =
  | { readonly kind: "saved"; readonly stored: VersionedSettings }
  /** The connection is not the one that was read; nothing was changed. */
  | { readonly kind: "changed" }
  | { readonly kind: "unknown" }
  | { readonly kind: "invalid"; readonly faults: readonly SettingsFault[] };

/**
 * Saves one connection, whatever happens to the others: saves of other connections, and of what new
 * users get, are merged.
 */
export type SaveConnection = (input: SaveConnectionInput) => Promise<ConnectionSaved>;

export function makeSaveConnection({
  settings: store,
  saveSettings,
  tagConnection,
}: {
  readonly settings: SettingsStore;
  readonly saveSettings: SaveSettings;
  readonly tagConnection: TagConnection;
}): SaveConnection {
  async function attempt(input: SaveConnectionInput): Promise<ConnectionSaved | "raced"> {
    const { tenant, connection: id, tag, change, by } = input;
    const base = (await store.load(tenant)) ?? UNSAVED_SETTINGS;
    const current = connectionById(base.settings, id);
    if (current === undefined && tag !== undefined) return { kind: "unknown" };
    if (current !== undefined && tagConnection(current) !== tag) return { kind: "changed" };
    const changed = await change(base.settings);
    if (!changed.ok) return { kind: "invalid", faults: changed.faults };
    const saved = await saveSettings({
      tenant,
      settings: changed.settings,
      base,
      by,
      acceptUntested: true,
    });
    return saved.kind === "conflict" ? "raced" : saved;
  }

  return async (input) => (await retryWhileRaced(() => attempt(input))) ?? { kind: "changed" };
}

/** Settings in which only this connection lists a domain, which is shared no longer. */
export function withDomainMoved(settings: Settings, to: ConnectionId, domain: string): Settings {
  return {
    ...settings,
    sharedDomains: settings.sharedDomains.filter((shared) => shared !== domain),
    connections: settings.connections.map((one) => {
      const others = one.domains.filter((listed) => listed !== domain);
      if (one.id !== to)
        return others.length === one.domains.length ? one : { ...one, domains: others };
      return one.domains.includes(domain) ? one : { ...one, domains: [...one.domains, domain] };
    }),
  };
}
