import { randomUUID } from "node:crypto";
import { after, before, describe } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import type { TestDatabase, TestDatabaseKind } from "../support/databases.ts";
import { seeOwnUsers } from "./own-users-subject.ts";
import { runStoreContracts } from "./run-contract.ts";

/** Declares every contract of the stores over a database. */
export function runContractsOn({ name, create }: TestDatabaseKind<string>): void {
  describe(`Objection adapter on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
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
}
