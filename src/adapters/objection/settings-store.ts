import { DEFAULT_SETTINGS, type VersionedSettings } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { SettingsStore } from "../../ports/settings-store.ts";
import type { DatabaseSession } from "./database-session.ts";
import { insertIfAbsent } from "./insert-if-absent.ts";
import type { Models, SettingsRow } from "./models.ts";

/** A settings store that saves by comparing versions in the statement that writes. */
export function makeSettingsStore({
  session,
  models,
}: {
  readonly session: DatabaseSession;
  readonly models: Models;
}): SettingsStore {
  const { Settings } = models;
  return {
    load: (tenant) =>
      session.run(async (db) => {
        const row = await Settings.query(db).findById(tenant);
        return row && versionedOf(row);
      }),
    save: (tenant, next) =>
      session.run(async (db) => {
        const row = rowOf(tenant, next);
        if (next.version === 1) {
          const table = Settings.tableName;
          const rows = [row];
          const stored = await insertIfAbsent(db, session.dialect, {
            table,
            key: ["tenant"],
            rows,
          });
          return stored === undefined;
        }
        const saved = await Settings.query(db)
          .where({ tenant, version: next.version - 1 })
          .patch(row);
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
    // Written by `rowOf` only; what earlier versions did not have yet is what it is by default.
    settings: { ...DEFAULT_SETTINGS, ...JSON.parse(row.document) },
    version: row.version,
    connectionVersion: row.connection_version,
    savedAt: Number(row.saved_at),
    savedBy: row.saved_by,
  };
}
