import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { sampleSettings } from "../../../src/testing/contracts/samples.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";

const tenant = parseTenantId("acme")!;

describe("settings read by concurrent callers", () => {
  let database: TestDatabase;
  before(async () => {
    database = await DATABASES[0]!.create();
    await migrate({ knex: database.knex });
  });
  after(() => database.drop());

  it("are read once for all who wait, and everybody's own to change", async () => {
    const { stores } = makeObjectionStores({ knex: database.knex });
    await stores.settings.save(tenant, sampleSettings(1));
    let reads = 0;
    database.knex.on("query", () => {
      reads += 1;
    });
    const asked = [1, 2, 3, 4].map(() => stores.settings.load(tenant));
    const [, host, ...others] = await Promise.all(asked);
    expect(reads).to.equal(2);
    Object.assign(host!.settings, { enabled: !host!.settings.enabled });
    for (const other of others) expect(other).to.deep.equal(sampleSettings(1));
  });
});
