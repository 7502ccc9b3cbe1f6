import assert from "node:assert/strict";
import type { TenantId } from "../../domain/tenant.ts";
import type { EventOutbox } from "../../ports/event-outbox.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  type StoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, SAMPLE_TIME, sampleEvent, valuesOf } from "./samples.ts";

/** What every EventOutbox promises. */
export function eventOutboxContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "keeps events as they are, in order", async (subject) => {
      const { stores, tenant } = subject;
      for (const number of [3, 1, 2]) await append(subject, number);
      const waiting = await stores.events.waiting(tenant, 10);
      assert.deepEqual(
        waiting.map(({ event }) => event),
        [3, 1, 2].map((number) => sampleEvent(tenant, number)),
      );
      assert.deepEqual(await stores.events.waiting(tenant, 2), waiting.slice(0, 2));
    }),
    storesCase(makeSubject, "adds events only in a transaction", async ({ stores, tenant }) => {
      await assert.rejects(stores.events.append(sampleEvent(tenant, 1)));
    }),
    storesCase(makeSubject, "keeps no event of a transaction that failed", async (subject) => {
      const { stores, unitOfWork, tenant } = subject;
      const failing = unitOfWork.run(tenant, async ({ events }) => {
        await events.append(sampleEvent(tenant, 1));
        throw new Error("changed my mind");
      });
      await assert.rejects(failing, /changed my mind/);
      assert.deepEqual(await stores.events.waiting(tenant, 10), []);
      assert.equal((await tenantsOf(stores.events)).includes(tenant), false);
    }),
    storesCase(
      makeSubject,
      "gives each of 20 events that are added concurrently its place",
      async (subject) => {
        const results = await atOnce(20, (index) => append(subject, index));
        assert.equal(valuesOf(results).length, 20);
        const waiting = await subject.stores.events.waiting(subject.tenant, 30);
        const positions = waiting.map(({ position }) => position);
        assert.equal(new Set(positions).size, 20);
        assert.deepEqual(
          positions,
          [...positions].sort((one, other) => one - other),
        );
        assert.equal(new Set(waiting.map(({ event }) => event.id)).size, 20);
      },
    ),
    storesCase(makeSubject, "names tenants only while events wait", async (subject) => {
      const { stores, tenant } = subject;
      assert.equal((await tenantsOf(stores.events)).includes(tenant), false);
      await append(subject, 1);
      assert.equal((await tenantsOf(stores.events)).filter((one) => one === tenant).length, 1);
      await deliverAll(subject);
      assert.equal((await tenantsOf(stores.events)).includes(tenant), false);
    }),
    ...claims(makeSubject),
    storesCase(
      makeSubject,
      "forgets old events, a batch at a time, and nothing else",
      async (subject) => {
        const { stores, tenant } = subject;
        await drain(() => stores.events.purgeBefore(SAMPLE_TIME + 100, 1000));
        for (const number of [1, 2, 3, 4]) await append(subject, number);
        assert.equal(await stores.events.purgeBefore(SAMPLE_TIME + 1, 10), 0);
        assert.equal(await stores.events.purgeBefore(SAMPLE_TIME + 4, 2), 2);
        assert.equal(await stores.events.purgeBefore(SAMPLE_TIME + 4, 2), 1);
        assert.equal(await stores.events.purgeBefore(SAMPLE_TIME + 4, 2), 0);
        const [left, ...others] = await stores.events.waiting(tenant, 10);
        assert.deepEqual(left?.event, sampleEvent(tenant, 4));
        assert.deepEqual(others, []);
      },
    ),
    isolationCase(makeSubject, "keeps tenants apart", async (subject, otherTenant) => {
      const { events } = subject.stores;
      const { tenant } = subject;
      await append(subject, 1);
      await append({ ...subject, tenant: otherTenant }, 2);
      assert.equal((await events.waiting(tenant, 10)).length, 1);
      const known = (await tenantsOf(events)).filter(
        (one) => one === tenant || one === otherTenant,
      );
      assert.deepEqual(known, [tenant, otherTenant].sort());
      assert.equal(await events.claim(tenant, "one", 60), true);
      assert.equal(await events.claim(otherTenant, "two", 60), true);
      const [own] = await events.waiting(otherTenant, 10);
      assert.equal(await events.delivered(tenant, "two", own?.position ?? 0, 60), false);
      assert.equal((await events.waiting(otherTenant, 10)).length, 1);
    }),
  ];
}

