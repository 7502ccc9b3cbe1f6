import type { RefreshState } from "../../../domain/metadata-refresh.ts";
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
import { parseTenantId, type TenantId } from "../../../domain/tenant.ts";
import type { RefreshStates } from "../../../ports/metadata-refresh.ts";
import type { SettingsStore } from "../../../ports/unit-of-work.ts";
import { singleFlight } from "../db/concurrency.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { insertIfAbsent } from "../db/upserts.ts";
import type { Tables } from "../migrations/table-names.ts";
import {
  REFRESH_COLUMNS,
  type RefreshRow,
  SETTINGS_COLUMNS,
  type SettingsRow,
  TENANT_SETTINGS_COLUMNS,
  type TenantSettingsRow,
} from "./rows.ts";

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
    list: ({ after, limit }) =>
      session.run(async (db) => {
        const rows: readonly TenantSettingsRow[] = await db(table)
          .where((where) => (after === undefined ? where : where.where("tenant", ">", after)))
          .orderBy("tenant")
          .limit(limit)
          .select(TENANT_SETTINGS_COLUMNS);
        return rows.flatMap((row) => {
          const tenant = parseTenantId(row.tenant);
          return tenant === undefined ? [] : [{ tenant, stored: versionedOf(row) }];
        });
      }),
  };
}

/** What is known of metadata, saved by comparing revisions in the statement that writes. */
export function makeRefreshStates({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): RefreshStates {
  const table = tables.refreshes;
  return {
    load: (tenant) =>
      session.run(async (db) => {
        const rows: readonly RefreshRow[] = await db(table)
          .where({ tenant })
          .select(REFRESH_COLUMNS);
        return rows.map(({ document }): RefreshState => JSON.parse(document));
      }),
    save: (tenant, next) =>
      session.run(async (db) => {
        const { connection, revision } = next;
        const document = JSON.stringify(next);
        if (revision === 1) {
          const rows = [{ tenant, connection, revision, document }];
          const key = ["tenant", "connection"] as const;
          return (await insertIfAbsent(db, session.dialect, { table, key, rows })) === undefined;
        }
        const saved = await db(table)
          .where({ tenant, connection, revision: revision - 1 })
          .update({ revision, document });
        return saved === 1;
      }),
    forget: (tenant, connection) =>
      session.run(async (db) => {
        await db(table).where({ tenant, connection }).delete();
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
