import type { TestDatabase, TestDatabaseKind } from "../../test/support/databases.ts";
import { idp } from "../support/parties.ts";
import type { Given } from "./contestant.ts";
import { type ContestantProcess, startContestant } from "./contestant-process.ts";
import type { Entry } from "./contestants.ts";

/** Contestants that are all running. */
export interface Field {
  readonly contestants: readonly ContestantProcess[];
  /** Ends the processes and removes the databases. */
  stop(): Promise<void>;
}

/** What is not as usual. */
export interface FieldOptions {
  /** What to say to SQLite; by default a write-ahead log that is synchronized at checkpoints. */
  readonly pragmas?: readonly string[];
  /** Of SQLite. */
  readonly driver?: Given["database"]["driver"];
  /** Whether all of them have one database; else each has its own. */
  readonly shared?: boolean;
  /** Options of Node. */
  readonly nodeOptions?: readonly string[];
}

const PRAGMAS = ["journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000"];

/** Starts them one after the other. */
export async function startField(
  entries: readonly Entry[],
  kind: TestDatabaseKind,
  { pragmas = PRAGMAS, driver = "sqlite3", shared = false, nodeOptions = [] }: FieldOptions = {},
): Promise<Field> {
  const contestants: ContestantProcess[] = [];
  const databases: TestDatabase[] = [];
  const stop = async () => {
    for (const one of contestants) await one.stop();
    for (const database of databases) await database.drop();
  };
  try {
    for (const entry of entries) {
      const [first] = databases;
      const database = shared && first !== undefined ? first : await createDatabase(kind, pragmas);
      if (database !== first) databases.push(database);
      const given = {
        idp: {
          connection: idp.connection(),
          certificate: idp.certificate,
          metadata: idp.metadata(),
        },
        database: {
          kind: kind.name === "SQLite" ? "SQLite" : "PostgreSQL",
          config: database.config,
          pragmas,
          driver,
        },
      } as const;
      contestants.push(await startContestant(entry, given, nodeOptions));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { contestants, stop };
}

/** An empty database; the journal's mode stays with a file, whoever opens it later. */
async function createDatabase(
  kind: TestDatabaseKind,
  pragmas: readonly string[],
): Promise<TestDatabase> {
  const database = await kind.create();
  if (kind.name === "SQLite") {
    for (const pragma of pragmas) await database.knex.raw(`PRAGMA ${pragma}`);
  }
  await database.knex.destroy();
  return database;
}
