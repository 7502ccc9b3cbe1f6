/**
 * What a flood of messages that are refused does to people who sign in meanwhile: strangers post
 * garbage over many connections, people post over two. Ours alone, with its default; figures are
 * of the people. Prints a table in Markdown.
 *
 *     npm run bench -- --only flood -- [--database SQLite,PostgreSQL] [--strangers 0,64] [--posts 200]
 */
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { DATABASES } from "../test/support/databases.ts";
import { ENTRIES } from "./post/contestants.ts";
import { drive } from "./post/drive.ts";
import { startField } from "./post/field.ts";
import { warmUp } from "./post/measure.ts";
import { freshEmails, signedBodies } from "./support/corpus.ts";
import { percentile } from "./support/statistics.ts";
import { table } from "./support/table.ts";

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "SQLite,PostgreSQL" },
    strangers: { type: "string", default: "0,64" },
    posts: { type: "string", default: "200" },
  },
});

const GARBAGE = new URLSearchParams({ SAMLResponse: "bm8gcmVzcG9uc2U=" }).toString();
const ours = ENTRIES.filter(({ name }) => name === "ours (read)");

const rows: (string | number)[][] = [];
for (const kind of DATABASES.filter(({ name }) => values.database.includes(name))) {
  const field = await startField(ours, kind);
  try {
    for (const one of field.contestants) {
      await warmUp(one);
      for (const strangers of values.strangers.split(",").map(Number)) {
        const flood = startFlood(one.acsUrl, strangers);
        const bodies = signedBodies(one, freshEmails(`flood-${strangers}`, Number(values.posts)));
        const { latencies, perSecond } = await drive(one, bodies, 2);
        const refused = await flood.stop();
        rows.push([
          kind.name,
          strangers,
          perSecond.toFixed(0),
          percentile(latencies, 50).toFixed(1),
          percentile(latencies, 99).toFixed(1),
          refused.toFixed(0),
        ]);
      }
    }
  } finally {
    await field.stop();
  }
}
process.stdout.write(
  `\n${table(
    [
      "database",
      "strangers at once",
      "sign-ins a second",
      "p50, ms",
      "p99, ms",
      "refused a second",
    ],
    rows,
  )}`,
);

/** Posts garbage, each connection again as soon as it is refused. */
function startFlood(acsUrl: string, connections: number): { stop(): Promise<number> } {
  const { origin, pathname } = new URL(acsUrl);
  const pool = new Pool(origin, { connections: Math.max(connections, 1) });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
  let refused = 0;
  let over = false;
  const start = performance.now();
  const post = async () => {
    while (!over) {
      const { statusCode, body } = await pool.request({
        path: pathname,
        method: "POST",
        headers,
        body: GARBAGE,
      });
      await body.dump();
      if (statusCode < 400) throw new Error(`garbage was answered with ${statusCode}`);
      refused += 1;
    }
  };
  const done = Promise.all(Array.from({ length: connections }, post));
  return {
    stop: async () => {
      over = true;
      await done;
      await pool.close();
      return (1000 * refused) / (performance.now() - start);
    },
  };
}
