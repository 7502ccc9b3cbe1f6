import type { Knex } from "knex";
import { dialectOf } from "../db/dialect.ts";
import { columnsOf } from "../users/keys.ts";
import { DEFAULT_TABLE_PREFIX, type Tables, tablesOf } from "./table-names.ts";

/** Options of the migrations. */
export interface MigrationOptions {
  /** Prefix of the table names. Default: `saml_jit_`. */
  readonly tablePrefix?: string;
  /** Whether to create user tables, for hosts without users. Default: false. */
  readonly userTables?: boolean;
}

/** One step of the schema, forwards and back. */
export interface Migration {
  /** Stable; unique to the prefix. */
  readonly name: string;
  /** Harmless when it ran before, wholly or in part: MySQL has no transactional DDL. */
  up(db: Knex): Promise<void>;
  /** Takes away what `up` made, with everything in it. */
  down(db: Knex): Promise<void>;
}

/** A step, and the tables or columns by which it is recognized. */
export interface RecognizableMigration extends Migration {
  /** Tables and columns that the step makes. */
  readonly makes: readonly { readonly table: string; readonly column?: string }[];
}

/** Every step of the schema, in order. A host may call them from migration files of its own. */
export function makeMigrations({
  tablePrefix = DEFAULT_TABLE_PREFIX,
  userTables = false,
}: MigrationOptions = {}): readonly RecognizableMigration[] {
  const tables = tablesOf(tablePrefix);
  const creating = (
    name: string,
    definitions: readonly TableDefinition[],
  ): RecognizableMigration => ({
    name: `${tablePrefix}${name}`,
    makes: definitions.map((definition) => ({ table: definition.name })),
    up: (db) => createAll(db, definitions),
    down: (db) => dropAll(db, definitions),
  });
  const stores = creating("001_stores", storeTables(tables));
  const users = creating("002_users", ownUserTables(tables));
  const tests = creating("003_test_sign_ins", testSignInTables(tables));
  const seatLock: RecognizableMigration = {
    name: `${tablePrefix}004_seat_lock`,
    makes: [{ table: tables.settings, column: "seat_lock" }],
    up: (db) => addSeatLock(db, tables.settings),
    down: (db) => dropSeatLock(db, tables.settings),
  };
  const events = creating("005_events", eventTables(tables));
  const seatLocks: RecognizableMigration = {
    name: `${tablePrefix}006_seat_locks`,
    makes: [{ table: tables.seatLocks }],
    up: (db) => createSeatLocks(db, tables.seatLocks),
    down: async () => undefined, // instances with other prefixes need it
  };
  const proofs = creating("007_domain_proofs", domainProofTables(tables));
  const refreshes = creating("009_refreshes", refreshTables(tables));
  const nameIds: RecognizableMigration = {
    name: `${tablePrefix}008_receipts_by_name_id`,
    makes: [{ table: tables.receipts, column: "name_id_hash" }],
    up: (db) => addNameIdHash(db, tables.receipts),
    down: (db) => dropNameIdHash(db, tables.receipts),
  };
  const receiptCounts: RecognizableMigration = {
    name: `${tablePrefix}010_receipt_counts`,
    makes: [{ table: tables.receipts, column: "role" }],
    up: (db) => addCountedColumns(db, tables.receipts),
    down: (db) => dropCountedColumns(db, tables.receipts),
  };
  return [
    stores,
    ...(userTables ? [users] : []),
    tests,
    seatLock,
    events,
    seatLocks,
    proofs,
    nameIds,
    refreshes,
    receiptCounts,
  ];
}

/** The steps for the `migrationSource` of a host's knexfile. */
export function makeMigrationSource(
  options: MigrationOptions = {},
): Knex.MigrationSource<Migration> {
  const migrations = makeMigrations(options);
  return {
    getMigrations: async () => [...migrations],
    getMigrationName: ({ name }) => name,
    getMigration: async ({ up, down }) => ({ up, down }),
  };
}

interface TableDefinition {
  readonly name: string;
  readonly define: (table: Knex.CreateTableBuilder, db: Knex) => void;
}

async function createAll(db: Knex, definitions: readonly TableDefinition[]): Promise<void> {
  for (const { name, define } of definitions) {
    if (await db.schema.hasTable(name)) continue;
    await db.schema.createTable(name, (table) => {
      if (dialectOf(db) === "mysql") table.engine("InnoDB"); // MyISAM has neither transactions nor row locks
      define(table, db);
    });
  }
}

async function dropAll(db: Knex, definitions: readonly TableDefinition[]): Promise<void> {
  for (const { name } of [...definitions].reverse()) await db.schema.dropTableIfExists(name);
}

