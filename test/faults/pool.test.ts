import { expect } from "chai";
import knexFactory from "knex";
import { it } from "mocha";
import { DATABASES } from "../support/databases.ts";
import { openSettings, startHost } from "../support/host.ts";
import { newcomer } from "./arrivals.ts";
import { SILENT } from "./silent.ts";

for (const { name, create } of DATABASES) {
  it(`a pool that the host has emptied on ${name}: 503 in its own time, then on as before`, async () => {
    const database = await create();
    const knex = knexFactory({
      ...database.config,
      pool: { min: 0, max: 1 },
      acquireConnectionTimeout: 1000,
      log: SILENT,
    });
    const host = await startHost({ knex });
    try {
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const held = await knex.transaction();
      const refused = await newcomer(host, "ada@customer.example");
      expect(refused.status).to.equal(503);
      expect(refused.retryAfter).to.be.within(1, 60);
      await held.rollback();
      expect(await knex("saml_jit_users").select("id")).to.deep.equal([]);
      expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
    } finally {
      await host.stop();
      await knex.destroy();
      await database.drop();
    }
  });
}
