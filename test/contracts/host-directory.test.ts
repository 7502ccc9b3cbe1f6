import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import mysql2 from "mysql2";
import sqlite3 from "sqlite3";
import { createTables, seeTables, users } from "../../examples/users/knex.ts";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import {
  type HostUserDirectory,
  type MakeHostUserDirectory,
  makeObjectionStores as stores,
} from "../../src/mod.ts";
import {
  email,
  sampleAssertion,
  sampleReceipt,
  sampleUser,
} from "../../src/testing/contracts/samples.ts";
import { hostUserDirectoryContract } from "../../src/testing/contracts/user-directory-contract.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { runContract } from "./run-contract.ts";

/** What of pg, which has no declarations of its own, is used here. */
const pg: {
  readonly Client: new () => {
    query(
      sql: string,
      done: (error: Error | null, result?: { readonly rows: unknown }) => void,
    ): void;
  };
} = createRequire(import.meta.url)("pg");

const ADA = email("ada@example.test");
const tenant = parseTenantId("acme")!;

for (const { name, create } of DATABASES) {
  describe(`a host's own directory on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex });
      await createTables(database.knex);
    });
    after(() => database.drop());

    runContract(
      "HostUserDirectory",
      hostUserDirectoryContract(async () => ({
        ...makeObjectionStores({ knex: database.knex, users }),
        ...seeTables(database.knex),
        tenant: parseTenantId(randomUUID())!,
        otherTenant: parseTenantId(randomUUID())!,
      })),
    );

    const over = (makeDirectory: MakeHostUserDirectory) =>
      stores({ knex: database.knex, users: makeDirectory });
    const answering = (answers: Partial<Record<keyof HostUserDirectory, unknown>>) =>
      over((transaction) => {
        const own = users(transaction);
        const replaced = Object.fromEntries(
          Object.entries(answers).map(([method, answer]) => [method, async () => answer]),
        );
        return { ...own, ...replaced };
      }).stores.users;
    const failureOf = async (call: () => Promise<unknown>) =>
      call().then(
        () => "nothing thrown",
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      );

    it("has the driver's own connection, which is in the same transaction", async () => {
      const user = sampleUser(ADA, { ...seeTables(database.knex).vocabulary });
      const seen: unknown[] = [];
      const { unitOfWork, stores: outside } = over((transaction) => ({
        ...users(transaction),
        countSeats: async () => {
          seen.push(await countThrough(name, transaction));
          return 0;
        },
      }));
      const failing = unitOfWork.run(tenant, async (inside) => {
        await inside.users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user));
        await inside.users.countSeats(tenant, []);
        throw new Error("undone");
      });
      expect(await failureOf(() => failing)).to.equal("Error: undone");
      await outside.users.countSeats(tenant, []);
      expect(seen).to.deep.equal([1, 0]);
    });

    it("refuses the connection of another driver, and says so", async () => {
      const { users: wrong } = over((transaction) => {
        transaction.connection(class Foreign {});
        return users(transaction);
      }).stores;
      expect(await failureOf(() => wrong.findByEmail(tenant, ADA))).to.contain(
        "HostMistakeError: users: the connection is not a Foreign",
      );
    });

    it("admits nobody by an answer that is not what was asked for", async () => {
      const known = { id: "1", email: ADA, state: "active" };
      for (const [found, fault] of [
        [{ ...known, email: "ADA@example.test" }, "exactly that address"],
        [{ ...known, email: email("eve@example.test") }, "exactly that address"],
        [{ ...known, state: true }, "must return a state"],
        [{ ...known, id: 1 }, "must return an ID"],
        [{ ...known, id: "" }, "must return an ID"],
      ] as const) {
        const { findByEmail } = answering({ findByEmail: found });
        expect(await failureOf(() => findByEmail(tenant, ADA))).to.contain(fault);
      }
      expect(await answering({ findByEmail: null }).findByEmail(tenant, ADA)).to.equal(undefined);
      for (const seats of [-1, 1.5, "0", undefined, Number.NaN]) {
        const { countSeats } = answering({ countSeats: seats });
        expect(await failureOf(() => countSeats(tenant, []))).to.contain("non-negative integer");
      }
    });

    it("keeps no receipt of a user without an ID", async () => {
      const user = sampleUser(ADA, seeTables(database.knex).vocabulary);
      const { create: add } = answering({ create: undefined });
      const failure = await failureOf(() =>
        add(tenant, user, sampleReceipt(user), {}, sampleAssertion(user)),
      );
      expect(failure).to.contain("users.create must return an ID");
      expect(await database.knex("saml_jit_receipts").where({ tenant })).to.deep.equal([]);
    });

    it("must have every method", async () => {
      const { countJitSeats: _, ...rest } = answering({});
      const { users: partial } = over(() => rest as unknown as HostUserDirectory).stores;
      expect(await failureOf(() => partial.findByEmail(tenant, ADA))).to.contain(
        "users must return an object with the method countJitSeats",
      );
    });
  });
}

/** Counts users past Knex, by the driver. */
function countThrough(
  name: string,
  { connection }: Parameters<MakeHostUserDirectory>[0],
): Promise<number> {
  const sql = `SELECT COUNT(*) AS n FROM people WHERE customer = '${tenant}'`;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, rows: unknown) =>
      error === null ? resolve(Number((rows as { n: number }[])[0]?.n)) : reject(error);
    switch (name) {
      case "PostgreSQL":
        connection(pg.Client).query(sql, (error, result) => done(error, result?.rows));
        break;
      case "MariaDB":
        connection(mysql2.Connection).query(sql, (error, rows) => done(error, rows));
        break;
      default:
        connection(sqlite3.Database).all(sql, done);
    }
  });
}
