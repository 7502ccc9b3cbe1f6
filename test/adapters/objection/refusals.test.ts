import { expect } from "chai";
import knexFactory from "knex";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { REFUSALS_KEPT } from "../../../src/ports/audit-trail.ts";
import { sampleEntry, sampleSettings } from "../../../src/testing/contracts/samples.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";

const tenant = parseTenantId("acme")!;
const refusal = (number: number) => sampleEntry(number, { outcome: "rejected" });
const several = (count: number) => Array.from({ length: count }, (_, index) => index);

for (const { name, create } of DATABASES) {
  describe(`a flood of refusals on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex });
    });
    after(() => database.drop());

    it("is kept within the bound, and counted to the last", async () => {
      const { stores } = makeObjectionStores({ knex: database.knex });
      const total = 2 * REFUSALS_KEPT + 7;
      await Promise.all(
        several(total).map((number) => stores.audit.appendRefusal(tenant, refusal(number))),
      );
      expect(await stores.audit.refusalCount(tenant)).to.equal(total);
      const { entries } = await stores.audit.page(tenant, { filter: {}, limit: 2 * REFUSALS_KEPT });
      expect(entries.map(({ id }) => Number(id))).to.deep.equal(
        several(REFUSALS_KEPT).map((index) => total - 1 - index),
      );
    });

    if (name === "SQLite") return; // it has one writer, however many connections there are

    it("leaves the other connections to people who sign in", async () => {
      const knex = knexFactory({ ...database.config, pool: { min: 0, max: 2 } });
      try {
        const { stores } = makeObjectionStores({ knex });
        const other = parseTenantId("busy")!;
        await stores.settings.save(other, sampleSettings(1));
        await stores.audit.appendRefusal(other, refusal(0));
        const flood = await database.knex.transaction(async (trx) => {
          await trx("saml_jit_refusals").where({ tenant: other }).forUpdate().first("refusals");
          const refusals = several(20).map((number) =>
            stores.audit.appendRefusal(other, refusal(number + 1)),
          );
          expect(await stores.settings.load(other)).to.deep.equal(sampleSettings(1));
          return { refusals };
        });
        await Promise.all(flood.refusals);
        expect(await stores.audit.refusalCount(other)).to.equal(21);
      } finally {
        await knex.destroy();
      }
    });
  });
}
