import assert from "node:assert/strict";
import { EmailTakenError } from "../../ports/errors.ts";
import type { Stores } from "../../ports/unit-of-work.ts";
import {
  type ContractCase,
  type MakeStoresSubject,
  type StoresSubject,
  storesCase,
} from "./contract-case.ts";
import {
  email,
  SAMPLE_TIME,
  sampleAssertion,
  sampleEntry,
  sampleReceipt,
  sampleSettings,
  sampleUser,
} from "./samples.ts";

const ADA = email("ada@example.test");

/** What every UnitOfWork promises. */
export function unitOfWorkContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "keeps everything when the work is done", async (subject) => {
      const { unitOfWork, tenant } = subject;
      const result = await unitOfWork.run(tenant, async (stores) => {
        await writeEverywhere(subject, stores);
        return "done";
      });
      assert.equal(result, "done");
      assert.deepEqual(await seen(subject), { user: true, settings: 1, entries: 2, refusals: 1 });
      assert.equal(await consume(subject.stores, subject), false);
    }),
    storesCase(makeSubject, "shows the work what it wrote itself", async (subject) => {
      const { unitOfWork, tenant } = subject;
      await unitOfWork.run(tenant, async (stores) => {
        await writeEverywhere(subject, stores);
        assert.deepEqual(await seen({ ...subject, stores }), {
          user: true,
          settings: 1,
          entries: 2,
          refusals: 1,
        });
      });
    }),
    storesCase(
      makeSubject,
      "undoes everything when the work throws, and says why",
      async (subject) => {
        const { unitOfWork, tenant } = subject;
        const failure = new Error("changed my mind");
        const failing = unitOfWork.run(tenant, async (stores) => {
          await writeEverywhere(subject, stores);
          throw failure;
        });
        await assert.rejects(failing, (error) => error === failure);
        assert.deepEqual(await seen(subject), {
          user: false,
          settings: 0,
          entries: 0,
          refusals: 0,
        });
        assert.equal(await subject.countUsers(tenant), 0);
        assert.equal(await consume(subject.stores, subject), true);
      },
    ),
    storesCase(makeSubject, "undoes everything when an address is in use", async (subject) => {
      const { stores, unitOfWork, tenant, vocabulary } = subject;
      const seed = { email: ADA, state: "active", role: vocabulary.liteRole } as const;
      await subject.seedUser(tenant, seed);
      const failing = unitOfWork.run(tenant, (inside) => writeEverywhere(subject, inside));
      await assert.rejects(failing, EmailTakenError);
      assert.equal(await subject.countUsers(tenant), 1);
      assert.equal(await stores.settings.load(tenant), undefined);
      assert.equal(await consume(stores, subject), true);
    }),
    storesCase(makeSubject, "is usable again after a failure", async (subject) => {
      const { unitOfWork, tenant } = subject;
      for (let round = 0; round < 15; round += 1) {
        await assert.rejects(
          unitOfWork.run(tenant, () => Promise.reject(new Error("no"))),
          /no/,
        );
      }
      assert.equal(await unitOfWork.run(tenant, async () => "fine"), "fine");
    }),
  ];
}

async function writeEverywhere(subject: StoresSubject, stores: Stores): Promise<void> {
  const { tenant, vocabulary } = subject;
  assert.equal(await consume(stores, subject), true);
  assert.equal(await stores.settings.save(tenant, sampleSettings(1)), true);
  await stores.audit.append(tenant, sampleEntry(1));
  await stores.audit.appendRefusal(tenant, sampleEntry(2, { outcome: "rejected" }));
  const user = sampleUser(ADA, vocabulary);
  await stores.users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user));
}

function consume(stores: Stores, { tenant }: StoresSubject): Promise<boolean> {
  return stores.ledger.consume(tenant, { kind: "request", key: "k", expiresAt: SAMPLE_TIME });
}

async function seen({ stores, tenant }: StoresSubject): Promise<unknown> {
  return {
    user: (await stores.users.findByEmail(tenant, ADA)) !== undefined,
    settings: (await stores.settings.load(tenant))?.version ?? 0,
    entries: (await stores.audit.page(tenant, { filter: {}, limit: 10 })).entries.length,
    refusals: await stores.audit.refusalCount(tenant),
  };
}
