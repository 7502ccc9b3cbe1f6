import { randomUUID } from "node:crypto";
import knexFactory, { type Knex } from "knex";
import { after, before, describe } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import {
  makeObjectionStores,
  type ObjectionStores,
} from "../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import { seeOwnUsers } from "../contracts/own-users-subject.ts";
import { runStoreContracts } from "../contracts/run-contract.ts";
import { declareHttpRaces } from "../races/http-races.ts";
import { GALERA_IN_STEP, type TestDatabase } from "../support/databases.ts";

describe("Objection adapter that asks one Galera node after the other", () => {
  let database: TestDatabase;
  let nodes: readonly Knex[];
  before(async () => {
    database = await GALERA_IN_STEP.create();
    nodes = database.nodes.map((config) => knexFactory(config));
    await migrate({ knex: database.knex, userTables: true });
  });
  after(async () => {
    for (const knex of nodes) await knex.destroy();
    await database.drop();
  });

  runStoreContracts(async () => ({
    ...alternate(nodes.map((knex) => makeObjectionStores({ knex }))),
    ...seeOwnUsers(database.knex),
    tenant: parseTenantId(randomUUID())!,
    otherTenant: parseTenantId(randomUUID())!,
  }));
});

declareHttpRaces(GALERA_IN_STEP);

function alternate(nodes: readonly ObjectionStores[]): ObjectionStores {
  const stores = nodes.map((node) => node.stores);
  return {
    stores: {
      users: inTurns(stores.map(({ users }) => users)),
      settings: inTurns(stores.map(({ settings }) => settings)),
      ledger: inTurns(stores.map(({ ledger }) => ledger)),
      audit: inTurns(stores.map(({ audit }) => audit)),
      testSignIns: inTurns(stores.map(({ testSignIns }) => testSignIns)),
      domainProofs: inTurns(stores.map(({ domainProofs }) => domainProofs)),
      events: inTurns(stores.map(({ events }) => events)),
      refreshes: inTurns(stores.map(({ refreshes }) => refreshes)),
    },
    unitOfWork: inTurns(nodes.map(({ unitOfWork }) => unitOfWork)),
  };
}

/** One object, each use of which goes to the next of `all`. */
function inTurns<T extends object>(all: readonly T[]): T {
  let turn = 0;
  return new Proxy(all[0]!, { get: (_, key) => Reflect.get(all[turn++ % all.length]!, key) });
}
