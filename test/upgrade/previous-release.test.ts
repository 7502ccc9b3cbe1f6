import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import type { Knex } from "knex";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { checkIntegrity } from "../../src/adapters/objection/integrity/integrity.ts";
import { makeMigrations } from "../../src/adapters/objection/migrations/migrations.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { type HostProcess, talkTo } from "../races/processes.ts";
import { childScript } from "../support/child-script.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import type { ReleaseJob } from "./release-job.ts";

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));
const key = makeTestKey();

describe("the previous release's code", () => {
  let folder: string;
  let releases: Readonly<Record<"previous" | "current", readonly string[]>>;
  before(async () => {
    // In the repository, so that packages resolve from there.
    await mkdir(CACHE, { recursive: true });
    folder = await mkdtemp(join(CACHE, "release-"));
    const previous = join(folder, "previous-release.mjs");
    const packed = await readFile(new URL("./previous-release.mjs.gz", import.meta.url));
    await writeFile(previous, gunzipSync(packed));
    const current = await childScript(new URL("./release-host.ts", import.meta.url));
    releases = { previous: [previous], current };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const { name, create } of DATABASES) {
    describe(`on ${name}`, () => {
      let database: TestDatabase;
      let hosts: HostProcess<ReleaseJob>[];
      beforeEach(async () => {
        database = await create();
        hosts = [];
      });
      afterEach(async () => {
        for (const host of hosts) await host.end();
        await database.drop();
      });

      const start = async (release: "previous" | "current") => {
        const args = [...releases[release]];
        const host = talkTo<ReleaseJob>(
          spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] }),
        );
        hosts.push(host);
        await host.run({ kind: "open", config: database.config, key });
        return host;
      };
      const signIn = (host: HostProcess<ReleaseJob>, email: string) =>
        host.run({ kind: "sign-in", email });

      it("starts on a schema that this version made, changes nothing of it, and signs users in", async () => {
        const current = await start("current");
        await current.run({ kind: "migrate" });
        const made = await schemaOf(database.knex);
        const previous = await start("previous");
        await previous.run({ kind: "migrate" });
        expect(await schemaOf(database.knex)).to.deep.equal(made);
        expect(await previous.run({ kind: "health" })).to.be.oneOf(["pass", "warn"]);
        await previous.run({ kind: "save-settings" });
        for (const visit of ["new", "known"]) {
          expect(await signIn(previous, "ada@customer.example"), visit).to.equal(303);
        }
        expect(await checkIntegrity({ knex: database.knex })).to.deep.equal([]);
      });

      it("serves on while this version migrates and serves, and starts again after a roll-back", async () => {
        const previous = await start("previous");
        await previous.run({ kind: "migrate" });
        await previous.run({ kind: "save-settings" });
        expect(await signIn(previous, "ada@customer.example")).to.equal(303);

        const current = await start("current");
        await current.run({ kind: "migrate" });
        const made = await schemaOf(database.knex);
        expect(await current.run({ kind: "health" })).to.equal("pass");
        for (const host of [current, previous]) {
          expect(await signIn(host, "ada@customer.example")).to.equal(303);
        }
        expect(await signIn(current, "bob@customer.example")).to.equal(303);
        expect(await signIn(previous, "eve@customer.example")).to.equal(303);

        const restarted = await start("previous");
        await restarted.run({ kind: "migrate" });
        expect(await schemaOf(database.knex)).to.deep.equal(made);
        for (const user of ["ada", "bob", "eve", "joe"]) {
          expect(await signIn(restarted, `${user}@customer.example`), user).to.equal(303);
        }
        // A document with one connection is one that both read.
        await restarted.run({ kind: "save-settings" });
        expect(await signIn(current, "joe@customer.example")).to.equal(303);
        await current.run({ kind: "save-settings" });
        expect(await signIn(restarted, "joe@customer.example")).to.equal(303);
        expect(await checkIntegrity({ knex: database.knex })).to.deep.equal([]);
      });

      if (name === "SQLite") {
        it("shows here when a step breaks the rule", async () => {
          const current = await start("current");
          await current.run({ kind: "migrate" });
          await database.knex.schema.alterTable("saml_jit_receipts", (table) => {
            table.renameColumn("document", "receipt");
          });
          const previous = await start("previous");
          await previous.run({ kind: "migrate" });
          await previous.run({ kind: "save-settings" });
          expect(await signIn(previous, "ada@customer.example")).to.match(/^500 /);
        });
      }
    });
  }
});

/** Every column of the plugin's tables, and the steps that have run. */
async function schemaOf(knex: Knex): Promise<unknown> {
  const tables = makeMigrations({ userTables: true }).flatMap(({ makes }) =>
    makes.map(({ table }) => table),
  );
  const columns = await Promise.all(
    [...new Set(tables)].map(async (table) => [table, await knex(table).columnInfo()]),
  );
  return { columns, steps: await knex("saml_jit_migrations").orderBy("id").pluck("name") };
}
