import assert from "node:assert/strict";
import type { UserId } from "../../domain/access.ts";
import { defined } from "../../domain/defined.ts";
import { PERSISTENT_NAME_ID_FORMAT } from "../../domain/email-identity.ts";
import type { Receipt, ReceiptFilter } from "../../domain/receipt.ts";
import type { UserState } from "../../domain/sign-in-decision.ts";
import { EmailTakenError, InvitationGoneError } from "../../ports/errors.ts";
import { signInEntryCases } from "./audit-trail-contract.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  type StoresSubject,
  stateCase,
  statesOf,
  storesCase,
} from "./contract-case.ts";
import {
  atOnce,
  email,
  errorsOf,
  inOrder,
  SAMPLE_TIME,
  sampleAssertion,
  sampleReceipt,
  sampleSettings,
  sampleUser,
  valuesOf,
} from "./samples.ts";
import { unitOfWorkContract } from "./unit-of-work-contract.ts";

const ADA = email("ada@example.test");
const BOB = email("bob@example.test");

/**
 * What a directory of the host's own promises (the option `users`): everything that a UserDirectory
 * does, in the plugin's transaction. The subject's stores are those of `makeObjectionStores`.
 */
export function hostUserDirectoryContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    ...userDirectoryContract(makeSubject),
    ...unitOfWorkContract(makeSubject),
    ...signInEntryCases(makeSubject),
    stateCase(
      makeSubject,
      "invited",
      "keeps an invitation open when the work throws",
      async (subject) => {
        const { stores, unitOfWork, tenant, vocabulary } = subject;
        const seed = { email: ADA, state: "invited", role: vocabulary.licensedRole } as const;
        const id = await subject.seedUser(tenant, seed);
        const failing = unitOfWork.run(tenant, async ({ users }) => {
          await users.acceptInvitation(tenant, id);
          throw new Error("changed my mind");
        });
        await assert.rejects(failing, /changed my mind/);
        assert.equal((await stores.users.findByEmail(tenant, ADA))?.state, "invited");
      },
    ),
    storesCase(
      makeSubject,
      "shows nobody what is not committed, and then everybody",
      async (subject) => {
        const { stores, unitOfWork, tenant } = subject;
        const user = sampleUser(ADA, subject.vocabulary);
        const work = unitOfWork.run(tenant, async ({ users }) => {
          await users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user));
          return users.findByEmail(tenant, ADA);
        });
        // Answered before or after the commit, but never with half a user.
        const [inside, beside] = await Promise.all([work, stores.users.findByEmail(tenant, ADA)]);
        assert.equal(inside?.state, "active");
        if (beside !== undefined) assert.deepEqual(beside, inside);
        assert.deepEqual(await stores.users.findByEmail(tenant, ADA), inside);
      },
    ),
  ];
}

/** What every UserDirectory promises. */
export function userDirectoryContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    ...findingCases(makeSubject),
    ...creatingCases(makeSubject),
    ...receiptCases(makeSubject),
    ...invitationCases(makeSubject),
  ];
}