/** Two prefixes may be migrated at the same time; each has its own lock around its steps. */
async function createSeatLocks(db: Knex, name: string): Promise<void> {
  const dialect = dialectOf(db);
  if (await db.schema.hasTable(name)) return;
  if (dialect === "postgres") {
    await db.raw("SELECT pg_advisory_xact_lock(hashtext(?))", [name]);
    if (await db.schema.hasTable(name)) return;
  }
  try {
    await createAll(db, [
      {
        name,
        define: (table) => {
          columnsOf(table, dialect).exact("tenant", 64).notNullable();
          table.bigInteger("taken").notNullable();
          table.primary(["tenant"]);
        },
      },
    ]);
  } catch (error) {
    // On MySQL a failed statement ends no transaction.
    if (dialect !== "mysql" || !(await db.schema.hasTable(name))) throw error;
  }
}

/** Incremented by every transaction that takes a seat; see `lockSeats`. */
async function addSeatLock(db: Knex, settings: string): Promise<void> {
  if (await db.schema.hasColumn(settings, "seat_lock")) return;
  await db.schema.alterTable(settings, (table) => {
    columnsOf(table, dialectOf(db)).time("seat_lock").notNullable().defaultTo(0);
  });
}

async function dropSeatLock(db: Knex, settings: string): Promise<void> {
  if (!(await db.schema.hasColumn(settings, "seat_lock"))) return;
  await db.schema.alterTable(settings, (table) => table.dropColumn("seat_lock"));
}

/** Finds receipts by NameID, and lists them by time. Those of earlier versions have no hash. */
async function addNameIdHash(db: Knex, receipts: string): Promise<void> {
  if (await db.schema.hasColumn(receipts, "name_id_hash")) return;
  await db.schema.alterTable(receipts, (table) => {
    columnsOf(table, dialectOf(db)).exact("name_id_hash", 64).nullable();
    table.index(["tenant", "name_id_hash"], `${receipts}_by_name_id`);
    table.index(["tenant", "at", "user_id"], `${receipts}_by_time`);
  });
}

async function dropNameIdHash(db: Knex, receipts: string): Promise<void> {
  if (!(await db.schema.hasTable(receipts))) return;
  if (!(await db.schema.hasColumn(receipts, "name_id_hash"))) return;
  await db.schema.alterTable(receipts, (table) => {
    table.dropIndex([], `${receipts}_by_name_id`);
    table.dropIndex([], `${receipts}_by_time`);
    table.dropColumn("name_id_hash");
  });
}

/** What receipts are counted by, in one index. Those of earlier versions have neither. */
async function addCountedColumns(db: Knex, receipts: string): Promise<void> {
  if (await db.schema.hasColumn(receipts, "role")) return;
  await db.schema.alterTable(receipts, (table) => {
    const columns = columnsOf(table, dialectOf(db));
    columns.exact("role", 255).nullable();
    columns.exact("connection", 64).nullable();
    table.index(["tenant", "role", "connection", "at"], `${receipts}_counts`);
  });
}

async function dropCountedColumns(db: Knex, receipts: string): Promise<void> {
  if (!(await db.schema.hasTable(receipts))) return;
  if (!(await db.schema.hasColumn(receipts, "role"))) return;
  await db.schema.alterTable(receipts, (table) => {
    table.dropIndex([], `${receipts}_counts`);
    table.dropColumn("role");
    table.dropColumn("connection");
  });
}

function storeTables(tables: Tables): readonly TableDefinition[] {
  return [
    {
      name: tables.settings,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        table.integer("version").notNullable();
        table.integer("connection_version").notNullable();
        columns.text("document").notNullable();
        columns.time("saved_at").notNullable();
        columns.text("saved_by").notNullable();
        table.primary(["tenant"]);
      },
    },
    {
      name: tables.ledger,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        columns.exact("kind", 16).notNullable();
        columns.exact("key", 64).notNullable();
        columns.time("expires_at").notNullable();
        table.primary(["tenant", "kind", "key"]);
        table.index(["expires_at"], `${tables.ledger}_expiry`);
      },
    },
    { name: tables.audit, define: (table, db) => defineAudit(table, db, tables.audit) },
    {
      name: tables.refusals,
      define: (table, db) => {
        columnsOf(table, dialectOf(db)).exact("tenant", 64).notNullable();
        table.bigInteger("refusals").notNullable();
        table.primary(["tenant"]);
      },
    },
    {
      name: tables.receipts,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        columns.exact("user_id", 255).notNullable();
        columns.exact("assertion_id_hash", 64).notNullable();
        columns.time("at").notNullable();
        columns.text("document").notNullable();
        table.primary(["tenant", "user_id"]);
      },
    },
  ];
}