/** Cases with claims. */
function claims(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "lets one of 20 concurrent callers claim", async (subject) => {
      await append(subject, 1);
      const { stores, tenant } = subject;
      const results = await atOnce(20, (index) =>
        stores.events.claim(tenant, `holder ${index}`, 60),
      );
      assert.equal(valuesOf(results).length, 20);
      assert.equal(valuesOf(results).filter((claimed) => claimed).length, 1);
    }),
    storesCase(makeSubject, "removes a delivered event for the claim's holder", async (subject) => {
      const { stores, tenant } = subject;
      for (const number of [1, 2]) await append(subject, number);
      const [first, second] = await stores.events.waiting(tenant, 10);
      assert.equal(await stores.events.claim(tenant, "one", 60), true);
      assert.equal(await stores.events.delivered(tenant, "two", first?.position ?? 0, 60), false);
      assert.equal((await stores.events.waiting(tenant, 10)).length, 2);
      assert.equal(await stores.events.delivered(tenant, "one", first?.position ?? 0, 60), true);
      assert.deepEqual(await stores.events.waiting(tenant, 10), [second]);
    }),
    storesCase(makeSubject, "lets another claim once the lease is over", async (subject) => {
      const { stores, tenant } = subject;
      await append(subject, 1);
      assert.equal(await stores.events.claim(tenant, "a process that died", 0), true);
      assert.equal(await stores.events.claim(tenant, "two", 60), true);
      assert.equal(await stores.events.claim(tenant, "three", 60), false);
      const [waiting] = await stores.events.waiting(tenant, 1);
      const position = waiting?.position ?? 0;
      assert.equal(
        await stores.events.delivered(tenant, "a process that died", position, 60),
        false,
      );
      assert.equal(await stores.events.delivered(tenant, "two", position, 60), true);
    }),
    storesCase(makeSubject, "extends a claim with each delivered event", async (subject) => {
      const { stores, tenant } = subject;
      await append(subject, 1);
      assert.equal(await stores.events.claim(tenant, "one", 0), true);
      const [waiting] = await stores.events.waiting(tenant, 1);
      assert.equal(await stores.events.delivered(tenant, "one", waiting?.position ?? 0, 60), true);
      assert.equal(await stores.events.claim(tenant, "two", 60), false);
    }),
    storesCase(makeSubject, "ends a claim for its holder alone", async (subject) => {
      const { stores, tenant } = subject;
      await append(subject, 1);
      assert.equal(await stores.events.claim(tenant, "one", 60), true);
      await stores.events.release(tenant, "two");
      assert.equal(await stores.events.claim(tenant, "two", 60), false);
      await stores.events.release(tenant, "one");
      assert.equal(await stores.events.claim(tenant, "two", 60), true);
    }),
    storesCase(makeSubject, "never gives a place again", async (subject) => {
      const { stores, tenant } = subject;
      await append(subject, 1);
      const [before] = await stores.events.waiting(tenant, 1);
      await deliverAll(subject);
      await append(subject, 2);
      const [after] = await stores.events.waiting(tenant, 1);
      assert.ok((after?.position ?? 0) > (before?.position ?? 0));
    }),
  ];
}

function append({ unitOfWork, tenant }: StoresSubject, number: number): Promise<void> {
  return unitOfWork.run(tenant, ({ events }) => events.append(sampleEvent(tenant, number)));
}

async function deliverAll({ stores: { events }, tenant }: StoresSubject): Promise<void> {
  assert.equal(await events.claim(tenant, "all", 60), true);
  for (const { position } of await events.waiting(tenant, 100)) {
    assert.equal(await events.delivered(tenant, "all", position, 60), true);
  }
  await events.release(tenant, "all");
}

/** Every tenant with waiting events, those of other cases among them. */
async function tenantsOf(events: EventOutbox): Promise<readonly TenantId[]> {
  const tenants: TenantId[] = [];
  let next = await events.nextTenant(undefined);
  while (next !== undefined) {
    tenants.push(next);
    next = await events.nextTenant(next);
  }
  return tenants;
}

async function drain(purge: () => Promise<number>): Promise<void> {
  while ((await purge()) > 0);
}