function findingCases(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  const states: readonly UserState[] = ["active", "invited", "suspended", "deleted"];
  return [
    ...states.map((state) =>
      stateCase(makeSubject, state, `finds a user who is ${state}`, async (subject) => {
        const { stores, tenant, vocabulary } = subject;
        const id = await subject.seedUser(tenant, {
          email: ADA,
          state,
          role: vocabulary.licensedRole,
        });
        assert.deepEqual(await stores.users.findByEmail(tenant, ADA), { id, email: ADA, state });
        assert.equal(await stores.users.receiptOf(tenant, id), undefined);
      }),
    ),
    storesCase(makeSubject, "finds nobody by another address", async (subject) => {
      const { stores, tenant, vocabulary } = subject;
      const seed = { state: "active", role: vocabulary.licensedRole } as const;
      await subject.seedUser(tenant, { ...seed, email: email("a_b@example.test") });
      await subject.seedUser(tenant, { ...seed, email: email("ada@xn--strae-oqa.test") });
      for (const other of ["axb@example.test", "a_b@example.tes", "ada@strasse.test"]) {
        assert.equal(await stores.users.findByEmail(tenant, email(other)), undefined, other);
      }
    }),
    isolationCase(makeSubject, "shows no user to another tenant", async (subject, otherTenant) => {
      const { stores, tenant, vocabulary } = subject;
      const id = await createUser(subject, "ada@example.test");
      const has = (state: UserState) => statesOf(subject).includes(state);
      const seed = { email: BOB, role: vocabulary.licensedRole };
      const bobs = has("invited") ? "invited" : "active";
      const invited = await subject.seedUser(tenant, { ...seed, state: bobs });
      assert.equal(await stores.users.findByEmail(otherTenant, ADA), undefined);
      assert.equal(await stores.users.receiptOf(otherTenant, id), undefined);
      const roles = [vocabulary.licensedRole];
      assert.equal(await stores.users.countSeats(otherTenant, roles), 0);
      assert.equal(await stores.users.countJitSeats(otherTenant, roles), 0);
      await assert.rejects(
        stores.users.acceptInvitation(otherTenant, invited),
        InvitationGoneError,
      );
      assert.equal((await stores.users.findByEmail(tenant, BOB))?.state, bobs);
      const theirs = has("suspended") ? "suspended" : "active";
      await subject.seedUser(otherTenant, { email: ADA, state: theirs, role: vocabulary.liteRole });
      assert.equal((await stores.users.findByEmail(otherTenant, ADA))?.state, theirs);
      assert.equal((await stores.users.findByEmail(tenant, ADA))?.state, "active");
      assert.equal((await stores.users.findByEmail(tenant, ADA))?.id, id);
    }),
    storesCase(makeSubject, "counts active and invited users with a licensed role", seats),
    storesCase(
      makeSubject,
      "refuses an exclusive count outside of a transaction",
      async ({ stores, tenant, vocabulary }) => {
        await assert.rejects(stores.users.countSeatsExclusively(tenant, [vocabulary.licensedRole]));
      },
    ),
  ];
}

async function seats(subject: StoresSubject): Promise<void> {
  const { stores, unitOfWork, tenant, vocabulary } = subject;
  const { licensedRole, liteRole } = vocabulary;
  const states = statesOf(subject);
  for (const state of states) {
    for (const role of [licensedRole, liteRole]) {
      await subject.seedUser(tenant, {
        email: email(`${state}.${role}@example.test`),
        state,
        role,
      });
    }
  }
  await createUser(subject, "ada@example.test");
  await stores.settings.save(tenant, sampleSettings(1)); // nobody signs in without any
  const taking = states.filter((state) => state === "active" || state === "invited").length;
  const counts = [
    { roles: [licensedRole], used: taking + 1, usedByJit: 1 },
    { roles: [liteRole], used: taking, usedByJit: 0 },
    { roles: [licensedRole, liteRole], used: 2 * taking + 1, usedByJit: 1 },
    { roles: [], used: 0, usedByJit: 0 },
  ];
  for (const { roles, used, usedByJit } of counts) {
    assert.equal(await stores.users.countSeats(tenant, roles), used);
    assert.equal(await stores.users.countJitSeats(tenant, roles), usedByJit);
    const exclusive = await unitOfWork.run(tenant, ({ users }) =>
      users.countSeatsExclusively(tenant, roles),
    );
    assert.equal(exclusive, used);
  }
}

