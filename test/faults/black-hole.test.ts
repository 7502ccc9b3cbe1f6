import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { afterEach, beforeEach, describe, it } from "mocha";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { ANSWER_WITHIN_MS, newcomer, RETURN_WITHIN_MS } from "./arrivals.ts";
import { SILENT } from "./silent.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

for (const { name, create } of DATABASES) {
  if (name === "SQLite") continue; // has no connections to lose
  describe(`connections to ${name} that a firewall forgets`, () => {
    let database: TestDatabase;
    let proxy: TcpProxy;
    let knex: Knex;
    let host: TestHost;
    beforeEach(async () => {
      database = await create();
      const url = new URL(String(database.config.connection));
      proxy = await startTcpProxy(Number(url.port));
      url.port = String(proxy.port);
      const pool = { min: 0, max: 5 };
      // The driver's and Knex's defaults for everything else.
      knex = knexFactory({ ...database.config, connection: url.href, pool, log: SILENT });
      host = await startHost({ knex });
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
    });
    afterEach(async () => {
      await host.stop();
      await proxy.close();
      await knex.destroy();
      await database.drop();
    });

    const together = (from: string) =>
      Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const start = performance.now();
          const arrival = await newcomer(host, `${from}${index}@customer.example`);
          return { ...arrival, took: performance.now() - start };
        }),
      );

    it("are given up: 503 in time, then in again without a restart", async () => {
      for (const { status } of await together("warm")) expect(status).to.equal(303);
      proxy.blackhole();
      const start = performance.now();
      const caught = together("caught");
      let first: number | undefined;
      for (let number = 0; first === undefined && number < 20; number += 1) {
        const { status } = await newcomer(host, `later${number}@customer.example`);
        expect(status).to.be.oneOf([303, 503]);
        if (status === 303) first = performance.now() - start;
      }
      expect(first).to.be.lessThan(RETURN_WITHIN_MS);
      for (const { status, took, retryAfter } of await caught) {
        expect(status).to.be.oneOf([303, 503]);
        expect(took).to.be.lessThan(ANSWER_WITHIN_MS);
        if (status === 503) expect(retryAfter).to.be.within(1, 60);
      }
      for (const { status } of await together("after")) expect(status).to.equal(303);
      expect(knex.client.pool.numUsed()).to.equal(0);
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
    });

    it("idle ones are dropped together, not one sign-in after the other", async () => {
      for (const { status } of await together("warm")) expect(status).to.equal(303);
      proxy.blackhole();
      expect((await newcomer(host, "one@customer.example")).status).to.equal(503);
      expect((await newcomer(host, "two@customer.example")).status).to.equal(303);
    });
  });
}
