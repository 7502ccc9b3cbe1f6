import assert from "node:assert/strict";
import type { TenantId } from "../../domain/tenant.ts";
import type { FinishedTestSignIn, PendingTestSignIn } from "../../domain/test-sign-in.ts";
import { TESTS_KEPT, type TestSignIns } from "../../ports/test-sign-ins.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, SAMPLE_TIME, sampleOutcome, sampleTest, valuesOf } from "./samples.ts";

/** What every TestSignIns promises. */
export function testSignInsContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(
      makeSubject,
      "gives back what was added",
      async ({ stores: { testSignIns }, tenant }) => {
        assert.equal(await testSignIns.find(tenant, "00000001"), undefined);
        await testSignIns.add(tenant, sampleTest(1));
        await testSignIns.add(tenant, sampleTest(2, { requestId: "_r" }));
        assert.deepEqual(await testSignIns.find(tenant, "00000001"), sampleTest(1));
        assert.deepEqual(
          await testSignIns.find(tenant, "00000002"),
          sampleTest(2, { requestId: "_r" }),
        );
      },
    ),
    storesCase(
      makeSubject,
      "ends a test once, by the request that it awaits, and keeps its outcome",
      async ({ stores: { testSignIns }, tenant }) => {
        const test = sampleTest(1);
        await testSignIns.add(tenant, test);
        assert.equal(await testSignIns.finish(tenant, test.id, "_1", sampleOutcome()), false);
        assert.equal(await testSignIns.restart(tenant, test.id, "_1"), true);
        assert.equal(await testSignIns.restart(tenant, test.id, "_2"), true);
        assert.equal(await testSignIns.restart(tenant, "gone", "_2"), false);
        assert.equal(await testSignIns.finish(tenant, test.id, "_1", sampleOutcome()), false);
        assert.deepEqual(await testSignIns.find(tenant, test.id), { ...test, requestId: "_2" });
        assert.equal(await testSignIns.finish(tenant, test.id, "_2", sampleOutcome()), true);
        assert.deepEqual(await testSignIns.find(tenant, test.id), ended(test));
        assert.equal(await testSignIns.finish(tenant, test.id, "_2", rejected()), false);
        assert.equal(await testSignIns.restart(tenant, test.id, "_3"), false);
        assert.deepEqual(await testSignIns.find(tenant, test.id), ended(test));
      },
    ),
    storesCase(
      makeSubject,
      "keeps why a test failed",
      async ({ stores: { testSignIns }, tenant }) => {
        await testSignIns.add(tenant, sampleTest(1, { requestId: "_1" }));
        assert.equal(await testSignIns.finish(tenant, "00000001", "_1", rejected()), true);
        assert.deepEqual(await testSignIns.find(tenant, "00000001"), {
          ...ended(sampleTest(1)),
          ...rejected(),
        });
      },
    ),
    storesCase(
      makeSubject,
      "is ended by exactly one of 20 concurrent callers, also in transactions",
      async ({ stores, unitOfWork, tenant }) => {
        for (const number of [1, 2]) {
          await stores.testSignIns.add(tenant, sampleTest(number, { requestId: "_1" }));
        }
        const end = ({ testSignIns }: typeof stores, id: string) =>
          testSignIns.finish(tenant, id, "_1", sampleOutcome());
        const alone = await atOnce(20, () => end(stores, "00000001"));
        const inside = await atOnce(20, () =>
          unitOfWork.run(tenant, (bound) => end(bound, "00000002")),
        );
        for (const results of [alone, inside]) {
          assert.equal(valuesOf(results).length, 20);
          assert.equal(valuesOf(results).filter((first) => first).length, 1);
        }
      },
    ),
    storesCase(
      makeSubject,
      "has not ended in a transaction that failed",
      async ({ stores: { testSignIns }, unitOfWork, tenant }) => {
        const test = sampleTest(1, { requestId: "_1" });
        await testSignIns.add(tenant, test);
        const failing = unitOfWork.run(tenant, async (stores) => {
          assert.equal(await stores.testSignIns.finish(tenant, test.id, "_1", rejected()), true);
          throw new Error("changed my mind");
        });
        await assert.rejects(failing, /changed my mind/);
        assert.deepEqual(await testSignIns.find(tenant, test.id), test);
      },
    ),
    storesCase(
      makeSubject,
      `keeps the newest ${TESTS_KEPT}, also of many that are added together`,
      async ({ stores: { testSignIns }, tenant }) => {
        const many = TESTS_KEPT + 5;
        for (let number = 1; number <= TESTS_KEPT; number += 1) {
          await testSignIns.add(tenant, sampleTest(number));
        }
        await atOnce(5, (index) => testSignIns.add(tenant, sampleTest(TESTS_KEPT + 1 + index)));
        const kept: number[] = [];
        for (let number = 1; number <= many; number += 1) {
          const { id } = sampleTest(number);
          if ((await testSignIns.find(tenant, id)) !== undefined) kept.push(number);
        }
        assert.deepEqual(
          kept,
          Array.from({ length: TESTS_KEPT }, (_, index) => index + 6),
        );
      },
    ),
    storesCase(
      makeSubject,
      "finds the newest success with the same settings",
      async ({ stores: { testSignIns }, tenant }) => {
        const { digest } = sampleTest(1);
        await testSignIns.add(tenant, sampleTest(1));
        await succeed(testSignIns, tenant, sampleTest(2));
        await succeed(testSignIns, tenant, sampleTest(3));
        await succeed(testSignIns, tenant, sampleTest(4, { digest: "ef".repeat(32) }));
        await testSignIns.add(tenant, sampleTest(5, { requestId: "_1" }));
        await testSignIns.finish(tenant, "00000005", "_1", rejected());
        assert.deepEqual(
          await testSignIns.succeeded(tenant, digest, SAMPLE_TIME + 3),
          ended(sampleTest(3)),
        );
        assert.equal(await testSignIns.succeeded(tenant, digest, SAMPLE_TIME + 4), undefined);
        assert.equal(await testSignIns.succeeded(tenant, "x", SAMPLE_TIME), undefined);
      },
    ),
    storesCase(
      makeSubject,
      "finds the newest tests that keep what was received",
      async ({ stores: { testSignIns }, tenant }) => {
        for (const number of [1, 2, 3, 4]) await succeed(testSignIns, tenant, sampleTest(number));
        await testSignIns.add(tenant, sampleTest(5, { requestId: "_1" }));
        await testSignIns.finish(tenant, "00000005", "_1", rejected());
        await testSignIns.add(tenant, sampleTest(6));
        const newest = async (limit: number) =>
          await testSignIns.received(tenant, SAMPLE_TIME + 2, limit);
        const expected = [4, 3, 2].map((number) => ended(sampleTest(number)));
        assert.deepEqual(await newest(10), expected);
        assert.deepEqual(await newest(2), expected.slice(0, 2));
        await testSignIns.forgetReceived(SAMPLE_TIME + 4, 10);
        assert.deepEqual(await newest(10), expected.slice(0, 1));
      },
    ),
    storesCase(
      makeSubject,
      "forgets what was received, then all, a batch at a time, and nothing else",
      async ({ stores: { testSignIns }, tenant }) => {
        await drain((limit) => testSignIns.purgeBefore(SAMPLE_TIME + 100, limit));
        for (const number of [1, 2, 3, 10]) {
          await succeed(testSignIns, tenant, sampleTest(number));
        }
        await testSignIns.add(tenant, sampleTest(4));
        const before = SAMPLE_TIME + 10;
        assert.equal(await testSignIns.forgetReceived(before, 2), 2);
        assert.equal(await testSignIns.forgetReceived(before, 2), 1);
        assert.equal(await testSignIns.forgetReceived(before, 2), 0);
        assert.deepEqual(await testSignIns.find(tenant, "00000003"), told(sampleTest(3)));
        assert.deepEqual(await testSignIns.find(tenant, "00000004"), sampleTest(4));
        assert.deepEqual(await testSignIns.find(tenant, "00000010"), ended(sampleTest(10)));
        assert.equal(await testSignIns.purgeBefore(before, 3), 3);
        assert.equal(await testSignIns.purgeBefore(before, 3), 1);
        assert.equal(await testSignIns.purgeBefore(before, 3), 0);
        assert.equal(await testSignIns.find(tenant, "00000004"), undefined);
        assert.deepEqual(await testSignIns.find(tenant, "00000010"), ended(sampleTest(10)));
      },
    ),
    isolationCase(
      makeSubject,
      "keeps tenants apart",
      async ({ stores: { testSignIns }, tenant }, otherTenant) => {
        const test = sampleTest(1, { requestId: "_1" });
        await testSignIns.add(tenant, test);
        assert.equal(await testSignIns.find(otherTenant, test.id), undefined);
        assert.equal(await testSignIns.restart(otherTenant, test.id, "_2"), false);
        assert.equal(await testSignIns.finish(otherTenant, test.id, "_1", rejected()), false);
        for (let number = 2; number < TESTS_KEPT + 5; number += 1) {
          await testSignIns.add(otherTenant, sampleTest(number));
        }
        assert.deepEqual(await testSignIns.find(tenant, test.id), test);
        await testSignIns.finish(tenant, test.id, "_1", sampleOutcome());
        const { digest } = test;
        assert.equal(await testSignIns.succeeded(otherTenant, digest, SAMPLE_TIME), undefined);
        assert.deepEqual(await testSignIns.received(otherTenant, SAMPLE_TIME, 10), []);
      },
    ),
  ];
}

function ended({ id, by, digest, createdAt }: PendingTestSignIn): FinishedTestSignIn {
  return { id, by, digest, createdAt, ...sampleOutcome() };
}

function told(test: PendingTestSignIn): FinishedTestSignIn {
  const { result, ...rest } = ended(test);
  if (result.kind === "rejected") throw new Error("the sample is verified");
  const { received: _, ...lasting } = result;
  return { ...rest, result: lasting };
}

function rejected(): ReturnType<typeof sampleOutcome> {
  return {
    state: "failed",
    finishedAt: SAMPLE_TIME + 2000,
    result: {
      kind: "rejected",
      reference: "REF-2",
      code: "audience-mismatch",
      detail: 'Audience "ü😀", expected "x"',
      authenticated: true,
      comparison: { sent: "ü😀", expected: "x" },
    },
  };
}

async function succeed(
  tests: TestSignIns,
  tenant: TenantId,
  test: PendingTestSignIn,
): Promise<void> {
  await tests.add(tenant, { ...test, requestId: "_1" });
  assert.equal(await tests.finish(tenant, test.id, "_1", sampleOutcome()), true);
}

async function drain(purge: (limit: number) => Promise<number>): Promise<void> {
  while ((await purge(1000)) > 0);
}