function receiptCases(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  const create = async (subject: StoresSubject, raw: string, more: Partial<Receipt>) => {
    const { stores, tenant, vocabulary } = subject;
    const user = sampleUser(email(raw), vocabulary);
    const receipt = { ...sampleReceipt(user), ...more };
    return stores.users.create(tenant, user, receipt, {}, sampleAssertion(user));
  };
  return [
    storesCase(
      makeSubject,
      "lists receipts newest first, in pages, by a filter",
      async (subject) => {
        const { stores, tenant } = subject;
        const seed = { email: email("seeded@example.test"), state: "active" } as const;
        await subject.seedUser(tenant, { ...seed, role: subject.vocabulary.licensedRole });
        const made: UserId[] = [];
        for (let number = 0; number < 7; number += 1) {
          const connection = number % 2 === 0 ? "first" : "second";
          const role = number < 4 ? "some-role-'\"ü" : "other";
          const at = SAMPLE_TIME + Math.floor(number / 2);
          made.push(await create(subject, `p${number}@example.test`, { connection, role, at }));
        }
        const all = async (filter: ReceiptFilter) => {
          const found: UserId[] = [];
          let after: string | undefined;
          do {
            const page = await stores.users.receipts(tenant, {
              filter,
              limit: 2,
              ...defined({ after }),
            });
            assert.ok(page.receipts.length <= 2);
            found.push(...page.receipts.map(({ userId }) => userId));
            after = page.next;
          } while (after !== undefined);
          return found.map((id) => made.indexOf(id));
        };
        const newest = await all({});
        assert.equal(newest[0], 6);
        assert.deepEqual([...newest].sort(), [0, 1, 2, 3, 4, 5, 6]);
        const ages = newest.map((number) => Math.floor(number / 2));
        assert.deepEqual(ages, [3, 2, 2, 1, 1, 0, 0]);
        assert.deepEqual([...(await all({ connection: "second" }))].sort(), [1, 3, 5]);
        assert.deepEqual([...(await all({ role: "some-role-'\"ü" }))].sort(), [0, 1, 2, 3]);
        assert.deepEqual(await all({ role: "other", connection: "second" }), [5]);
        const times = { from: SAMPLE_TIME + 1, until: SAMPLE_TIME + 2 };
        assert.deepEqual([...(await all(times))].sort(), [2, 3]);
        assert.equal(await stores.users.receiptCount(tenant), (await all({})).length);
        assert.deepEqual(await all({ role: "nobody's" }), []);
        const wrong = { filter: {}, limit: 2, after: "nonsense" };
        assert.deepEqual(await stores.users.receipts(tenant, wrong), { receipts: [] });
      },
    ),
    storesCase(
      makeSubject,
      "counts receipts by role, connection and month of UTC",
      async (subject) => {
        const { stores, tenant } = subject;
        const seed = { email: email("seeded@example.test"), state: "active" } as const;
        await subject.seedUser(tenant, { ...seed, role: subject.vocabulary.licensedRole });
        assert.deepEqual(await stores.users.tallyReceipts(tenant), []);
        const [first, role] = ["first", "some-role-'\"ü😀"];
        const made: readonly Partial<Receipt>[] = [
          { role, connection: first, at: SAMPLE_TIME },
          { role, connection: first, at: SAMPLE_TIME + 1 },
          { role, connection: first, at: SAMPLE_TIME - 1 },
          { role, connection: "second", at: SAMPLE_TIME },
          { role: "Some-role-'\"ü😀", connection: first, at: SAMPLE_TIME },
          { role, at: SAMPLE_TIME },
          { role, connection: first, at: 0 },
          { role, connection: first, at: Date.UTC(2100, 1, 28, 23, 59, 59, 999) },
        ];
        for (const [index, more] of made.entries()) {
          await create(subject, `p${index}@example.test`, more);
        }
        const counted = await stores.users.tallyReceipts(tenant);
        const texts = counted.map(({ month, connection = "-", users, ...count }) =>
          [month, connection, count.role, users].join(" "),
        );
        assert.deepEqual(
          [...texts].sort(),
          [
            `1970-01 first ${role} 1`,
            `2025-12 first ${role} 1`,
            `2026-01 - ${role} 1`,
            `2026-01 first Some-role-'"ü😀 1`,
            `2026-01 first ${role} 2`,
            `2026-01 second ${role} 1`,
            `2100-02 first ${role} 1`,
          ].sort(),
        );
      },
    ),
    storesCase(makeSubject, "finds users by a persistent NameID alone", async (subject) => {
      const { stores, tenant } = subject;
      const nameIdFormat = PERSISTENT_NAME_ID_FORMAT;
      const ada = { issuer: "https://idp.example.test", nameId: "Ω-'7", nameIdFormat };
      const first = await create(subject, "ada@example.test", { ...ada, at: SAMPLE_TIME });
      const second = await create(subject, "new@example.test", { ...ada, at: SAMPLE_TIME + 1 });
      await create(subject, "other@example.test", { ...ada, issuer: "https://other.example" });
      await create(subject, "case@example.test", { ...ada, nameId: "ω-'7" });
      const { nameIdFormat: _, ...early } = ada;
      await create(subject, "early@example.test", early);
      assert.deepEqual(await stores.users.usersOfNameId(tenant, ada, 10), [second, first]);
      assert.deepEqual(await stores.users.usersOfNameId(tenant, ada, 1), [second]);
      const nobody = { ...ada, nameId: "" };
      assert.deepEqual(await stores.users.usersOfNameId(tenant, nobody, 10), []);
      const found = await stores.users.findByIds(tenant, [first, "nobody", second]);
      if (found === undefined) return; // a host's own directory may not tell
      assert.deepEqual(
        [...found].sort((one, other) => (one.email < other.email ? -1 : 1)),
        [
          { id: first, email: "ada@example.test", state: "active" },
          { id: second, email: "new@example.test", state: "active" },
        ],
      );
    }),
    isolationCase(makeSubject, "lists no receipt of another tenant", async (subject, other) => {
      const { stores } = subject;
      const ada = { nameId: "7", nameIdFormat: PERSISTENT_NAME_ID_FORMAT };
      const id = await create(subject, "ada@example.test", ada);
      const { issuer } = sampleReceipt(sampleUser(ADA, subject.vocabulary));
      assert.deepEqual(await stores.users.receipts(other, { filter: {}, limit: 5 }), {
        receipts: [],
      });
      assert.equal(await stores.users.receiptCount(other), 0);
      assert.deepEqual(await stores.users.tallyReceipts(other), []);
      assert.deepEqual(await stores.users.usersOfNameId(other, { issuer, nameId: "7" }, 5), []);
      assert.deepEqual((await stores.users.findByIds(other, [id])) ?? [], []);
    }),
  ];
}

