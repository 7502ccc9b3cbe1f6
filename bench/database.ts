/**
 * What one sign-in costs PostgreSQL: processor time of the server's processes, write-ahead log and
 * table bytes. Prints Markdown. `docs/SCALING.md` calculates with it.
 *
 *     npm run bench -- --only database -- [--sign-ins 3000] [--at-once 32]
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Knex } from "knex";
import { newcomer } from "../test/faults/arrivals.ts";
import { DATABASES } from "../test/support/databases.ts";
import { openSettings, startHost } from "../test/support/host.ts";

const { values } = parseArgs({
  options: {
    "sign-ins": { type: "string", default: "3000" },
    "at-once": { type: "string", default: "32" },
  },
});
const SIGN_INS = Number(values["sign-ins"]);
const AT_ONCE = Number(values["at-once"]);
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

const kind = DATABASES.find(({ name }) => name === "PostgreSQL");
if (kind === undefined) throw new Error("no PostgreSQL");
const database = await kind.create();
const { knex } = database;
const host = await startHost({ knex });
try {
  await host.saml.migrate();
  await host.saml.saveSettings("default", openSettings(host), "set-up");
  const postmaster = await postmasterOf(knex);
  await signIn("warm", 300);
  process.stdout.write(
    `| sign-in | processor of PostgreSQL, ms | WAL, bytes | database grows by, bytes |\n| --- | ---: | ---: | ---: |\n`,
  );
  await measure("first", () => signIn("p", SIGN_INS));
  await measure("repeat", () => signIn("p", SIGN_INS));
  host.licenseLimit = 10 * SIGN_INS;
  await measure("first, under a license limit", () => signIn("q", SIGN_INS));

  async function measure(what: string, work: () => Promise<void>): Promise<void> {
    await knex.raw("CHECKPOINT");
    const before = { cpu: processorMs(postmaster), ...(await sizesOf(knex)) };
    await work();
    const after = { cpu: processorMs(postmaster), ...(await sizesOf(knex)) };
    const each = (name: "cpu" | "wal" | "size", digits: number): string =>
      ((after[name] - before[name]) / SIGN_INS).toFixed(digits);
    process.stdout.write(
      `| ${what} | ${each("cpu", 2)} | ${each("wal", 0)} | ${each("size", 0)} |\n`,
    );
  }
} finally {
  await host.stop();
  await database.drop();
}

async function signIn(prefix: string, count: number): Promise<void> {
  let next = 0;
  const browse = async (): Promise<void> => {
    while (next < count) {
      const { status } = await newcomer(host, `${prefix}${next++}@customer.example`);
      if (status !== 303) throw new Error(`answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, browse));
}

async function postmasterOf(db: Knex): Promise<number> {
  const row = await db.select(db.raw("pg_backend_pid() AS pid")).first();
  return Number(statOf(Number(row.pid))[1]);
}

/** Of the server and its processes, the ended ones included. */
function processorMs(postmaster: number): number {
  const sum = (fields: readonly string[], from: number, to: number): number =>
    fields.slice(from, to).reduce((total, field) => total + Number(field), 0);
  let ticks = sum(statOf(postmaster), 11, 15);
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    const fields = statOf(pid);
    if (Number(fields[1]) === postmaster) ticks += sum(fields, 11, 13);
  }
  return ticks * TICK_MS;
}

/** The fields of /proc/PID/stat from the third on: state, parent, …; none when it has ended. */
function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

async function sizesOf(db: Knex): Promise<{ readonly wal: number; readonly size: number }> {
  const wal = db.raw("pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal");
  const size = db.raw("pg_database_size(current_database())::float8 AS size");
  const row = await db.select(wal, size).first();
  return { wal: Number(row.wal), size: Number(row.size) };
}
