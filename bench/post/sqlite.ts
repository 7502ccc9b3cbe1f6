/**
 * What SQLite's settings do to first sign-ins under load: ours without a second reading, 32 at once,
 * over files that differ in their settings and in how many processes have them open, in interleaved
 * rounds. Prints Markdown.
 *
 *     npm run bench -- --only sqlite -- [--rounds 5] [--posts 150]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { defined } from "../../src/domain/defined.ts";
import { DATABASES } from "../../test/support/databases.ts";
import { freshEmails, signedBodies } from "../support/corpus.ts";
import { median, percentile, rotated, spread } from "../support/statistics.ts";
import { table } from "../support/table.ts";
import { ENTRIES } from "./contestants.ts";
import { drive } from "./drive.ts";
import { type Field, startField } from "./field.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    posts: { type: "string", default: "150" },
  },
});
const AT_ONCE = 32;

interface Setup {
  readonly name: string;
  readonly pragmas: readonly string[];
  readonly processes: number;
  readonly driver?: "better-sqlite3";
}

const PATIENT = "busy_timeout = 5000";
const WAL = ["journal_mode = WAL", PATIENT];
const SETUPS: readonly Setup[] = [
  { name: "as SQLite has it: DELETE, FULL", pragmas: [], processes: 1 },
  { name: "WAL, FULL", pragmas: [...WAL, "synchronous = FULL"], processes: 1 },
  { name: "WAL, NORMAL", pragmas: [...WAL, "synchronous = NORMAL"], processes: 1 },
  {
    name: "WAL, FULL, by better-sqlite3",
    pragmas: [...WAL, "synchronous = FULL"],
    processes: 1,
    driver: "better-sqlite3",
  },
  { name: "two processes: DELETE, FULL", pragmas: [PATIENT], processes: 2 },
  { name: "two processes: WAL, FULL", pragmas: [...WAL, "synchronous = FULL"], processes: 2 },
  { name: "two processes: WAL, NORMAL", pragmas: [...WAL, "synchronous = NORMAL"], processes: 2 },
];

interface Subject {
  readonly name: string;
  readonly field: Field;
  readonly rounds: { readonly latencies: readonly number[]; readonly perSecond: number }[];
}

const subjects: Subject[] = [];
try {
  for (const { name, ...setup } of SETUPS) {
    const subject = { name, field: await startShared(setup), rounds: [] };
    subjects.push(subject);
    await postToAll(subject, "warm-up");
  }
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const subject of rotated(subjects, round)) {
      subject.rounds.push(await postToAll(subject, `round-${round}`));
    }
  }
} finally {
  for (const { field } of subjects) await field.stop();
}
process.stdout.write(
  `\n${table(
    ["processes and settings", "a second", "p50, ms", "p99, ms", "p99 / p50"],
    subjects.map(({ name, rounds }) => {
      const p50 = rounds.map(({ latencies }) => percentile(latencies, 50));
      const p99 = rounds.map(({ latencies }) => percentile(latencies, 99));
      return [
        name,
        spread(
          rounds.map(({ perSecond }) => perSecond),
          0,
        ),
        median(p50).toFixed(0),
        spread(p99, 0),
        spread(
          p99.map((one, round) => one / (p50[round] ?? Number.NaN)),
          1,
        ),
      ];
    }),
  )}`,
);

function startShared({ pragmas, processes, driver }: Omit<Setup, "name">): Promise<Field> {
  const kind = DATABASES.find(({ name }) => name === "SQLite");
  const ours = ENTRIES.find(({ secondReading }) => secondReading === "off");
  if (kind === undefined || ours === undefined) throw new Error("no SQLite, or none of ours");
  const entries = Array.from({ length: processes }, () => ours);
  return startField(entries, kind, { pragmas, shared: true, ...defined({ driver }) });
}

/** Posts to every process at once. */
async function postToAll({ field: { contestants } }: Subject, about: string) {
  const share = contestants.length;
  const bodies = contestants.map((one, index) =>
    signedBodies(one, freshEmails(`${about}-${index}`, Math.round(Number(values.posts) / share))),
  );
  const start = performance.now();
  const runs = await Promise.all(
    contestants.map((one, index) => drive(one, bodies[index] ?? [], AT_ONCE / share)),
  );
  const latencies = runs.flatMap((run) => run.latencies);
  return { latencies, perSecond: (1000 * latencies.length) / (performance.now() - start) };
}