function creatingCases(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(
      makeSubject,
      "creates an active user with every grant and receipt",
      async (subject) => {
        const { stores, tenant, vocabulary } = subject;
        const user = sampleUser(ADA, vocabulary);
        const profile = { displayName: "Ada Ω😀", firstName: "Ada", lastName: "O'Hara" };
        const id = await stores.users.create(
          tenant,
          user,
          sampleReceipt(user),
          profile,
          sampleAssertion(user),
        );
        assert.equal(typeof id, "string");
        assert.deepEqual(await stores.users.findByEmail(tenant, ADA), {
          id,
          email: ADA,
          state: "active",
        });
        assert.deepEqual(await stores.users.receiptOf(tenant, id), sampleReceipt(user));
        const access = await subject.accessOf(tenant, id);
        assert.equal(access?.role, user.role);
        assert.deepEqual([...(access?.groups ?? [])].sort(), [...user.groups].sort());
        assert.deepEqual(access && inOrder(access.organizations), inOrder(user.organizations));
      },
    ),
    storesCase(makeSubject, "grants all organizations, or none, as asked", async (subject) => {
      const { stores, tenant, vocabulary } = subject;
      for (const [address, organizations] of [
        [ADA, { kind: "all" }],
        [BOB, { kind: "selected", ids: [] }],
      ] as const) {
        if (organizations.kind === "all" && vocabulary.allOrganizations === false) continue;
        const user = { email: address, role: vocabulary.liteRole, groups: [], organizations };
        const id = await stores.users.create(
          tenant,
          user,
          sampleReceipt(user),
          {},
          sampleAssertion(user),
        );
        assert.deepEqual(await subject.accessOf(tenant, id), {
          role: vocabulary.liteRole,
          groups: [],
          organizations,
        });
      }
    }),
    ...(["active", "invited", "suspended", "deleted"] as const).map((state) =>
      stateCase(
        makeSubject,
        state,
        `creates nobody beside a user who is ${state}`,
        async (subject) => {
          const { tenant, vocabulary } = subject;
          const role = vocabulary.licensedRole;
          const id = await subject.seedUser(tenant, { email: ADA, state, role });
          await assert.rejects(createUser(subject, "ada@example.test"), EmailTakenError);
          assert.equal(await subject.countUsers(tenant), 1);
          assert.equal((await subject.stores.users.findByEmail(tenant, ADA))?.id, id);
          assert.equal(await subject.stores.users.receiptOf(tenant, id), undefined);
        },
      ),
    ),
    storesCase(makeSubject, "creates one user for 20 concurrent callers", async (subject) => {
      const results = await atOnce(20, () => createUser(subject, "ada@example.test"));
      await assertOneCreated(subject, results);
    }),
    storesCase(makeSubject, "creates one user for 20 concurrent transactions", async (subject) => {
      const results = await atOnce(20, () => createInTransaction(subject, "ada@example.test"));
      await assertOneCreated(subject, results);
    }),
    storesCase(makeSubject, "creates 20 users concurrently", async (subject) => {
      const results = await atOnce(20, (index) =>
        createInTransaction(subject, `person${index}@example.test`),
      );
      assert.deepEqual(errorsOf(results), []);
      assert.equal(new Set(valuesOf(results)).size, 20);
    }),
    storesCase(makeSubject, "never lets 20 concurrent sign-ins exceed 5 seats", async (subject) => {
      const { stores, tenant, unitOfWork, vocabulary } = subject;
      const roles = [vocabulary.licensedRole];
      await stores.settings.save(tenant, sampleSettings(1));
      const results = await atOnce(20, (index) =>
        unitOfWork.run(tenant, async ({ users }) => {
          if ((await users.countSeatsExclusively(tenant, roles)) >= 5) return "full";
          const user = sampleUser(email(`person${index}@example.test`), vocabulary);
          return users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user));
        }),
      );
      assert.deepEqual(errorsOf(results), []);
      assert.equal(valuesOf(results).filter((result) => result === "full").length, 15);
      assert.equal(await stores.users.countSeats(tenant, roles), 5);
    }),
  ];
}

