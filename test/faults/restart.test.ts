import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import type { HostProcess } from "../races/processes.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { keepArriving } from "./arrivals.ts";
import { type ServerJob, spawnServer } from "./server-process.ts";
import { SILENT } from "./silent.ts";

for (const [name, client] of [
  ["PostgreSQL", "pg"],
  ["MariaDB", "mysql2"],
] as const) {
  describe(`${name} killed while people sign in`, function () {
    this.timeout(60_000);
    let server: HostProcess<ServerJob>;
    let knex: Knex;
    let host: TestHost;
    before(async () => {
      server = spawnServer(name);
      const connection = String(await server.run({ kind: "open" }));
      const pool = { min: 0, max: 4 };
      knex = knexFactory({ client, connection, pool, acquireConnectionTimeout: 2000, log: SILENT });
      host = await startHost({ knex });
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
    });
    after(async () => {
      await host?.stop();
      await knex?.destroy();
      await server.end();
    });

    it("is answered with 503 and Retry-After, and no user is lost or partial", async () => {
      const arrivals = keepArriving(host, 4);
      try {
        await arrivals.until(303, 10);
        await server.run({ kind: "crash" });
        await arrivals.until(503, 10);
        await server.run({ kind: "restart" });
        await arrivals.until(303, 10);
      } finally {
        await arrivals.stop();
      }
      for (const { status, retryAfter } of arrivals.answered) {
        if (status === 503) expect(retryAfter).to.be.within(1, 60);
      }
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
      const users = await knex("saml_jit_users").pluck("email");
      const entered = arrivals.answered.filter(({ status }) => status === 303);
      expect(users).to.include.members(entered.map(({ email }) => email));
    });
  });
}
