import type { TestDatabase, TestDatabaseKind } from "../../test/support/databases.ts";
import { idp } from "../support/parties.ts";
import { type ContestantProcess, startContestant } from "./contestant-process.ts";
import type { Entry } from "./contestants.ts";

/** Contestants that are all running, each over a database of its own. */
export interface Field {
  readonly contestants: readonly ContestantProcess[];
  /** Ends the processes and removes the databases. */
  stop(): Promise<void>;
}

/** What docs/OPERATIONS.md tells hosts to set. The journal's mode stays with the file, for all. */
const PRAGMAS = ["synchronous = NORMAL", "busy_timeout = 5000"];

/** Starts them one after the other. */
export async function startField(
  entries: readonly Entry[],
  kind: TestDatabaseKind,
  {
    pragmas = ["journal_mode = WAL", ...PRAGMAS],
    nodeOptions = [],
  }: { readonly pragmas?: readonly string[]; readonly nodeOptions?: readonly string[] } = {},
): Promise<Field> {
  const contestants: ContestantProcess[] = [];
  const databases: TestDatabase[] = [];
  const stop = async () => {
    for (const one of contestants) await one.stop();
    for (const database of databases) await database.drop();
  };
  try {
    for (const entry of entries) {
      const database = await kind.create();
      databases.push(database);
      if (kind.name === "SQLite") {
        for (const pragma of pragmas) await database.knex.raw(`PRAGMA ${pragma}`);
      }
      await database.knex.destroy();
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
