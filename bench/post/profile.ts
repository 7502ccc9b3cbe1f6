/**
 * Where the time of a sign-in goes: ours, profiled under load, as shares of what the main thread is
 * busy with from the first post to the last. Prints Markdown; the profiles stay in `.cache/profiles`
 * for a viewer.
 *
 *     npm run bench -- --only profile -- [--database SQLite] [--arrival repeat] [--posts 2000] [--reading read]
 */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DATABASES } from "../../test/support/databases.ts";
import { table } from "../support/table.ts";
import { ENTRIES } from "./contestants.ts";
import { parseProfile, sharesOf } from "./cpu-profile.ts";
import { startField } from "./field.ts";
import { measure, warmUp } from "./measure.ts";

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "SQLite" },
    arrival: { type: "string", default: "repeat" },
    posts: { type: "string", default: "2000" },
    reading: { type: "string", default: "off" },
  },
});

/** The first that a frame's address fits, from the frame that runs outwards. */
const AREAS: readonly (readonly [name: string, address: RegExp])[] = [
  ["verifying and checking the response", /src\/adapters\/saml2-js|node_modules\/saml2-js/],
  ["Objection", /node_modules\/objection/],
  ["database driver", /node_modules\/(sqlite3|pg|pg-pool|pg-protocol)\//],
  ["Knex, and our adapter on it", /node_modules\/(knex|tarn)|src\/adapters\/objection/],
  ["reading the form", /node_modules\/(koa-body|co-body|raw-body|qs|inflation)/],
  ["the host's session", /node_modules\/koa-session/],
  ["our use cases, IDs and HTTP", /src\//],
];

const kind = DATABASES.find(({ name }) => name === values.database);
if (kind === undefined) throw new Error(`--database: ${DATABASES.map(({ name }) => name)}`);
const arrival = values.arrival === "first" ? "first" : "repeat";
const ours = ENTRIES.filter(({ secondReading }) => secondReading === values.reading);
const folder = fileURLToPath(new URL("../../.cache/profiles/", import.meta.url));
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

const nodeOptions = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
const field = await startField(ours, kind, { nodeOptions });
try {
  for (const one of field.contestants) {
    await warmUp(one);
    await measure(one, { arrival, connections: 32 }, { round: 0, posts: Number(values.posts) });
  }
} finally {
  await field.stop();
}

// Beside the contestant's there is one of the thread that compiles TypeScript for it.
const files = await readdir(folder);
const profiles = await Promise.all(
  files.map(async (file) => parseProfile(await readFile(folder + file, "utf8"))),
);
const profile = profiles.find(({ nodes }) =>
  nodes.some(({ callFrame }) => callFrame.url.endsWith("/post/serve.ts")),
);
if (profile === undefined) throw new Error("no profile");
const shares = sharesOf(profile, AREAS, "Koa and Node's HTTP");
process.stdout.write(
  `\n${table(
    [`${values.database}, ${arrival} sign-ins, 32 at once`, "share"],
    shares.map(([area, share]) => [area, `${(100 * share).toFixed(0)} %`]),
  )}`,
);
