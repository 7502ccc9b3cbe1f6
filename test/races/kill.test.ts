import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { checkIntegrity } from "../../src/adapters/objection/integrity/integrity.ts";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { ALL_ROUNDS, seededRandom } from "../support/seed.ts";
import { LICENSED_ROLES, RACE_TENANT, raceSettings } from "./first-sign-in.ts";
import { startProcess } from "./processes.ts";

const ROUNDS = ALL_ROUNDS
  ? { SQLite: 25, PostgreSQL: 10, MariaDB: 10 }
  : { SQLite: 5, PostgreSQL: 2, MariaDB: 2 };
const AT_ONCE = 2;
const LIMIT = 100_000;

for (const { name, create } of DATABASES) {
  describe(`kill -9 during first sign-ins on ${name}`, function () {
    if (ALL_ROUNDS) this.timeout(600_000);
    const random = seededRandom(`kill on ${name}`);
    let database: TestDatabase;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex, userTables: true });
      const { stores } = makeObjectionStores({ knex: database.knex });
      await stores.settings.save(RACE_TENANT, raceSettings(1, "admin"));
    });
    after(() => database.drop());

    it(`leaves nothing half-made, ${ROUNDS[name] * AT_ONCE} times`, async () => {
      for (let round = 0; round < ROUNDS[name]; round += 1) {
        await Promise.all(
          Array.from({ length: AT_ONCE }, async (_, index) => {
            const host = await startProcess(database.config);
            await host.run({ kind: "sign-in-forever", name: `r${round}p${index}`, limit: LIMIT });
            await setTimeout(random.integer(100)); // the random point is the test's subject
            await host.kill();
          }),
        );
        const findings = await checkIntegrity({
          knex: database.knex,
          seatLimits: [{ tenant: RACE_TENANT, licensedRoles: LICENSED_ROLES, limit: LIMIT }],
          grantsUntouched: true,
        });
        expect(findings).to.deep.equal([]);
      }
      const { stores } = makeObjectionStores({ knex: database.knex });
      const used = await stores.users.countSeats(RACE_TENANT, LICENSED_ROLES);
      expect(used).to.be.greaterThan(0);
      const events = await stores.events.waiting(RACE_TENANT, LIMIT);
      expect(events.length, "an event for each user").to.equal(used);
    });
  });
}
