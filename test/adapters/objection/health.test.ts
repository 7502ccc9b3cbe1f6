import { rm } from "node:fs/promises";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeMigrations } from "../../../src/migrations.ts";
import { newcomer } from "../../faults/arrivals.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";

for (const { name, create } of DATABASES) {
  describe(`health over ${name}`, () => {
    let database: TestDatabase;
    let host: TestHost;

    beforeEach(async () => {
      database = await create();
      host = await startHost({ knex: database.knex });
    });
    afterEach(async () => {
      await host.stop();
      await database.drop();
    });

    it("fails until the tables are there, and leaves nothing behind by looking", async () => {
      for (const _ of ["once", "twice"]) {
        const { status, checks } = await host.saml.health();
        expect(status).to.equal("fail");
        expect(checks.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
          "storage pass",
          "migrations fail",
        ]);
        expect(checks[1]?.detail).to.match(/^call migrate\(\): saml_jit_001_stores, /);
      }
      await host.saml.migrate();
      expect((await host.saml.health()).status).to.equal("pass");
    });

    it("fails when a step of the schema is missing", async () => {
      await host.saml.migrate();
      await database.knex("saml_jit_migrations").where("name", "saml_jit_002_users").delete();
      const { checks } = await host.saml.health();
      expect(checks[1]?.detail).to.equal("call migrate(): saml_jit_002_users");
    });

    it("passes where the host runs the migrations with a migrator of its own", async () => {
      for (const { up } of makeMigrations({ userTables: true })) await up(database.knex);
      expect((await host.saml.health()).status).to.equal("pass");
    });

    it("names each step that the host's own migrator has left out", async () => {
      for (const { name, up } of makeMigrations({ userTables: true })) {
        if (!/_00[3-6]_/.test(name)) await up(database.knex);
      }
      const { status, checks } = await host.saml.health();
      expect(status).to.equal("fail");
      expect(checks[1]?.detail).to.equal(
        "call migrate(): saml_jit_003_test_sign_ins, saml_jit_004_seat_lock, saml_jit_005_events, saml_jit_006_seat_locks",
      );
    });

    it("names a table that was taken away after migrate()", async () => {
      await host.saml.migrate();
      await database.knex.schema.dropTable("saml_jit_receipts");
      const { status, checks } = await host.saml.health();
      expect(status).to.equal("fail");
      expect(checks[0]).to.deep.equal({ name: "storage", status: "pass" });
      expect(checks[1]?.detail).to.match(/^tables are missing .*: saml_jit_receipts$/);
    });

    it("says that a newer version has made the schema; this version works with it", async () => {
      await host.saml.migrate();
      await plantLaterStep(database.knex);
      await host.saml.migrate();
      const { status, checks } = await host.saml.health();
      expect(status).to.equal("warn");
      expect(checks[1]?.detail).to.match(/^the schema is newer .*: saml_jit_999_later$/);
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
      expect((await newcomer(host, "ada@customer.example")).status).to.equal(303);
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
    });

    it("fails when the database takes no writes, and leaves no row by trying", async () => {
      await host.saml.migrate();
      expect((await host.saml.health()).status).to.equal("pass");
      expect(await database.knex("saml_jit_ledger").select("kind")).to.deep.equal([]);
      const other = await readOnly(name, database);
      const readers = await startHost({ knex: other });
      try {
        const { status, checks } = await readers.saml.health();
        expect(status).to.equal("fail");
        expect(checks[0]?.detail).to.equal("the storage does not accept writes");
      } finally {
        await readers.stop();
        await other.destroy();
      }
    });

    if (name === "SQLite") {
      it("fails when the file is gone", async () => {
        await host.saml.migrate();
        const { filename } = database.config.connection as Knex.Sqlite3ConnectionConfig;
        await rm(filename);
        const { status, checks } = await host.saml.health();
        expect(status).to.equal("fail");
        expect(checks[0]?.detail).to.equal("the storage is not responding");
      });

      it("fails when the file is gone and a write-ahead log hides that", async () => {
        await database.knex.raw("PRAGMA journal_mode = WAL");
        await host.saml.migrate();
        expect((await host.saml.health()).status).to.equal("pass");
        const { filename } = database.config.connection as Knex.Sqlite3ConnectionConfig;
        await rm(filename);
        expect((await host.saml.health()).status).to.equal("fail");
      });
    } else {
      it("fails, within seconds, while the table of users is locked", async () => {
        await host.saml.migrate();
        const held = await database.knex.transaction();
        const lock = { PostgreSQL: "LOCK TABLE ??", MariaDB: "LOCK TABLES ?? WRITE" }[name];
        await held.raw(lock, ["saml_jit_users"]);
        const { status, checks } = await host.saml.health();
        if (name === "MariaDB") await held.raw("UNLOCK TABLES");
        await held.rollback();
        expect(status).to.equal("fail");
        expect(checks[0]?.detail).to.equal("the storage is not responding");
        expect((await host.saml.health()).status).to.equal("pass");
      });
    }

    it("fails when the database does not answer", async () => {
      await host.saml.migrate();
      await database.knex.destroy();
      expect(await host.saml.health()).to.deep.equal({
        status: "fail",
        checks: [{ name: "storage", status: "fail", detail: "the storage is not responding" }],
      });
    });
  });
}

/** What the next version may do to the schema: a step of its own, with a table and a column. */
async function plantLaterStep(knex: Knex): Promise<void> {
  await knex.schema.createTable("saml_jit_later", (table) => table.integer("id").primary());
  await knex.schema.alterTable("saml_jit_users", (table) => table.string("later").nullable());
  const batch = 2;
  const migration_time = new Date();
  await knex("saml_jit_migrations").insert({ name: "saml_jit_999_later", batch, migration_time });
}

type Done = (error: Error | null, connection: unknown) => void;
interface Connection {
  query?(sql: string, done: (error: Error | null) => void): void;
  exec?(sql: string, done: (error: Error | null) => void): void;
}

/** Connections whose transactions are read-only, as on a standby. */
async function readOnly(
  name: "SQLite" | "PostgreSQL" | "MariaDB",
  { config }: TestDatabase,
): Promise<Knex> {
  const sql = {
    SQLite: "PRAGMA query_only = 1",
    PostgreSQL: "SET default_transaction_read_only = on",
    MariaDB: "SET SESSION TRANSACTION READ ONLY",
  }[name];
  const afterCreate = (connection: Connection, done: Done) => {
    const set = connection.exec ?? connection.query;
    set?.call(connection, sql, (error) => done(error, connection));
  };
  return knexFactory({ ...config, pool: { min: 0, max: 1, afterCreate } });
}
