import { makeMemoryStores } from "../adapters/memory/memory-stores.ts";
import {
  checkIntegrity,
  type IntegrityAssumptions,
} from "../adapters/objection/integrity/integrity.ts";
import type { IntegrityFinding } from "../adapters/objection/integrity/integrity-queries.ts";
import { migrate } from "../adapters/objection/migrations/migrate.ts";
import { readSchemaState } from "../adapters/objection/migrations/schema-state.ts";
import { makeObjectionStores } from "../adapters/objection/objection-stores.ts";
import type { SchemaState } from "../ports/unit-of-work.ts";
import type { PluginOptions, Storage } from "./options.ts";

/** What a plugin does for its tables. */
interface Maintenance {
  migrate(): Promise<void>;
  checkIntegrity(assumptions?: IntegrityAssumptions): Promise<readonly IntegrityFinding[]>;
}

/** The storage that the options name. */
export function storageOf({ knex, storage, tablePrefix, hostUsers }: PluginOptions): Storage {
  if (knex === undefined) {
    return storage === undefined || storage === "memory" ? makeMemoryStores() : storage;
  }
  return makeObjectionStores({ knex, ...database({ tablePrefix, hostUsers }) });
}

/** Maintenance of the tables that the options name; does nothing without a database. */
export function maintenance(options: PluginOptions): Maintenance {
  const { knex, hostUsers } = options;
  if (knex === undefined) {
    return { migrate: async () => undefined, checkIntegrity: async () => [] };
  }
  const given = database({ tablePrefix: options.tablePrefix, hostUsers });
  return {
    migrate: () => migrate({ knex, ...given, userTables: hostUsers === undefined }),
    checkIntegrity: (assumptions) => checkIntegrity({ ...assumptions, knex, ...given }),
  };
}

/** Compares the tables with the migrations; finds nothing without a database. */
export async function schemaState({
  knex,
  tablePrefix,
  hostUsers,
}: PluginOptions): Promise<SchemaState> {
  if (knex === undefined) return { missing: [], newer: [], lost: [] };
  const given = database({ tablePrefix, hostUsers });
  return readSchemaState({ knex, ...given, userTables: hostUsers === undefined });
}

/** Leaves out what the host left out. */
function database({
  tablePrefix,
  hostUsers,
}: {
  readonly tablePrefix: PluginOptions["tablePrefix"] | undefined;
  readonly hostUsers: PluginOptions["hostUsers"] | undefined;
}): Pick<PluginOptions, "tablePrefix" | "hostUsers"> {
  return {
    ...(tablePrefix === undefined ? {} : { tablePrefix }),
    ...(hostUsers === undefined ? {} : { hostUsers }),
  };
}