function invitationCases(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    stateCase(
      makeSubject,
      "invited",
      "accepts an invitation, once, and keeps its access",
      async (subject) => {
        const { stores, tenant, vocabulary } = subject;
        const seed = { email: ADA, state: "invited", role: vocabulary.licensedRole } as const;
        const id = await subject.seedUser(tenant, seed);
        const before = await subject.accessOf(tenant, id);
        await stores.users.acceptInvitation(tenant, id);
        assert.equal((await stores.users.findByEmail(tenant, ADA))?.state, "active");
        assert.deepEqual(await subject.accessOf(tenant, id), before);
        await assert.rejects(stores.users.acceptInvitation(tenant, id), InvitationGoneError);
      },
    ),
    stateCase(
      makeSubject,
      "invited",
      "accepts an invitation for one of 10 concurrent callers",
      async (subject) => {
        const { stores, tenant, vocabulary } = subject;
        const seed = { email: ADA, state: "invited", role: vocabulary.licensedRole } as const;
        const id = await subject.seedUser(tenant, seed);
        const results = await atOnce(10, () => stores.users.acceptInvitation(tenant, id));
        assert.equal(valuesOf(results).length, 1);
        assert.ok(errorsOf(results).every((error) => error instanceof InvitationGoneError));
      },
    ),
    ...(["active", "suspended", "deleted"] as const).map((state) =>
      stateCase(makeSubject, state, `never activates a user who is ${state}`, async (subject) => {
        const { stores, tenant, vocabulary } = subject;
        const seed = { email: ADA, state, role: vocabulary.licensedRole };
        const id = await subject.seedUser(tenant, seed);
        await assert.rejects(stores.users.acceptInvitation(tenant, id), InvitationGoneError);
        assert.equal((await stores.users.findByEmail(tenant, ADA))?.state, state);
      }),
    ),
    storesCase(makeSubject, "accepts no invitation of nobody", async ({ stores, tenant }) => {
      await assert.rejects(stores.users.acceptInvitation(tenant, "nobody"), InvitationGoneError);
      assert.equal(await stores.users.receiptOf(tenant, "nobody"), undefined);
    }),
  ];
}

function createUser(subject: StoresSubject, address: string): Promise<UserId> {
  const user = sampleUser(email(address), subject.vocabulary);
  return subject.stores.users.create(
    subject.tenant,
    user,
    sampleReceipt(user),
    {},
    sampleAssertion(user),
  );
}

function createInTransaction(subject: StoresSubject, address: string): Promise<UserId> {
  const user = sampleUser(email(address), subject.vocabulary);
  return subject.unitOfWork.run(subject.tenant, ({ users }) =>
    users.create(subject.tenant, user, sampleReceipt(user), {}, sampleAssertion(user)),
  );
}

async function assertOneCreated(
  subject: StoresSubject,
  results: readonly PromiseSettledResult<UserId>[],
): Promise<void> {
  assert.deepEqual(
    errorsOf(results).filter((error) => !(error instanceof EmailTakenError)),
    [],
  );
  assert.equal(valuesOf(results).length, 1);
  assert.equal(await subject.countUsers(subject.tenant), 1);
}