function defineAudit(table: Knex.CreateTableBuilder, db: Knex, name: string): void {
  const columns = columnsOf(table, dialectOf(db));
  columns.exact("tenant", 64).notNullable();
  columns.exact("id", 36).notNullable();
  columns.exact("reference", 64).notNullable();
  columns.time("at").notNullable();
  columns.exact("outcome", 32).notNullable();
  columns.exact("code", 64).nullable();
  columns.exact("email", 254).nullable();
  columns.exact("user_id", 255).nullable();
  columns.text("actor").nullable();
  columns.text("detail").notNullable();
  table.integer("ring_slot").nullable();
  table.primary(["tenant", "id"]);
  table.unique(["tenant", "ring_slot"], { indexName: `${name}_ring` });
  table.index(["tenant", "outcome", "at", "id"], `${name}_by_outcome`);
  table.index(["tenant", "email", "at", "id"], `${name}_by_email`);
  table.index(["tenant", "reference"], `${name}_by_reference`);
  table.index(["tenant", "user_id", "outcome"], `${name}_by_user`);
  table.index(["tenant", "at", "id"], `${name}_by_time`);
  table.index(["at"], `${name}_retention`);
}

function testSignInTables(tables: Tables): readonly TableDefinition[] {
  return [
    {
      name: tables.testSignIns,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        columns.exact("id", 36).notNullable();
        columns.text("administrator").notNullable();
        columns.exact("digest", 64).notNullable();
        columns.time("created_at").notNullable();
        columns.exact("state", 16).notNullable();
        columns.text("settings").nullable();
        columns.exact("request_id", 255).nullable();
        columns.time("finished_at").nullable();
        columns.text("result").nullable();
        columns.text("received").nullable();
        table.primary(["tenant", "id"]);
        table.index(["created_at"], `${tables.testSignIns}_by_time`);
      },
    },
  ];
}

function eventTables(tables: Tables): readonly TableDefinition[] {
  return [
    {
      name: tables.eventStreams,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        table.bigInteger("events").notNullable();
        columns.exact("holder", 36).notNullable().defaultTo("");
        // By the database's clock, in seconds since the epoch.
        table.bigInteger("held_until").notNullable().defaultTo(0);
        table.primary(["tenant"]);
      },
    },
    {
      name: tables.events,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        table.bigInteger("position").notNullable();
        columns.exact("id", 36).notNullable();
        columns.time("at").notNullable();
        columns.exact("type", 32).notNullable();
        columns.text("data").notNullable();
        table.primary(["tenant", "position"]);
        table.index(["at"], `${tables.events}_by_time`);
      },
    },
  ];
}

function domainProofTables(tables: Tables): readonly TableDefinition[] {
  return [
    {
      name: tables.domainProofs,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        columns.exact("domain", 255).notNullable();
        columns.exact("token", 64).notNullable();
        columns.time("created_at").notNullable();
        columns.time("checked_at").nullable();
        columns.time("proven_at").nullable();
        columns.time("lost_at").nullable();
        table.primary(["tenant", "domain"]);
      },
    },
  ];
}

function refreshTables(tables: Tables): readonly TableDefinition[] {
  return [
    {
      name: tables.refreshes,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("tenant", 64).notNullable();
        columns.exact("connection", 64).notNullable();
        table.integer("revision").notNullable();
        columns.text("document").notNullable();
        table.primary(["tenant", "connection"]);
      },
    },
  ];
}

function ownUserTables(tables: Tables): readonly TableDefinition[] {
  return [
    {
      name: tables.users,
      define: (table, db) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("id", 36).notNullable();
        columns.exact("tenant", 64).notNullable();
        columns.exact("email", 254).notNullable();
        columns.exact("state", 16).notNullable();
        columns.exact("role", 255).notNullable();
        table.boolean("all_organizations").notNullable().defaultTo(false);
        columns.text("display_name").nullable();
        columns.text("first_name").nullable();
        columns.text("last_name").nullable();
        columns.exact("created_by", 16).notNullable();
        table.primary(["id"]);
        table.unique(["tenant", "email"], { indexName: `${tables.users}_email` });
        table.index(["tenant", "role", "state", "created_by"], `${tables.users}_seats`);
      },
    },
    ...(
      [
        [tables.userGroups, "group_id"],
        [tables.userOrganizations, "organization_id"],
      ] as const
    ).map(([name, grant]) => ({
      name,
      define: (table: Knex.CreateTableBuilder, db: Knex) => {
        const columns = columnsOf(table, dialectOf(db));
        columns.exact("user_id", 36).notNullable();
        columns.exact(grant, 255).notNullable();
        table.primary(["user_id", grant]);
        table.foreign("user_id", `${name}_user`).references(`${tables.users}.id`);
      },
    })),
  ];
}
