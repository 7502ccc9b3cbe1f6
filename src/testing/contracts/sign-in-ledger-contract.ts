import assert from "node:assert/strict";
import type { SingleUse } from "../../ports/sign-in-ledger.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, SAMPLE_TIME, valuesOf } from "./samples.ts";

const THING: SingleUse = { kind: "assertion", key: "a1".repeat(32), expiresAt: SAMPLE_TIME };

/** What every SignInLedger promises. */
export function signInLedgerContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "takes a thing once", async ({ stores: { ledger }, tenant }) => {
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
      "gives a thing to exactly one of 20 callers at once",
      async ({ stores: { ledger }, tenant }) => {
        const results = await atOnce(20, () => ledger.consume(tenant, THING));
        assert.equal(valuesOf(results).length, 20);
        assert.equal(valuesOf(results).filter((first) => first).length, 1);
      },
    ),
    storesCase(
      makeSubject,
      "gives a thing to exactly one of 20 transactions at once",
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
      "has never taken a thing in a transaction that failed",
      async ({ stores, unitOfWork, tenant }) => {
        const failing = unitOfWork.run(tenant, async ({ ledger }) => {
          assert.equal(await ledger.consume(tenant, THING), true);
          throw new Error("changed my mind");
        });
        await assert.rejects(failing, /changed my mind/);
        assert.equal(await stores.ledger.consume(tenant, THING), true);
      },
    ),
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

async function drain(purge: () => Promise<number>): Promise<void> {
  while ((await purge()) > 0);
}
