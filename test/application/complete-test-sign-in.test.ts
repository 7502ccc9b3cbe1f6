import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import {
  makeFixedClock,
  makeMemoryCatalog,
  makeMemoryLogger,
  makeSequentialIds,
} from "../../src/adapters/memory/memory-environment.ts";
import { type MemoryStores, makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import type { PendingTest } from "../../src/application/sign-in/pending-request.ts";
import { makeUserFacts } from "../../src/application/sign-in/user-facts.ts";
import { makeCompleteTestSignIn } from "../../src/application/test-sign-in/complete-test-sign-in.ts";
import { makeDryRun } from "../../src/application/test-sign-in/dry-run.ts";
import { DEFAULT_SETTINGS, NEW_CONNECTION, type Settings } from "../../src/domain/settings.ts";
import { TEST_PENDING_MS } from "../../src/domain/test-sign-in.ts";
import type { UnitOfWork } from "../../src/ports/unit-of-work.ts";
import { type FakeIdentity, makeFakeIdentity, verified } from "../support/fake-identity.ts";
import { DEFAULT_TENANT, LISTS, tenant } from "../support/host.ts";

const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  enabled: true,
  connections: [
    {
      ...NEW_CONNECTION,
      idp: {
        entityId: "https://draft.example/metadata",
        ssoUrl: "https://draft.example/sso",
        certificates: ["AA"],
        idpInitiated: true,
        signRequests: false,
        weakAlgorithms: [],
        acceptExpiredCertificates: false,
      },
    },
  ],
};
const SP = {
  entityId: "https://app.example/saml/metadata",
  acsUrl: "https://app.example/saml/acs",
};

describe("completing a test sign-in", () => {
  const clock = makeFixedClock();
  const createdAt = clock.now();
  let memory: MemoryStores;
  let identity: FakeIdentity;
  let looked: number;

  beforeEach(async () => {
    clock.set(createdAt);
    memory = makeMemoryStores();
    looked = 0;
    const fake = makeFakeIdentity();
    identity = Object.assign(fake, {
      claimedHead: () => {
        looked += 1;
        return fake.claimed === undefined ? {} : { inResponseTo: fake.claimed };
      },
    });
    identity.claimed = "_r";
    identity.response = verified("ada@customer.example", { inResponseTo: "_r" });
    await memory.stores.testSignIns.add(DEFAULT_TENANT, {
      id: "t",
      by: "admin",
      digest: "d",
      createdAt,
      state: "pending",
      settings: SETTINGS,
      connection: "default",
      requestId: "_r",
    });
  });

  const complete = (
    pending: readonly PendingTest[],
    {
      of = DEFAULT_TENANT,
      unitOfWork = memory.unitOfWork,
    }: { of?: typeof DEFAULT_TENANT; unitOfWork?: UnitOfWork } = {},
  ) => {
    const { users, testSignIns } = memory.stores;
    const catalog = makeMemoryCatalog(LISTS);
    const userFacts = makeUserFacts({
      users,
      catalog,
      licenseLimit: () => undefined,
      organizationRequired: false,
      verifiedDomains: async () => undefined,
    });
    return makeCompleteTestSignIn({
      testSignIns,
      identity,
      dryRun: makeDryRun({ users, catalog, userFacts }),
      unitOfWork,
      clock,
      ids: makeSequentialIds(),
      logger: makeMemoryLogger(),
    })({ tenant: of, sp: SP, form: {}, pending });
  };
  const pending = (more: Partial<PendingTest> = {}): PendingTest => ({
    requestId: "_r",
    tenant: DEFAULT_TENANT,
    testId: "t",
    expiresAt: Number.MAX_SAFE_INTEGER,
    ...more,
  });
  const state = async () => (await memory.stores.testSignIns.find(DEFAULT_TENANT, "t"))?.state;

  it("keeps what came of it", async () => {
    expect(await complete([pending()])).to.deep.equal(pending());
    expect(await state()).to.equal("succeeded");
    expect(memory.auditEntries(DEFAULT_TENANT)).to.have.length(1);
  });

  it("reads nothing if this browser has no pending test of this tenant", async () => {
    const other = tenant("other");
    expect(await complete([])).to.equal(undefined);
    expect(await complete([pending({ tenant: other })])).to.equal(undefined);
    expect(await complete([pending()], { of: other })).to.equal(undefined);
    expect(looked).to.equal(0);
  });

  it("leaves to sign-ins what answers no test", async () => {
    for (const claimed of [undefined, "", "_other"]) {
      identity.claimed = claimed;
      expect(await complete([pending()])).to.equal(undefined);
    }
    identity.claimed = "_r";
    expect(await complete([pending({ testId: "gone" })])).to.equal(undefined);
    for (const more of [{}, { inResponseTo: "_other" }]) {
      identity.response = verified("ada@customer.example", more);
      expect(await complete([pending()])).to.equal(undefined);
    }
    expect(await state()).to.equal("pending");
  });

  it("goes by the time that the record says, whatever the cookie says", async () => {
    clock.set(createdAt + TEST_PENDING_MS);
    expect(await complete([pending()])).to.deep.equal(pending());
    expect(await state()).to.equal("pending");
  });

  it("knows a test that is over by the cookie alone, and changes nothing", async () => {
    const late = pending({ expiresAt: clock.now() });
    expect(await complete([late])).to.deep.equal(late);
    expect(await state()).to.equal("pending");
    await complete([pending()]);
    identity.response = verified("eve@customer.example", { inResponseTo: "_r" });
    expect(await complete([late])).to.deep.equal(late);
    expect(memory.auditEntries(DEFAULT_TENANT)).to.have.length(1);
  });

  it("leaves it pending when the storage fails", async () => {
    const unitOfWork: UnitOfWork = { run: () => Promise.reject(new Error("disk full")) };
    const failed = await complete([pending()], { unitOfWork }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await state()).to.equal("pending");
    expect(await complete([pending()])).to.deep.equal(pending());
  });
});
