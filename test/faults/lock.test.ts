import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { describe, it } from "mocha";
import { DATABASES } from "../support/databases.ts";
import { openSettings, startHost } from "../support/host.ts";
import { ANSWER_WITHIN_MS, newcomer } from "./arrivals.ts";
import { SILENT } from "./silent.ts";

const PATIENCE = {
  PostgreSQL: "SET lock_timeout = '50ms'",
  MariaDB: "SET SESSION innodb_lock_wait_timeout = 0",
};

/** What the drivers of both databases have in common. */
interface Connection {
  query(sql: string, done: (error: Error | null) => void): void;
}
type Created = (error: Error | null, connection: Connection) => void;

for (const { name, create } of DATABASES) {
  if (name === "SQLite") continue; // one writer at a time: the pool's case
  describe(`a tenant's lock held by another transaction on ${name}`, () => {
    it("is waited for, then answered with 503; sign-ins that need no seat go on", async () => {
      const database = await create();
      const pool: Knex.PoolConfig = {
        min: 0,
        max: 4,
        afterCreate: (connection: Connection, done: Created) =>
          connection.query(PATIENCE[name], (error) => done(error, connection)),
      };
      const knex = knexFactory({ ...database.config, pool, log: SILENT });
      const host = await startHost({ knex });
      try {
        await host.saml.migrate();
        await host.saml.saveSettings("default", openSettings(host), "set-up");
        host.licenseLimit = 10;
        expect((await newcomer(host, "bob@customer.example")).status).to.equal(303);
        const held = await knex.transaction();
        await held("saml_jit_settings").where({ tenant: "default" }).forUpdate().select("version");
        const refused = await newcomer(host, "ada@customer.example");
        expect(refused.status).to.equal(503);
        expect(refused.retryAfter).to.be.within(1, 60);
        expect((await newcomer(host, "bob@customer.example")).status).to.equal(303);
        await held.rollback();
        expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
        expect(await host.saml.checkIntegrity()).to.deep.equal([]);
      } finally {
        await host.stop();
        await knex.destroy();
        await database.drop();
      }
    });

    it("is waited for within seconds by default, and a pool of two is not used up", async () => {
      const database = await create();
      const knex = knexFactory({ ...database.config, pool: { min: 0, max: 2 }, log: SILENT });
      const host = await startHost({ knex });
      try {
        await host.saml.migrate();
        await host.saml.saveSettings("default", openSettings(host), "set-up");
        host.licenseLimit = 10;
        expect((await newcomer(host, "bob@customer.example")).status).to.equal(303);
        const held = await database.knex.transaction();
        await held("saml_jit_settings").where({ tenant: "default" }).forUpdate().select("version");
        const start = performance.now();
        const waiting = ["ada", "eve", "joe"].map(async (user) => {
          const arrival = await newcomer(host, `${user}@customer.example`);
          return { ...arrival, took: performance.now() - start };
        });
        expect((await newcomer(host, "bob@customer.example")).status).to.equal(303);
        for (const { status, retryAfter, took } of await Promise.all(waiting)) {
          expect(status).to.equal(503);
          expect(retryAfter).to.be.within(1, 60);
          expect(took).to.be.lessThan(ANSWER_WITHIN_MS);
        }
        await held.rollback();
        expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
        const { value } = await sessionLimit(knex, name);
        expect(value).to.equal(name === "PostgreSQL" ? "0" : "50");
        expect(await host.saml.checkIntegrity()).to.deep.equal([]);
      } finally {
        await host.stop();
        await knex.destroy();
        await database.drop();
      }
    });
  });
}

/** What the host's own statements wait for. */
async function sessionLimit(
  knex: Knex,
  name: "PostgreSQL" | "MariaDB",
): Promise<{ readonly value: string }> {
  const sql =
    name === "PostgreSQL"
      ? "current_setting('lock_timeout') AS value"
      : "CAST(@@innodb_lock_wait_timeout AS CHAR) AS value";
  return knex.select(knex.raw(sql)).first();
}
