/**
 * What SQLite's settings do to a sign-in under load: ours, the first reading only, 32 at once, over
 * files that differ in their settings, in interleaved rounds. Prints Markdown.
 *
 *     npm run bench:sqlite -- [--rounds 5] [--ms 800]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { DATABASES } from "../../test/support/databases.ts";
import { median, percentile, rotated, spread } from "../support/statistics.ts";
import { table } from "../support/table.ts";
import { ENTRIES } from "./contestants.ts";
import { type Field, startField } from "./field.ts";
import { measure, postsWithin, type Sample, warmUp } from "./measure.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "800" },
  },
});
const CONNECTIONS = 32;
const SETTINGS: readonly (readonly [name: string, pragmas: readonly string[]])[] = [
  ["as SQLite has it (DELETE, FULL)", []],
  ["WAL, FULL", ["journal_mode = WAL", "synchronous = FULL"]],
  ["WAL, NORMAL", ["journal_mode = WAL", "synchronous = NORMAL"]],
  ["no durability at all (OFF)", ["journal_mode = MEMORY", "synchronous = OFF"]],
];
const kind = DATABASES.find(({ name }) => name === "SQLite");
const ours = ENTRIES.filter(({ skipSecondReading }) => skipSecondReading);
if (kind === undefined) throw new Error("no SQLite");

const fields: { name: string; field: Field; samples: Sample[]; posts: number }[] = [];
try {
  for (const [name, pragmas] of SETTINGS) {
    const field = await startField(ours, kind, { pragmas });
    fields.push({ name, field, samples: [], posts: 0 });
  }
  for (const one of fields) {
    for (const contestant of one.field.contestants) {
      await warmUp(contestant);
      one.posts = await postsWithin(contestant, CONNECTIONS, Number(values.ms));
    }
  }
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const { field, samples, posts } of rotated(fields, round)) {
      for (const contestant of field.contestants) {
        const situation = { arrival: "first", connections: CONNECTIONS } as const;
        samples.push(await measure(contestant, situation, { round, posts }));
      }
    }
  }
} finally {
  for (const { field } of fields) await field.stop();
}

process.stdout.write(
  `\n${table(
    ["settings", "first sign-ins a second", "p50, ms", "p99, ms", "p99 / p50", "idle, ms a post"],
    fields.map(({ name, samples }) => {
      const p50 = samples.map(({ latencies }) => percentile(latencies, 50));
      const p99 = samples.map(({ latencies }) => percentile(latencies, 99));
      return [
        name,
        spread(
          samples.map(({ perSecond }) => perSecond),
          0,
        ),
        median(p50).toFixed(0),
        spread(p99, 0),
        spread(
          p99.map((one, round) => one / (p50[round] ?? Number.NaN)),
          1,
        ),
        median(
          samples.map(({ perSecond, cpuMsPerPost }) => 1000 / perSecond - cpuMsPerPost),
        ).toFixed(1),
      ];
    }),
  )}`,
);
