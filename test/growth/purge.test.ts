import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { keepArriving } from "../faults/arrivals.ts";
import { formFor } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { fill } from "./fill.ts";

const OLD = 3000;
const LIMIT = 500;

for (const { name, create } of DATABASES) {
  describe(`purging ${name} while people sign in`, () => {
    let database: TestDatabase;
    let host: TestHost;
    before(async () => {
      database = await create();
      const { knex } = database;
      host = await startHost({ knex });
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      await fill(knex, "saml_jit_ledger", OLD, {
        tenant: "'default'",
        kind: "'assertion'",
        key: "CONCAT('k', n)",
        expires_at: "n",
      });
      await fill(knex, "saml_jit_audit", OLD, {
        tenant: "'default'",
        id: "CONCAT('0', n)",
        reference: "'R'",
        at: "n",
        outcome: "'signed-in'",
        detail: "'{}'",
      });
    });
    after(async () => {
      await host.stop();
      await database.drop();
    });

    it("forgets a batch at a time what is over, and nothing that still counts", async () => {
      const acs = `${host.baseUrl}/saml/acs`;
      const form = formFor(host, "ada@customer.example");
      expect((await makeBrowser().post(acs, form)).status).to.equal(303);
      const arrivals = keepArriving(host, 2);
      const batches = [];
      for (let left = OLD; left > 0; left -= LIMIT) {
        await arrivals.until(303, 2);
        batches.push(await host.saml.purge({ limit: LIMIT, auditBefore: OLD }));
      }
      await arrivals.stop();
      const full = { ledger: LIMIT, audit: LIMIT, testSignIns: 0, events: 0 };
      expect(batches).to.deep.equal(Array(OLD / LIMIT).fill(full));
      const nothing = { ledger: 0, audit: 0, testSignIns: 0, events: 0 };
      expect(await host.saml.purge({ limit: LIMIT, auditBefore: OLD })).to.deep.equal(nothing);
      expect(arrivals.answered.filter(({ status }) => status !== 303)).to.deep.equal([]);
      expect((await makeBrowser().post(acs, form)).status).to.equal(403);
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
    });

    it("keeps the audit trail by default", async () => {
      const before = await database.knex("saml_jit_audit").select("id");
      expect(await host.saml.purge({ now: Number.MAX_SAFE_INTEGER })).to.include({ audit: 0 });
      expect(await database.knex("saml_jit_audit").select("id")).to.have.length(before.length);
    });
  });
}
