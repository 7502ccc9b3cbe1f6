import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { StorageUnavailableError } from "../../../src/ports/errors.ts";
import { sampleEntry } from "../../../src/testing/contracts/samples.ts";

const tenant = parseTenantId("acme")!;
const IMPATIENT = { attempts: 1 };

describe("eight SQLite connections of one process, of which none waits for the file", () => {
  let folder: string;
  let knex: Knex;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "koa-saml-jit-"));
    knex = knexFactory({
      client: "sqlite3",
      connection: { filename: join(folder, "test.sqlite") },
      useNullAsDefault: true,
      pool: {
        min: 0,
        max: 8,
        afterCreate: (
          connection: { exec(sql: string, done: (error: unknown) => void): void },
          done: (error: unknown) => void,
        ) => {
          connection.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 0", done);
        },
      },
    });
    await migrate({ knex, userTables: true });
  });
  after(async () => {
    await knex.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  it("take turns: 40 concurrent transactions do not conflict", async () => {
    const { stores, unitOfWork } = makeObjectionStores({ knex, retry: IMPATIENT });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        unitOfWork.run(tenant, async ({ ledger }) => {
          const thing = { kind: "assertion", key: `k${index}`, expiresAt: 1 } as const;
          expect(await ledger.consume(tenant, thing)).to.equal(true);
          order.push(index);
        }),
      ),
    );
    expect(order).to.deep.equal(Array.from({ length: 40 }, (_, index) => index));
    expect(await stores.ledger.purgeExpired(2, 100)).to.equal(40);
  });

  it("take turns with what goes through a copy of the Knex, as migrating does", async () => {
    const { unitOfWork } = makeObjectionStores({ knex, retry: IMPATIENT });
    const copy = makeObjectionStores({ knex: knex.withUserParams({}), retry: IMPATIENT });
    const order: string[] = [];
    await Promise.all([
      unitOfWork.run(tenant, async ({ settings }) => {
        await settings.load(tenant);
        order.push("first");
      }),
      copy.unitOfWork.run(tenant, async () => order.push("second")),
    ]);
    expect(order).to.deep.equal(["first", "second"]);
  });

  it("go on after one that failed", async () => {
    const { unitOfWork } = makeObjectionStores({ knex, retry: IMPATIENT });
    const results = await Promise.allSettled(
      [1, 2, 3].map((number) =>
        unitOfWork.run(tenant, async () => {
          if (number === 1) throw new Error("no");
          return number;
        }),
      ),
    );
    expect(results.map(({ status }) => status)).to.deep.equal([
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
  });

  it("do not wait for each other for ever when one is begun within another", async () => {
    const { unitOfWork } = makeObjectionStores({ knex, retry: IMPATIENT });
    const inner = (): Promise<string> => unitOfWork.run(tenant, async () => "inner");
    const [nested, next] = await Promise.allSettled([unitOfWork.run(tenant, inner), inner()]);
    expect(nested).to.have.property("reason").that.is.instanceOf(StorageUnavailableError);
    expect(next).to.deep.equal({ status: "fulfilled", value: "inner" });
  });

  it("do not wait for each other for ever when refusals wait for one that refuses, too", async () => {
    const { stores, unitOfWork } = makeObjectionStores({ knex, retry: IMPATIENT });
    const refuse = (number: number) =>
      stores.audit.appendRefusal(tenant, sampleEntry(number, { outcome: "rejected" }));
    const signals = new EventEmitter();
    const begun = once(signals, "begun");
    const nested = unitOfWork.run(tenant, async () => {
      const waiting = once(signals, "waiting");
      signals.emit("begun");
      await waiting;
      await refuse(1);
    });
    await begun;
    const others = [refuse(2)];
    await setImmediate();
    others.push(refuse(3));
    signals.emit("waiting");
    const results = await Promise.allSettled([nested, ...others]);
    expect(results.map(({ status }) => status)).to.deep.equal([
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
  });

  it("are not waited for in turn while another process has the file", async () => {
    const retry = { attempts: 8, budgetMs: 10, elapsed: () => now, wait: async () => undefined };
    let now = 0;
    const { unitOfWork } = makeObjectionStores({ knex, retry });
    const held = await knex.transaction();
    await held.raw("COMMIT");
    await held.raw("BEGIN IMMEDIATE");
    const tries: number[] = [];
    const spy = ({ sql }: { readonly sql: string }) => sql === "BEGIN;" && tries.push(now++);
    knex.on("query", spy);
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => unitOfWork.run(tenant, async () => "done")),
    );
    knex.off("query", spy);
    await held.rollback();
    for (const result of results) {
      expect(result).to.have.property("reason").that.is.instanceOf(StorageUnavailableError);
    }
    expect(tries).to.have.length.within(1, 12);
    expect(await unitOfWork.run(tenant, async () => "done")).to.equal("done");
  });
});
