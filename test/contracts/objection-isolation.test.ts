import { randomUUID } from "node:crypto";
import knexFactory, { type Knex } from "knex";
import { after, before, describe } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { seeOwnUsers } from "./own-users-subject.ts";
import { runStoreContracts } from "./run-contract.ts";

const STATEMENTS = {
  PostgreSQL: "SET default_transaction_isolation = 'serializable'",
  MariaDB: "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
};

/** What the drivers of both databases have in common. */
interface Connection {
  query(sql: string, done: (error: Error | null) => void): void;
}

for (const { name, create } of DATABASES) {
  if (name === "SQLite") continue; // has one level only
  describe(`Objection adapter on ${name} whose default is SERIALIZABLE`, () => {
    let database: TestDatabase;
    let knex: Knex;
    before(async () => {
      database = await create();
      knex = knexFactory({
        ...database.config,
        pool: {
          min: 0,
          max: 10,
          afterCreate: (
            connection: Connection,
            done: (error: Error | null, c: Connection) => void,
          ) => connection.query(STATEMENTS[name], (error) => done(error, connection)),
        },
      });
      await migrate({ knex, userTables: true });
    });
    after(async () => {
      await knex.destroy();
      await database.drop();
    });

    runStoreContracts(async () => ({
      ...makeObjectionStores({ knex }),
      ...seeOwnUsers(knex),
      tenant: parseTenantId(randomUUID())!,
      otherTenant: parseTenantId(randomUUID())!,
    }));
  });
}
