import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeMigrations } from "../../../src/migrations.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { startHost, type TestHost } from "../../support/host.ts";

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
