import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import type { Overview } from "../../src/application/overview.ts";
import { DAY_MS } from "../../src/domain/audit.ts";
import { fullScans } from "../adapters/objection/full-scans.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { analyze, fill } from "./fill.ts";
import { isTransactionControl, statementsOf } from "./statements-of.ts";

const ENTRIES = 100_000;
/** Most are older than what is counted: a planner may well read most of a table whole. */
const DAYS = 400;

for (const { name, create } of DATABASES) {
  describe(`the overview on ${name}, over ${ENTRIES} audit entries of ${DAYS} days`, () => {
    let database: TestDatabase;
    let host: TestHost;
    before(async () => {
      database = await create();
      const { knex } = database;
      host = await startHost({ knex });
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const first = host.clock.now() - (DAYS - 1) * DAY_MS;
      await fill(knex, "saml_jit_audit", ENTRIES, {
        // A tenth are another tenant's.
        tenant: "CASE WHEN n % 10 = 0 THEN 'other' ELSE 'default' END",
        id: "CONCAT('e', n)",
        reference: "'R'",
        // PostgreSQL multiplies two small numbers as small ones.
        at: `${first} + (${first} + n % ${DAYS} - ${first}) * ${DAY_MS} + n % 1000`,
        outcome: "CASE WHEN n % 10 = 1 THEN 'denied' ELSE 'signed-in' END",
        detail: "'{}'",
      });
      await analyze(knex);
      host.clock.advance(1000);
    });
    after(async () => {
      await host.stop();
      await database.drop();
    });

    it("counts the days of its tenant, by indexes", async () => {
      let overview: Overview | undefined;
      const sent = await statementsOf(database.knex, async () => {
        const answer = await fetch(`${host.baseUrl}/saml/settings/overview`);
        overview = (await answer.json()) as Overview;
      });
      const days = overview?.days ?? [];
      expect(days).to.have.length(30);
      const total = days.reduce((sum, { signIns, refusals }) => sum + signIns + refusals, 0);
      // 30 of the 400 days have as many entries each; nine tenths of them are the tenant's.
      expect(total).to.equal(((ENTRIES * 30) / DAYS) * 0.9);
      for (const statement of sent.filter((one) => !isTransactionControl(one))) {
        // The few receipts and refusals of a tenant are read whole where that is cheaper.
        if (!statement.sql.includes("saml_jit_audit")) continue;
        expect(await fullScans(database.knex, statement), statement.sql).to.deep.equal([]);
      }
    });
  });
}
