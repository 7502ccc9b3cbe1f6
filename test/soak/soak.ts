/**
 * One host under mixed load for as long as SOAK_MINUTES says (default 20): users who are new, known,
 * late, repeated or invented, and an administrator. Fails if its memory grows after a third of the
 * time, if a table has what it should have forgotten, or if an answer is another than expected.
 *
 *     SOAK_MINUTES=3 npx tsx scripts/with-services.ts node --import tsx test/soak/soak.ts
 */
import process from "node:process";
import type { Knex } from "knex";
import { makeHttpLoad, PUBLIC_URL } from "../races/http-load.ts";
import { spawnProcess } from "../races/processes.ts";
import { DATABASES } from "../support/databases.ts";
import { seededRandom } from "../support/seed.ts";
import type { Memory, SoakJob } from "./soak-host.ts";

const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 20);
const SAMPLES = 24;
const BROWSERS = 4;
/** How long entries are kept here, instead of a day and a year. */
const KEPT_MS = 30_000;
/** How long used assertions are kept after they have expired: a purge of tomorrow deletes them now. */
const LEDGER_KEPT_MS = 25 * 60 * 60 * 1000;
/** Megabytes between the medians of the second and the last third; noise is less than half of it. */
const GROWTH = { heap: 5, rss: 40 };
const REFUSALS_KEPT = 1000;

const kind = DATABASES.find(({ name }) => name === "PostgreSQL");
if (kind === undefined) throw new Error("no PostgreSQL");
const random = seededRandom("soak");
const load = makeHttpLoad();
const database = await kind.create();
const host = await spawnProcess<SoakJob>(new URL("./soak-host.ts", import.meta.url));
const faults: string[] = [];
const answers = new Map<string, number>();
const samples: (Memory & { readonly ledger: number; readonly audit: number })[] = [];

try {
  const url = String(
    await host.run({ kind: "open", config: database.config, publicUrl: PUBLIC_URL }),
  );
  await load.save(url, await load.etag(url), "admin");
  const end = performance.now() + MINUTES * 60_000;
  let open = true;
  const browsing = Promise.all(
    Array.from({ length: BROWSERS }, async (_, browser) => {
      for (let round = 0; open; round += 1) await visit(url, `${browser}.${round}`);
    }),
  );
  for (let number = 1; number <= SAMPLES; number += 1) {
    const next = end - ((SAMPLES - number) * (MINUTES * 60_000)) / SAMPLES;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    await sample(number);
  }
  open = false;
  await browsing;
  const findings = await host.run({ kind: "integrity" });
  if (JSON.stringify(findings) !== "[]") faults.push(`integrity: ${JSON.stringify(findings)}`);
} finally {
  await host.end();
  await database.drop();
}
judge();
report();

/** What a browser does in one round. */
async function visit(url: string, name: string): Promise<void> {
  const email = `p${name}@customer.example`;
  const form = load.form(email, { validForMs: KEPT_MS });
  await expectStatus("first", 303, load.post(url, form));
  await expectStatus("again, the same response", 403, load.post(url, form));
  await expectStatus("known", 303, load.post(url, load.form(email, { validForMs: KEPT_MS })));
  const late = load.form(email, { now: Date.now() - 3_600_000 });
  await expectStatus("late", 403, load.post(url, late));
  for (let number = 0; number < 5; number += 1) {
    const garbage = Buffer.from(`<${random.integer(1e9)}/>`).toString("base64");
    await expectStatus("garbage", 403, load.post(url, { SAMLResponse: garbage }));
  }
  const get = async (path: string) => {
    const response = await fetch(`${url}/saml${path}`, { redirect: "manual" });
    await response.arrayBuffer();
    return response.status;
  };
  await expectStatus("login", 302, get("/login"));
  await expectStatus("metadata", 200, get("/metadata"));
  await expectStatus("page", 200, get("/settings/page"));
  await expectStatus("audit trail", 200, get(`/settings/audit?email=${email}`));
}

async function expectStatus(what: string, status: number, answer: Promise<number>): Promise<void> {
  const got = await answer;
  const key = got === status ? `${what}: ${status}` : `${what}: ${got} instead of ${status}`;
  answers.set(key, (answers.get(key) ?? 0) + 1);
  if (got !== status && faults.length < 10) faults.push(key);
}

async function sample(number: number): Promise<void> {
  const now = Date.now();
  await host.run({ kind: "purge", now: now + LEDGER_KEPT_MS, auditBefore: now - KEPT_MS });
  const memory = (await host.run({ kind: "memory" })) as Memory;
  const count = async (table: string, restrict: (rows: Knex.QueryBuilder) => void = () => {}) => {
    const rows = database.knex(`saml_jit_${table}`).modify(restrict);
    const counted = await rows.count({ rows: "*" }).first();
    return Number(counted?.["rows"]);
  };
  const ledger = await count("ledger");
  const audit = await count("audit");
  const kept = await count("audit", (rows) => rows.whereNotNull("ring_slot"));
  if (kept > REFUSALS_KEPT) faults.push(`${kept} refusals are kept`);
  const old =
    (await count("ledger", (rows) => rows.where("expires_at", "<", now))) +
    (await count("audit", (rows) => rows.where("at", "<", now - KEPT_MS)));
  if (old > 0) faults.push(`${old} rows were not purged`);
  samples.push({ ...memory, ledger, audit });
  process.stdout.write(
    `${number} of ${SAMPLES}: heap ${memory.heap.toFixed(1)} MB, rss ${memory.rss.toFixed(0)} MB, ledger ${ledger}, audit ${audit}\n`,
  );
}

function judge(): void {
  const third = Math.floor(samples.length / 3);
  const second = samples.slice(third, 2 * third);
  const last = samples.slice(2 * third);
  for (const what of ["heap", "rss"] as const) {
    const grown = median(last.map((one) => one[what])) - median(second.map((one) => one[what]));
    if (grown > GROWTH[what]) faults.push(`${what} grew by ${grown.toFixed(1)} MB`);
  }
}

function report(): void {
  for (const [what, times] of answers)
    process.stdout.write(`${String(times).padStart(8)} ${what}\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
