import { randomUUID } from "node:crypto";
import { after, before, describe } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import { seeOwnUsers } from "../contracts/own-users-subject.ts";
import { runStoreContracts } from "../contracts/run-contract.ts";
import { betterSqlite3 } from "../support/better-sqlite3.ts";
import { createSqlite, type TestDatabase } from "../support/databases.ts";

describe("Objection adapter on SQLite by better-sqlite3", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createSqlite(await betterSqlite3());
    await migrate({ knex: database.knex, userTables: true });
  });
  after(() => database.drop());

  runStoreContracts(async () => ({
    ...makeObjectionStores({ knex: database.knex }),
    ...seeOwnUsers(database.knex),
    tenant: parseTenantId(randomUUID())!,
    otherTenant: parseTenantId(randomUUID())!,
  }));
});
