import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { ANSWER_WITHIN_MS, newcomer, RETURN_WITHIN_MS } from "../faults/arrivals.ts";
import { SILENT } from "../faults/silent.ts";
import { formFor } from "../support/arrivals.ts";
import { childScript } from "../support/child-script.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import type { FrozenHostTask } from "./frozen-host.ts";

const PUBLIC_URL = "https://app.example";

for (const { name, create } of DATABASES) {
  if (name === "SQLite") continue; // the file is locked, and its only reader waits: the file's case
  describe(`a process that freezes with the tenant's lock, on ${name}`, () => {
    let database: TestDatabase;
    let knex: Knex;
    let host: TestHost;
    let frozen: ChildProcess | undefined;
    before(async () => {
      database = await create();
      knex = knexFactory({ ...database.config, pool: { min: 0, max: 5 }, log: SILENT });
      host = await startHost({ knex });
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      host.licenseLimit = 1000;
    });
    after(async () => {
      frozen?.kill("SIGKILL");
      await host?.stop();
      await knex?.destroy();
      await database?.drop();
    });

    async function timed(email: string) {
      const start = performance.now();
      const arrival = await newcomer(host, email);
      return { ...arrival, took: performance.now() - start };
    }

    it("delays others' first sign-ins for seconds only, and nobody else's; killed, it holds nothing", async () => {
      expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
      frozen = await freeze("frozen@customer.example");
      for (const wave of [1, 2]) {
        const waiting = Array.from({ length: 4 }, (_, index) =>
          timed(`wave${wave}.${index}@customer.example`),
        );
        const known = await timed("ada@customer.example");
        expect(known.status).to.equal(303);
        expect(known.took).to.be.lessThan(RETURN_WITHIN_MS);
        for (const { status, retryAfter, took } of await Promise.all(waiting)) {
          expect(status).to.equal(503);
          expect(retryAfter).to.be.within(1, 60);
          expect(took).to.be.lessThan(ANSWER_WITHIN_MS);
        }
        expect((await host.saml.health()).status).to.equal("pass");
      }
      const ended = once(frozen, "exit");
      frozen.kill("SIGKILL");
      await ended;
      const start = performance.now();
      let number = 0;
      while ((await newcomer(host, `later${number}@customer.example`)).status !== 303) number += 1;
      expect(performance.now() - start).to.be.lessThan(RETURN_WITHIN_MS);
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
      const users = await knex("saml_jit_users").orderBy("email").pluck("email");
      expect(users).to.deep.equal(["ada@customer.example", `later${number}@customer.example`]);
    });

    /** Resolves when the process no longer runs and holds the lock. */
    async function freeze(email: string): Promise<ChildProcess> {
      const form = formFor(host, email, {}, `${PUBLIC_URL}/saml`);
      const task: FrozenHostTask = { config: database.config, publicUrl: PUBLIC_URL, form };
      const args = await childScript(new URL("./frozen-host.ts", import.meta.url));
      const child = spawn(process.execPath, [...args, JSON.stringify(task)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      frozen = child;
      if (child.stdout === null) throw new Error("the process has no output");
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      expect(await lines.next()).to.include({ value: "frozen" });
      return child;
    }
  });
}
