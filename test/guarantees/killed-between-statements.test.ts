import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { formFor } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { childScript } from "../support/child-script.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { ALL_ROUNDS, seededRandom } from "../support/seed.ts";
import type { KilledHostTask } from "./killed-host.ts";

const PUBLIC_URL = "https://app.example";
const MOST_STATEMENTS = 40;
const AT_ONCE = 3;
/**
 * Every statement on SQLite; in `npm test` every third one on the servers, beginning with any of the
 * first three: it is the same statements, and their transactions end with their connection.
 */
const STEP = ALL_ROUNDS
  ? { SQLite: 1, PostgreSQL: 1, MariaDB: 1 }
  : { SQLite: 1, PostgreSQL: 3, MariaDB: 3 };

for (const { name, create } of DATABASES) {
  describe(`a process that dies between two statements of a first sign-in, on ${name}`, () => {
    let database: TestDatabase;
    let host: TestHost;
    before(async () => {
      database = await create();
      host = await startHost({ knex: database.knex, public: PUBLIC_URL });
      await host.saml.migrate();
      host.licenseLimit = 1000;
      await host.saml.saveSettings("default", openSettings(host), "set-up");
    });
    after(async () => {
      await host?.stop();
      await database?.drop();
    });

    it("leaves the whole user or none, and the next sign-in works", async () => {
      const step = STEP[name];
      const ended: string[] = [];
      const died: number[] = [];
      let first = 1 + seededRandom(`killed on ${name}`).integer(step);
      for (; !ended.some(completed) && first < MOST_STATEMENTS; first += step * AT_ONCE) {
        const next = Array.from({ length: AT_ONCE }, (_, index) => first + step * index);
        ended.push(...(await Promise.all(next.map(dieBefore))));
        died.push(...next);
        expect(await host.saml.checkIntegrity()).to.deep.equal([]);
      }
      expect(ended.filter(completed).length, "a sign-in that was not interrupted").to.be.at.least(
        1,
      );
      // Every statement before the last one that the step reaches, whatever the seed begins with.
      expect(ended.filter((outcome) => outcome === "SIGKILL").length).to.be.at.least(
        Math.ceil(5 / step),
      );
      for (const statement of died) {
        expect((await comeAgain(person(statement))).status).to.equal(303);
      }
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
    });

    function comeAgain(email: string): Promise<Response> {
      const form = formFor(host, email, {}, `${PUBLIC_URL}/saml`);
      return makeBrowser().post(`${host.baseUrl}/saml/acs`, form);
    }

    async function dieBefore(statement: number): Promise<string> {
      const task: KilledHostTask = {
        config: database.config,
        publicUrl: PUBLIC_URL,
        form: formFor(host, person(statement), {}, `${PUBLIC_URL}/saml`),
        diesBefore: statement,
      };
      const args = await childScript(new URL("./killed-host.ts", import.meta.url));
      const child = spawn(process.execPath, [...args, JSON.stringify(task)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [printed, [, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
      return signal ?? printed.trim();
    }
  });
}

function person(number: number): string {
  return `person-${number}@customer.example`;
}

function completed(outcome: string): boolean {
  return outcome.startsWith("303 after ");
}
