import assert from "node:assert/strict";
import { AUDIT_OUTCOMES, type AuditEntry, type AuditFilter, DAY_MS } from "../../domain/audit.ts";
import { defined } from "../../domain/defined.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { type AuditTrail, REFUSALS_KEPT } from "../../ports/audit-trail.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  statesOf,
  storesCase,
} from "./contract-case.ts";
import { atOnce, email, errorsOf, SAMPLE_TIME, sampleEntry } from "./samples.ts";

/** What every AuditTrail promises. */
export function auditTrailContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "gives back what was added", async ({ stores: { audit }, tenant }) => {
      const full = sampleEntry(2, {
        outcome: "denied",
        code: "license-exhausted",
        email: "ada@example.test",
        userId: "17",
        actor: "saml:https://idp.example.test/😀",
        detail: { "": "", expected: "x".repeat(3000) },
      });
      await audit.append(tenant, sampleEntry(1));
      await audit.append(tenant, full);
      assert.deepEqual(await everyEntry(audit, tenant), [full, sampleEntry(1)]);
    }),
    ...signInEntryCases(makeSubject),
    storesCase(makeSubject, "pages newest first, by key", async ({ stores: { audit }, tenant }) => {
      for (const number of [3, 1, 5, 2, 4]) await audit.append(tenant, sampleEntry(number));
      const first = await audit.page(tenant, { filter: {}, limit: 2 });
      assert.deepEqual(numbersOf(first.entries), [5, 4]);
      assert.ok(first.next);
      await audit.append(tenant, sampleEntry(6));
      const second = await audit.page(tenant, { filter: {}, after: first.next, limit: 2 });
      assert.deepEqual(numbersOf(second.entries), [3, 2]);
      assert.ok(second.next);
      const last = await audit.page(tenant, { filter: {}, after: second.next, limit: 1 });
      assert.deepEqual(numbersOf(last.entries), [1]);
      assert.equal(last.next, undefined);
    }),
    storesCase(
      makeSubject,
      "pages by time before ID, also where a process's clock is behind",
      async ({ stores: { audit }, tenant }) => {
        const at = (number: number, time: number) => ({ ...sampleEntry(number), at: time });
        for (const entry of [at(1, 9), at(2, 7), at(3, 7), at(4, 8), at(5, 7), at(6, 6)]) {
          await audit.append(tenant, entry);
        }
        const seen: number[] = [];
        let after: string | undefined;
        do {
          const page = await audit.page(tenant, {
            filter: { until: 9 },
            limit: 2,
            ...defined({ after }),
          });
          seen.push(...numbersOf(page.entries));
          after = page.next;
        } while (after !== undefined);
        assert.deepEqual(seen, [4, 5, 3, 2, 6]);
        const nowhere = await audit.page(tenant, { filter: {}, after: "?", limit: 2 });
        assert.deepEqual(nowhere, { entries: [] });
      },
    ),
    storesCase(makeSubject, "filters by every member", async ({ stores: { audit }, tenant }) => {
      await audit.append(tenant, sampleEntry(1, { outcome: "denied", email: "ada@example.test" }));
      await audit.append(tenant, sampleEntry(2, { email: "ada@example.test" }));
      await audit.append(tenant, sampleEntry(3));
      const found = async (filter: AuditFilter) =>
        numbersOf((await audit.page(tenant, { filter, limit: 10 })).entries);
      assert.deepEqual(await found({ outcomes: ["denied"] }), [1]);
      assert.deepEqual(await found({ email: "ada@example.test" }), [2, 1]);
      assert.deepEqual(await found({ email: "ada@example.tes_" }), []);
      assert.deepEqual(await found({ reference: "REF-00000003" }), [3]);
      assert.deepEqual(await found({ from: SAMPLE_TIME + 2 }), [3, 2]);
      assert.deepEqual(await found({ until: SAMPLE_TIME + 2 }), [1]);
      assert.deepEqual(await found({ email: "ada@example.test", from: SAMPLE_TIME + 2 }), [2]);
    }),
    storesCase(
      makeSubject,
      "filters by several outcomes, and pages them as one list",
      async ({ stores: { audit }, tenant }) => {
        const refusal = { outcome: "denied", code: "user-suspended" } as const;
        for (const number of [1, 4]) await audit.append(tenant, sampleEntry(number, refusal));
        for (const number of [2, 5]) {
          await audit.append(tenant, sampleEntry(number, { outcome: "settings-saved" }));
        }
        for (const number of [3, 6]) await audit.append(tenant, sampleEntry(number));
        const filter: AuditFilter = { outcomes: ["settings-saved", "denied", "denied"] };
        const first = await audit.page(tenant, { filter, limit: 3 });
        assert.deepEqual(numbersOf(first.entries), [5, 4, 2]);
        assert.ok(first.next);
        const second = await audit.page(tenant, { filter, after: first.next, limit: 3 });
        assert.deepEqual(numbersOf(second.entries), [1]);
        assert.equal(second.next, undefined);
        const all = async (more: AuditFilter) =>
          numbersOf((await audit.page(tenant, { filter: more, limit: 10 })).entries);
        assert.deepEqual(await all({ refused: true }), [4, 1]);
        assert.deepEqual(await all({ outcomes: ["settings-saved"], refused: true }), []);
        assert.deepEqual(await all({ outcomes: [] }), []);
      },
    ),
    storesCase(
      makeSubject,
      "keeps the newest refusals only, counts all, and never drops another entry for them",
      async ({ stores: { audit }, unitOfWork, tenant }) => {
        await audit.append(tenant, sampleEntry(0));
        const total = REFUSALS_KEPT + 3;
        await unitOfWork.run(tenant, async (stores) => {
          for (let number = 1; number <= total; number += 1) {
            await stores.audit.appendRefusal(tenant, sampleEntry(number, { outcome: "rejected" }));
          }
        });
        assert.equal(await audit.refusalCount(tenant), total);
        const kept = numbersOf(await everyEntry(audit, tenant));
        assert.equal(kept.length, REFUSALS_KEPT + 1);
        assert.deepEqual([kept[0], kept.at(-2), kept.at(-1)], [total, 4, 0]);
      },
    ),
    storesCase(
      makeSubject,
      "counts each of 20 concurrent refusals",
      async ({ stores: { audit }, tenant }) => {
        const results = await atOnce(20, (index) =>
          audit.appendRefusal(tenant, sampleEntry(index, { outcome: "rejected" })),
        );
        assert.deepEqual(errorsOf(results), []);
        assert.equal(await audit.refusalCount(tenant), 20);
        assert.equal((await everyEntry(audit, tenant)).length, 20);
      },
    ),
    storesCase(
      makeSubject,
      "counts entries by outcome and day of UTC",
      async ({ stores: { audit }, tenant }) => {
        const add = (number: number, at: number, more: Partial<AuditEntry> = {}) =>
          audit.append(tenant, { ...sampleEntry(number, more), at });
        const second = SAMPLE_TIME + DAY_MS;
        await add(1, SAMPLE_TIME - 1);
        await add(2, SAMPLE_TIME);
        await add(3, second - 1);
        await add(4, second);
        await add(5, second + 1, { outcome: "provisioned" });
        await add(6, second + 2, { outcome: "settings-saved" });
        await add(7, second + 3);
        const refused = { outcome: "rejected", code: "expired" } as const;
        await audit.appendRefusal(tenant, { ...sampleEntry(8, refused), at: second });
        const outcomes = ["signed-in", "provisioned", "rejected"] as const;
        const counted = async (range: Parameters<AuditTrail["countByDay"]>[1]) =>
          (await audit.countByDay(tenant, range))
            .map(({ outcome, day, count }) => `${outcome} ${(day - SAMPLE_TIME) / DAY_MS} ${count}`)
            .sort();
        assert.deepEqual(await counted({ outcomes, from: SAMPLE_TIME, until: second + 3 }), [
          "provisioned 1 1",
          "rejected 1 1",
          "signed-in 0 2",
          "signed-in 1 1",
        ]);
        assert.deepEqual(await counted({ outcomes: [], from: 0, until: second }), []);
        assert.deepEqual(await counted({ outcomes, from: second, until: second }), []);
      },
    ),
    storesCase(
      makeSubject,
      "forgets entries from before a time, a batch at a time",
      async ({ stores: { audit }, tenant }) => {
        while ((await audit.purgeBefore(SAMPLE_TIME + 4, 1000)) > 0);
        for (const number of [1, 2, 3, 4]) await audit.append(tenant, sampleEntry(number));
        assert.equal(await audit.purgeBefore(SAMPLE_TIME + 4, 2), 2);
        assert.equal(await audit.purgeBefore(SAMPLE_TIME + 4, 2), 1);
        assert.equal(await audit.purgeBefore(SAMPLE_TIME + 4, 2), 0);
        assert.deepEqual(numbersOf(await everyEntry(audit, tenant)), [4]);
      },
    ),
    isolationCase(
      makeSubject,
      "keeps tenants apart",
      async ({ stores: { audit }, tenant }, otherTenant) => {
        await audit.append(tenant, sampleEntry(1));
        await audit.appendRefusal(tenant, sampleEntry(2, { outcome: "rejected" }));
        assert.deepEqual(await everyEntry(audit, otherTenant), []);
        assert.equal(await audit.refusalCount(otherTenant), 0);
        const range = { outcomes: AUDIT_OUTCOMES, from: 0, until: SAMPLE_TIME + DAY_MS };
        assert.deepEqual(await audit.countByDay(otherTenant, range), []);
        await audit.append(otherTenant, sampleEntry(1));
        assert.deepEqual(numbersOf(await everyEntry(audit, otherTenant)), [1]);
        assert.equal(await audit.refusalCount(tenant), 1);
      },
    ),
  ];
}

