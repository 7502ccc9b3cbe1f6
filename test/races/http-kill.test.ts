import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { checkIntegrity } from "../../src/adapters/objection/integrity/integrity.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { ALL_ROUNDS, seededRandom } from "../support/seed.ts";
import { makeHttpLoad } from "./http-load.ts";
import { type HttpHost, startHttpHost } from "./processes.ts";

const PLANS = ALL_ROUNDS
  ? {
      SQLite: { people: 400, kills: 20 },
      PostgreSQL: { people: 200, kills: 10 },
      MariaDB: { people: 200, kills: 10 },
    }
  : {
      SQLite: { people: 100, kills: 5 },
      PostgreSQL: { people: 40, kills: 2 },
      MariaDB: { people: 40, kills: 2 },
    };
const BROWSERS = 5;

for (const { name, create } of DATABASES) {
  const { people, kills } = PLANS[name];
  describe(`kill -9 of a host over HTTP and ${name}`, function () {
    if (ALL_ROUNDS) this.timeout(600_000);
    const random = seededRandom(`kill over HTTP and ${name}`);
    const load = makeHttpLoad();
    let database: TestDatabase;
    let host: HttpHost | undefined;
    before(async () => {
      database = await create();
    });
    after(async () => {
      await host?.end();
      await database.drop();
    });

    it(`${kills} times during ${people} first sign-ins: every signed-in user is complete`, async () => {
      const waiting = Array.from({ length: people }, (_, index) => `p${index}@customer.example`);
      for (let round = 0; waiting.length > 0; round += 1) {
        await host?.end();
        host = await startHttpHost(database.config);
        await host.run({ kind: "migrate" });
        if (round === 0) await load.save(host.url, await load.etag(host.url), "admin");
        const answered =
          round < kills ? 1 + random.integer(Math.floor(people / kills)) : Number.POSITIVE_INFINITY;
        const statuses = await signInUntilKilled(host, waiting, answered);
        expect(statuses.filter((status) => status !== 303)).to.deep.equal([]);
        const findings = await checkIntegrity({ knex: database.knex, grantsUntouched: true });
        expect(findings).to.deep.equal([]);
      }
      const { knex } = database;
      const users = await knex("saml_jit_users").select("email");
      expect(users).to.have.length(people);
      const provisioned = await knex("saml_jit_audit").where({ outcome: "provisioned" });
      expect(provisioned).to.have.length(people);
    });

    /** Whoever gets no answer waits for the next host. */
    async function signInUntilKilled(
      target: HttpHost,
      waiting: string[],
      answered: number,
    ): Promise<readonly number[]> {
      const statuses: number[] = [];
      let killed: Promise<void> | undefined;
      const killSoon = async () => {
        await setTimeout(random.integer(50)); // the random point is the test's subject
        await target.kill();
      };
      const browse = async () => {
        for (;;) {
          const email = waiting.shift();
          if (email === undefined) return;
          const status = await load.post(target.url, load.form(email)).catch(() => undefined);
          if (status === undefined) {
            waiting.push(email);
            return;
          }
          if (statuses.push(status) >= answered) killed ??= killSoon();
        }
      };
      await Promise.all(Array.from({ length: BROWSERS }, browse));
      await killed;
      return statuses;
    }
  });
}
