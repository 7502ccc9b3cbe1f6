import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { it } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { DATABASES } from "../support/databases.ts";
import { failuresIn, openSettings, startHost } from "../support/host.ts";
import { newcomer } from "./arrivals.ts";
import { SILENT } from "./silent.ts";

/** A limit of the operator's own, and a lock of a whole table that runs into it. */
const LIMITS = {
  PostgreSQL: {
    limit: "SET statement_timeout = '100ms'",
    lock: "LOCK TABLE saml_jit_ledger",
    unlock: "SELECT 1",
    code: "57014",
  },
  MariaDB: {
    limit: "SET SESSION max_statement_time = 0.1",
    lock: "LOCK TABLES saml_jit_ledger WRITE",
    unlock: "UNLOCK TABLES",
    code: /^(?:1969|ER_STATEMENT_TIMEOUT)$/,
  },
};

interface Connection {
  query(sql: string, done: (error: Error | null) => void): void;
}
type Created = (error: Error | null, connection: Connection) => void;

for (const { name, create } of DATABASES) {
  it(`a failure on ${name} that is a bug is logged by name, without values, and reaches the host`, async () => {
    const database = await create();
    const { knex } = database;
    const host = await startHost({ knex });
    const emitted: unknown[] = [];
    host.app.on("error", (error) => emitted.push(error));
    try {
      await host.saml.migrate();
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      await knex.schema.alterTable("saml_jit_users", (table) => {
        table.unique(["tenant", "role"], { indexName: "one_of_each_role" });
      });
      expect((await newcomer(host, "bob@customer.example")).status).to.equal(303);
      const { status } = await newcomer(host, "ada@customer.example");
      expect(status).to.equal(500);
      const [failure] = failuresIn(host.logger);
      expect(failure?.database?.code).to.be.a("string");
      expect(JSON.stringify(failure)).not.to.match(/ada@|editor/);
      const [error] = emitted;
      expect(error).to.be.instanceOf(Error).and.include({ reference: failure?.reference });
      expect(`${error}${(error as Error).stack}`).not.to.match(/ada@|editor/);
    } finally {
      await host.stop();
      await database.drop();
    }
  });

  if (name === "SQLite") continue; // has no such limits
  it(`an operator's own time limit on ${name} is answered with 503, and its code is logged`, async () => {
    const database = await create();
    const { limit, lock, unlock, code } = LIMITS[name];
    const pool: Knex.PoolConfig = {
      min: 0,
      max: 4,
      afterCreate: (connection: Connection, done: Created) =>
        connection.query(limit, (error) => done(error, connection)),
    };
    const knex = knexFactory({ ...database.config, pool, log: SILENT });
    const host = await startHost({ knex });
    try {
      await migrate({ knex: database.knex, userTables: true });
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const held = await database.knex.transaction();
      await held.raw(lock);
      const refused = await newcomer(host, "ada@customer.example");
      await held.raw(unlock);
      await held.rollback();
      expect(refused.status).to.equal(503);
      expect(refused.retryAfter).to.be.within(1, 60);
      const [failure] = failuresIn(host.logger);
      expect(failure?.code).to.equal("storage-unavailable");
      expect(failure?.database?.code).to.match(new RegExp(code));
      expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
    } finally {
      await host.stop();
      await knex.destroy();
      await database.drop();
    }
  });
}
