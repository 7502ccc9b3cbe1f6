/**
 * From the post of a SAML response to the session: requests a second, latency, processor time, event
 * loop and memory, of ours and of what others use. Each contestant has a process and a database of
 * its own; rounds are interleaved. Prints Markdown.
 *
 *     npm run bench -- --only post -- [--database SQLite,PostgreSQL] [--rounds 5] [--ms 800] [--only ours]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { DATABASES } from "../../test/support/databases.ts";
import { rotated } from "../support/statistics.ts";
import { ENTRIES } from "./contestants.ts";
import { startField } from "./field.ts";
import { installOthers } from "./install-others.ts";
import { measure, postsWithin, type Sample, type Situation, warmUp } from "./measure.ts";
import { report, summary, workTable } from "./report.ts";

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "SQLite,PostgreSQL" },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "800" },
    only: { type: "string", default: "" },
    connections: { type: "string", default: "1,32" },
  },
});
const entries = ENTRIES.filter(({ name }) => name.includes(values.only));
const situations: readonly Situation[] = values.connections
  .split(",")
  .map(Number)
  .flatMap((connections) => [
    { arrival: "first", connections },
    { arrival: "repeat", connections },
  ]);

if (entries.some(({ module }) => module.pathname.includes("/others/"))) await installOthers();
process.stdout.write(workTable(entries));
const measured = new Map<string, readonly Sample[]>();
for (const name of values.database.split(",")) {
  const kind = DATABASES.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`--database: ${DATABASES.map((one) => one.name)}`);
  const field = await startField(entries, kind);
  const samples: Sample[] = [];
  try {
    const posts = new Map<string, number>();
    for (const one of field.contestants) {
      await warmUp(one);
      for (const { connections } of situations) {
        const key = `${one.name} ${connections}`;
        if (!posts.has(key)) posts.set(key, await postsWithin(one, connections, Number(values.ms)));
      }
    }
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const situation of situations) {
        for (const one of rotated(field.contestants, round)) {
          const count = posts.get(`${one.name} ${situation.connections}`) ?? 0;
          samples.push(await measure(one, situation, { round, posts: count }));
        }
      }
    }
  } finally {
    await field.stop();
  }
  process.stdout.write(report(name, samples));
  measured.set(name, samples);
}
process.stdout.write(summary(measured));
