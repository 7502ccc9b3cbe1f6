import assert from "node:assert/strict";
import type { SingleUse } from "../../ports/unit-of-work.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  type StoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, SAMPLE_TIME, valuesOf } from "./samples.ts";

const THING: SingleUse = { kind: "assertion", key: "a1".repeat(32), expiresAt: SAMPLE_TIME };

/** What every SignInLedger promises. */
export function signInLedgerContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "takes a key once", async ({ stores: { ledger }, tenant }) => {
      assert.equal(await ledger.consume(tenant, THING), true);
      assert.equal(await ledger.consume(tenant, THING), false);
      assert.equal(await ledger.consume(tenant, { ...THING, expiresAt: SAMPLE_TIME + 1 }), false);
    }),
    storesCase(
      makeSubject,
      "tells kinds and keys apart",
      async ({ stores: { ledger }, tenant }) => {
        assert.equal(await ledger.consume(tenant, THING), true);
        assert.equal(await ledger.consume(tenant, { ...THING, kind: "request" }), true);
        assert.equal(await ledger.consume(tenant, { ...THING, kind: "logout" }), true);
        assert.equal(await ledger.consume(tenant, { ...THING, key: "A1".repeat(32) }), true);
        assert.equal(await ledger.consume(tenant, { ...THING, key: `${"a1".repeat(31)}a` }), true);
      },
    ),
    storesCase(
      makeSubject,
      "consumes a record for exactly one of 20 concurrent callers",
      async ({ stores: { ledger }, tenant }) => {
        const results = await atOnce(20, () => ledger.consume(tenant, THING));
        assert.equal(valuesOf(results).length, 20);
        assert.equal(valuesOf(results).filter((first) => first).length, 1);
      },
    ),
    storesCase(
      makeSubject,
      "consumes a record for exactly one of 20 concurrent transactions",
      async ({ unitOfWork, tenant }) => {
        const results = await atOnce(20, () =>
          unitOfWork.run(tenant, ({ ledger }) => ledger.consume(tenant, THING)),
        );
        assert.equal(valuesOf(results).length, 20);
        assert.equal(valuesOf(results).filter((first) => first).length, 1);
      },
    ),
    storesCase(
      makeSubject,
      "has never taken a key in a transaction that failed",
      async ({ stores, unitOfWork, tenant }) => {
        const failing = unitOfWork.run(tenant, async ({ ledger }) => {
          assert.equal(await ledger.consume(tenant, THING), true);
          throw new Error("changed my mind");
        });
        await assert.rejects(failing, /changed my mind/);
        assert.equal(await stores.ledger.consume(tenant, THING), true);
      },
    ),
    ...together(makeSubject),
    storesCase(
      makeSubject,
      "forgets what expired, a batch at a time, and nothing else",
      async ({ stores: { ledger }, tenant }) => {
        await drain(() => ledger.purgeExpired(SAMPLE_TIME + 10, 1000));
        const take = (key: string, expiresAt: number) =>
          ledger.consume(tenant, { kind: "assertion", key, expiresAt });
        for (const key of ["a", "b", "c"]) await take(key, SAMPLE_TIME);
        await take("d", SAMPLE_TIME + 10);
        assert.equal(await ledger.purgeExpired(SAMPLE_TIME, 10), 0);
        assert.equal(await ledger.purgeExpired(SAMPLE_TIME + 10, 2), 2);
        assert.equal(await ledger.purgeExpired(SAMPLE_TIME + 10, 2), 1);
        assert.equal(await ledger.purgeExpired(SAMPLE_TIME + 10, 2), 0);
        assert.equal(await take("a", SAMPLE_TIME), true);
        assert.equal(await take("d", SAMPLE_TIME), false);
      },
    ),
    isolationCase(
      makeSubject,
      "keeps tenants apart",
      async ({ stores: { ledger }, tenant }, otherTenant) => {
        assert.equal(await ledger.consume(tenant, THING), true);
        assert.equal(await ledger.consume(otherTenant, THING), true);
        assert.equal(await ledger.consume(otherTenant, THING), false);
      },
    ),
  ];
}

const REQUEST: SingleUse = { kind: "request", key: "r1".repeat(32), expiresAt: SAMPLE_TIME };

/** Cases with several records. */
function together(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  /** The record that had been used before, which rolls back the transaction. */
  const takeAll = async (
    { unitOfWork, tenant }: StoresSubject,
    keys: readonly SingleUse[],
  ): Promise<SingleUse | undefined> => {
    let used: SingleUse | undefined;
    const taking = unitOfWork.run(tenant, async ({ ledger }) => {
      used = await ledger.consumeAll(tenant, keys);
      if (used !== undefined) throw new Error("used before");
    });
    await taking.catch((error: unknown) => {
      if (used === undefined) throw error;
    });
    return used;
  };
  return [
    storesCase(makeSubject, "consumes several records together, each once", async (subject) => {
      const { stores, tenant } = subject;
      assert.equal(await takeAll(subject, [THING, REQUEST]), undefined);
      assert.equal(await stores.ledger.consume(tenant, THING), false);
      assert.equal(await stores.ledger.consume(tenant, REQUEST), false);
    }),
    storesCase(makeSubject, "names the first key that was taken before", async (subject) => {
      const { stores, tenant } = subject;
      const other: SingleUse = { ...THING, key: "b2".repeat(32) };
      assert.equal(await takeAll(subject, [THING, REQUEST]), undefined);
      assert.deepEqual(await takeAll(subject, [THING, REQUEST]), THING);
      assert.deepEqual(await takeAll(subject, [other, REQUEST]), REQUEST);
      assert.equal(await stores.ledger.consume(tenant, other), true);
    }),
    storesCase(
      makeSubject,
      "consumes records for one of 20 concurrent transactions",
      async (subject) => {
        const results = await atOnce(20, (index) =>
          takeAll(subject, [{ ...THING, key: `k${index % 2}` }, REQUEST]),
        );
        assert.equal(valuesOf(results).length, 20);
        assert.equal(valuesOf(results).filter((used) => used === undefined).length, 1);
      },
    ),
    storesCase(
      makeSubject,
      "takes several keys only in a transaction",
      async ({ stores, tenant }) => {
        await assert.rejects(stores.ledger.consumeAll(tenant, [THING]));
      },
    ),
  ];
}

async function drain(purge: () => Promise<number>): Promise<void> {
  while ((await purge()) > 0);
}
