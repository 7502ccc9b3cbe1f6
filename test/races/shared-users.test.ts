import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { createTables, users } from "../../examples/users/knex.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { LICENSED_ROLES, RACE_TENANT } from "./first-sign-in.ts";
import { type HostProcess, startProcess, startProcesses } from "./processes.ts";

const PREFIXES = ["staff_", "partners_", "staff_", "partners_"];
const LIMIT = 10;
const NEWCOMERS = 60;

for (const { name, create } of DATABASES) {
  describe(`two instances in four processes share their users on ${name}`, () => {
    let database: TestDatabase;
    let hosts: readonly HostProcess[] = [];
    before(async () => {
      database = await create();
      await createTables(database.knex);
      const prefixes = [...PREFIXES];
      hosts = await startProcesses(PREFIXES.length, () =>
        startProcess(database.config, prefixes.pop()),
      );
    });
    after(async () => {
      await Promise.all(hosts.map((host) => host.end()));
      await database.drop();
    });

    it("migrate concurrently, into one table of locks", async () => {
      await Promise.all(hosts.map((host) => host.run({ kind: "migrate" })));
      expect(await database.knex("saml_jit_seat_locks")).to.deep.equal([]);
    });

    it(`take ${LIMIT} of ${NEWCOMERS} newcomers where there are ${LIMIT} seats`, async () => {
      const [first, second] = hosts;
      for (const host of [first!, second!]) {
        expect(await host.run({ kind: "save-settings", by: "root", version: 1 })).to.equal(true);
      }
      const each = NEWCOMERS / hosts.length;
      const results = await Promise.all(
        hosts.map((host, of) =>
          host.run({
            kind: "sign-in",
            limit: LIMIT,
            people: Array.from({ length: each }, (_, index) => ({
              email: `person-${of}-${index}@example.test`,
              assertion: `person-${of}-${index}`,
            })),
          }),
        ),
      );
      const outcomes = results.flat();
      expect(outcomes.filter((one) => one === "provision")).to.have.length(LIMIT);
      expect(outcomes.filter((one) => one === "license-exhausted")).to.have.length(
        NEWCOMERS - LIMIT,
      );
      const { stores } = makeObjectionStores({ knex: database.knex, tablePrefix: "staff_", users });
      expect(await stores.users.countSeats(RACE_TENANT, LICENSED_ROLES)).to.equal(LIMIT);
    });
  });
}