/** Those of them that depend on the users. */
export function signInEntryCases(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(
      makeSubject,
      "adds the sign-in of a user who may sign in, and of no other",
      async (subject) => {
        const { unitOfWork, seedUser, tenant, vocabulary } = subject;
        const { audit, users } = subject.stores;
        const states = statesOf(subject);
        const role = vocabulary.licensedRole;
        for (const [index, state] of states.entries()) {
          const address = email(`${state}@example.test`);
          await seedUser(tenant, { email: address, state, role });
          const user = await users.findByEmail(tenant, address);
          assert.ok(user);
          const entry = sampleEntry(index, { email: address, userId: user.id });
          assert.equal(
            await unitOfWork.run(tenant, (stores) =>
              stores.audit.appendSignIn(tenant, entry, user),
            ),
            state === "active" || state === "invited",
          );
          const moved = { ...user, email: email("moved@example.test") };
          assert.equal(await audit.appendSignIn(tenant, sampleEntry(index + 10), moved), false);
        }
        const allowed = states.filter((state) => state === "active" || state === "invited");
        assert.deepEqual(
          numbersOf(await everyEntry(audit, tenant)),
          allowed.map((state) => states.indexOf(state)).reverse(),
        );
        const gone = {
          id: "no such user",
          email: email("a@example.test"),
          state: "active",
        } as const;
        assert.equal(await audit.appendSignIn(tenant, sampleEntry(20), gone), false);
        const full = sampleEntry(21, {
          actor: "saml:😀",
          detail: { "": "", long: "x".repeat(3000) },
        });
        const active = await users.findByEmail(tenant, email("active@example.test"));
        assert.ok(active);
        assert.equal(await audit.appendSignIn(tenant, full, active), true);
        assert.deepEqual((await everyEntry(audit, tenant))[0], full);
      },
    ),
    isolationCase(
      makeSubject,
      "adds no sign-in of another tenant's user",
      async ({ stores: { audit, users }, seedUser, tenant, vocabulary }, otherTenant) => {
        const address = email("ada@example.test");
        await seedUser(tenant, { email: address, state: "active", role: vocabulary.licensedRole });
        const user = await users.findByEmail(tenant, address);
        assert.ok(user);
        assert.equal(await audit.appendSignIn(otherTenant, sampleEntry(1), user), false);
        assert.deepEqual(await everyEntry(audit, otherTenant), []);
      },
    ),
  ];
}

async function everyEntry(audit: AuditTrail, tenant: TenantId): Promise<readonly AuditEntry[]> {
  const page = await audit.page(tenant, { filter: {}, limit: 2 * REFUSALS_KEPT });
  return page.entries;
}

function numbersOf(entries: readonly AuditEntry[]): readonly number[] {
  return entries.map(({ id }) => Number(id));
}
