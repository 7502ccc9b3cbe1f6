import { makeMemoryStores } from "../adapters/memory/memory-stores.ts";
import {
  checkIntegrity,
  type IntegrityAssumptions,
} from "../adapters/objection/integrity/integrity.ts";
import type { IntegrityFinding } from "../adapters/objection/integrity/integrity-queries.ts";
import { migrate, readSchemaState } from "../adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../adapters/objection/objection-stores.ts";
import { defined } from "../domain/defined.ts";
import type { SchemaState } from "../ports/unit-of-work.ts";
import type { PluginOptions, Storage } from "./options.ts";

/** What a plugin does for its tables. */
interface Maintenance {
  migrate(): Promise<void>;
  checkIntegrity(assumptions?: IntegrityAssumptions): Promise<readonly IntegrityFinding[]>;
}

/** The storage that the options name. */
export function storageOf(options: PluginOptions): Storage {
  const { knex, storage } = options;
  if (knex === undefined) {
    return storage === undefined || storage === "memory" ? makeMemoryStores() : storage;
  }
  return makeObjectionStores({ knex, ...database(options) });
}

/** Maintenance of the tables that the options name; does nothing without a database. */
export function maintenance(options: PluginOptions): Maintenance {
  const { knex } = options;
  if (knex === undefined) {
    return { migrate: async () => undefined, checkIntegrity: async () => [] };
  }
  const given = database(options);
  return {
    migrate: () => migrate({ knex, ...given, userTables: hasOwnTables(options) }),
    checkIntegrity: (assumptions) => checkIntegrity({ ...assumptions, knex, ...given }),
  };
}

/** Compares the tables with the migrations; finds nothing without a database. */
export async function schemaState(options: PluginOptions): Promise<SchemaState> {
  const { knex } = options;
  if (knex === undefined) return { missing: [], newer: [], lost: [] };
  return readSchemaState({ knex, ...database(options), userTables: hasOwnTables(options) });
}

/** Whether the users are in tables of the plugin's. */
function hasOwnTables({ hostUsers, users }: PluginOptions): boolean {
  return hostUsers === undefined && users === undefined;
}

/** Leaves out what the host left out. */
function database({
  tablePrefix,
  hostUsers,
  users,
}: PluginOptions): Pick<PluginOptions, "tablePrefix" | "hostUsers" | "users"> {
  return defined({ tablePrefix, hostUsers, users });
}
