import type { VersionedSettings } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { SettingsStore } from "../../../ports/settings-store.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { insertIfAbsent } from "../db/insert-if-absent.ts";
import { sharedReads } from "../db/single-flight.ts";
import type { Tables } from "../migrations/tables.ts";
import { SETTINGS_COLUMNS, type SettingsRow, settingsOf } from "./rows.ts";

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
  const readTogether = session.inTransaction ? read : sharedReads(read);
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

function rowOf(tenant: TenantId, { settings, ...saved }: VersionedSettings) {
  return {
    tenant,
    version: saved.version,
    connection_version: saved.connectionVersion,
    document: JSON.stringify(settings),
    saved_at: saved.savedAt,
    saved_by: saved.savedBy,
  };
}

function versionedOf(row: SettingsRow): VersionedSettings {
  return {
    settings: settingsOf(row.document),
    version: Number(row.version),
    connectionVersion: Number(row.connection),
    savedAt: Number(row.at),
    savedBy: row.by,
  };
}
