import {
  fromOneConnection,
  type OneConnectionSettings,
  toOneConnection,
} from "../../../domain/one-connection.ts";
import {
  type ConnectionId,
  DEFAULT_CONNECTION_ID,
  DEFAULT_SETTINGS,
  type Settings,
  type VersionedSettings,
} from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { SettingsStore } from "../../../ports/unit-of-work.ts";
import { singleFlight } from "../db/concurrency.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { insertIfAbsent } from "../db/upserts.ts";
import type { Tables } from "../migrations/tables.ts";
import { SETTINGS_COLUMNS, type SettingsRow } from "./rows.ts";

/** A settings store that saves by comparing versions in the statement that writes. */
export function makeSettingsStore({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): SettingsStore {
  const table = tables.settings;
  const read = (tenant: TenantId): Promise<SettingsRow | undefined> =>
    session.run((db) => db(table).where({ tenant }).first(SETTINGS_COLUMNS));
  const readTogether = session.inTransaction ? read : singleFlight(read);
  return {
    load: async (tenant) => {
      const row = await readTogether(tenant);
      // Each caller gets a copy: a host that changes its copy must not affect sign-ins.
      return row && versionedOf(row);
    },
    save: (tenant, next) =>
      session.run(async (db) => {
        const row = rowOf(tenant, next);
        if (next.version === 1) {
          const rows = [row];
          const stored = await insertIfAbsent(db, session.dialect, {
            table,
            key: ["tenant"],
            rows,
          });
          return stored === undefined;
        }
        const saved = await db(table)
          .where({ tenant, version: next.version - 1 })
          .update(row);
        return saved === 1;
      }),
  };
}

function rowOf(tenant: TenantId, { settings, connectionVersions, ...saved }: VersionedSettings) {
  const short = toOneConnection(settings);
  return {
    tenant,
    version: saved.version,
    // Versions that know one connection only read this one and the short form.
    connection_version: connectionVersions.get(DEFAULT_CONNECTION_ID) ?? saved.version,
    document: JSON.stringify(short ?? { ...settings, connectionVersions: [...connectionVersions] }),
    saved_at: saved.savedAt,
    saved_by: saved.savedBy,
  };
}

function versionedOf(row: SettingsRow): VersionedSettings {
  const stored: StoredSettings = JSON.parse(row.document);
  return {
    settings: storedSettings(stored),
    version: Number(row.version),
    connectionVersions:
      "connections" in stored
        ? new Map(stored.connectionVersions)
        : new Map([[DEFAULT_CONNECTION_ID, Number(row.connection)]]),
    savedAt: Number(row.at),
    savedBy: row.by,
  };
}

/** What {@link rowOf} writes, and versions before several connections wrote. */
type StoredSettings =
  | (Omit<OneConnectionSettings, "profile"> & Partial<Pick<OneConnectionSettings, "profile">>)
  | (Settings & { readonly connectionVersions?: readonly (readonly [ConnectionId, number])[] });

/** The settings in a stored document; what earlier versions did not have is what it is by default. */
export function storedSettings(stored: StoredSettings): Settings {
  const autoProvisioning = { ...DEFAULT_SETTINGS.autoProvisioning, ...stored.autoProvisioning };
  if (!("connections" in stored)) {
    return fromOneConnection({ ...stored, profile: stored.profile ?? {}, autoProvisioning });
  }
  const { connectionVersions: _, ...settings } = stored;
  return { ...DEFAULT_SETTINGS, ...settings, autoProvisioning };
}
