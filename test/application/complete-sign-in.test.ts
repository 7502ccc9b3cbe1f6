import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import {
  makeFixedClock,
  makeMemoryCatalog,
  makeMemoryLogger,
  makeSequentialIds,
} from "../../src/adapters/memory/memory-environment.ts";
import { type MemoryStores, makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import {
  type HandleSamlResponse,
  makeHandleSamlResponse,
} from "../../src/application/sign-in/complete-sign-in.ts";
import type { PendingLogin } from "../../src/application/sign-in/pending-request.ts";
import { makeRecordRefusal } from "../../src/application/sign-in/sign-in-outcome.ts";
import { makeSignInTransaction } from "../../src/application/sign-in/sign-in-transaction.ts";
import { makeSignInWithRetry } from "../../src/application/sign-in/sign-in-with-retry.ts";
import { makeUserFacts } from "../../src/application/sign-in/user-facts.ts";
import {
  DEFAULT_CONNECTION_ID,
  DEFAULT_SETTINGS,
  NEW_CONNECTION,
  type Settings,
} from "../../src/domain/settings.ts";
import { EmailTakenError, InvitationGoneError } from "../../src/ports/errors.ts";
import type { UnitOfWork } from "../../src/ports/unit-of-work.ts";
import { address } from "../support/arrivals.ts";
import { type FakeIdentity, makeFakeIdentity, verified } from "../support/fake-identity.ts";
import { DEFAULT_TENANT, LISTS } from "../support/host.ts";

const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  enabled: true,
  connections: [
    {
      ...NEW_CONNECTION,
      idp: {
        entityId: "https://idp.example/metadata",
        ssoUrl: "https://idp.example/sso",
        certificates: ["AA"],
        idpInitiated: true,
        signRequests: false,
        weakAlgorithms: [],
        acceptExpiredCertificates: false,
      },
    },
  ],
  autoProvisioning: { ...DEFAULT_SETTINGS.autoProvisioning, enabled: true, role: "editor" },
};
const EMAIL = "ada@customer.example";
const SP = {
  entityId: "https://app.example/saml/metadata",
  acsUrl: "https://app.example/saml/acs",
};

describe("completing a sign-in", () => {
  const tenant = DEFAULT_TENANT;
  const clock = makeFixedClock();
  let memory: MemoryStores;
  let identity: FakeIdentity;
  let hostCalls: string[];

  beforeEach(async () => {
    memory = makeMemoryStores();
    identity = makeFakeIdentity();
    hostCalls = [];
    await memory.stores.settings.save(tenant, {
      settings: SETTINGS,
      version: 1,
      connectionVersions: new Map([[DEFAULT_CONNECTION_ID, 1]]),
      savedAt: 0,
      savedBy: "set-up",
    });
  });

  function useCase(
    unitOfWork: UnitOfWork = memory.unitOfWork,
    licenseLimit: () => number | undefined = () => undefined,
  ): HandleSamlResponse {
    const ids = makeSequentialIds();
    const { settings, audit } = memory.stores;
    const catalog = makeMemoryCatalog(LISTS);
    const counted = {
      ...catalog,
      roles: (of: typeof tenant) => {
        hostCalls.push("roles");
        return catalog.roles(of);
      },
    };
    const userFacts = makeUserFacts({
      users: memory.stores.users,
      catalog: counted,
      licenseLimit,
      organizationRequired: false,
      verifiedDomains: async () => undefined,
    });
    const signInTransaction = makeSignInTransaction({
      unitOfWork,
      userFacts,
      recordEvent: async () => undefined,
      clock,
      ids,
    });
    const signInWithRetry = makeSignInWithRetry({
      users: memory.stores.users,
      userFacts,
      signInTransaction,
    });
    const recordRefusal = makeRecordRefusal({ audit, clock, ids, logger: makeMemoryLogger() });
    return makeHandleSamlResponse({
      settings,
      identity,
      signInWithRetry,
      recordRefusal,
      clock,
      ids,
    });
  }

  const input = (pending: readonly PendingLogin[] = []) => ({ tenant, sp: SP, form: {}, pending });
  const pending = (more: Partial<PendingLogin> = {}): PendingLogin => ({
    requestId: "_r",
    tenant,
    connection: DEFAULT_CONNECTION_ID,
    connectionVersion: 1,
    expiresAt: clock.now() + 1000,
    ...more,
  });

  it("gives the host all that it needs for its session, and for single logout later", async () => {
    identity.response = verified(EMAIL, { sessionIndex: "s", inResponseTo: "_r" });
    expect(await useCase()(input([pending({ returnTo: "/a" })]))).to.deep.equal({
      kind: "signed-in",
      reference: "REF-00001",
      connection: DEFAULT_CONNECTION_ID,
      user: { id: "user-1", email: EMAIL },
      outcome: "provisioned",
      session: {
        issuer: "https://idp.example/metadata",
        nameId: verified(EMAIL).claims.nameId,
        sessionIndex: "s",
      },
      assertion: {
        nameId: verified(EMAIL).claims.nameId,
        attributes: [],
        authnInstant: verified(EMAIL).authnInstant,
      },
      returnTo: "/a",
      consumedRequestId: "_r",
    });
  });

  it("lets the host read what the identity provider says, and nobody change it", async () => {
    const { claims } = verified(EMAIL);
    const attributes = [{ name: "groups", values: ["staff"], more: "of our reader alone" }];
    identity.response = verified(EMAIL, {
      claims: { ...claims, attributes },
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
    });
    const result = await useCase()(input());
    if (result.kind !== "signed-in") expect.fail(result.code);
    const { assertion } = result;
    expect(assertion).to.deep.equal({
      nameId: claims.nameId,
      attributes: [{ name: "groups", values: ["staff"] }],
      authnInstant: Date.UTC(2026, 0, 1),
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
    });
    expect(memory.userByEmail(tenant, address(EMAIL))?.assertion).to.deep.equal(assertion);
    const [first] = assertion.attributes;
    for (const part of [assertion, assertion.nameId, assertion.attributes, first, first?.values]) {
      expect(Object.isFrozen(part)).to.equal(true);
    }
  });

  it("asks the host for nothing when the user is known", async () => {
    memory.seedUser(tenant, { email: address(EMAIL) });
    identity.response = verified(EMAIL);
    expect(await useCase()(input())).to.include({ kind: "signed-in", outcome: "signed-in" });
    expect(hostCalls).to.deep.equal([]);
  });

  /** Transactions of which the first begins after `change`, and which count how often they run. */
  function changing(change: () => unknown): { readonly runs: number; readonly uow: UnitOfWork } {
    let runs = 0;
    const uow: UnitOfWork = {
      run: (of, work) => {
        runs += 1;
        if (runs === 1) change();
        return memory.unitOfWork.run(of, work);
      },
    };
    return {
      get runs() {
        return runs;
      },
      uow,
    };
  }

  it("takes one transaction, whether the user is known or not", async () => {
    const counted = changing(() => undefined);
    const complete = useCase(counted.uow);
    for (const [index, outcome] of ["provisioned", "signed-in"].entries()) {
      identity.response = verified(EMAIL, { assertionId: outcome });
      expect(await complete(input())).to.include({ outcome });
      expect(counted.runs).to.equal(index + 1);
    }
  });

  it("decides again when the user is created concurrently", async () => {
    const { uow } = changing(() => memory.seedUser(tenant, { email: EMAIL }));
    identity.response = verified(EMAIL);
    expect(await useCase(uow)(input())).to.include({ outcome: "signed-in" });
    expect(memory.usersOf(tenant)).to.have.length(1);
    expect(memory.ledgerSize()).to.equal(1);
    expect(memory.auditEntries(tenant)).to.have.length(1);
    expect(hostCalls).to.deep.equal(["roles"]);
  });

  it("decides again when another unique key of the host's tells first", async () => {
    let failing = true;
    const unitOfWork: UnitOfWork = {
      run: (of, work) =>
        memory.unitOfWork.run(of, (stores) => {
          const create: typeof stores.users.create = async (...call) => {
            if (!failing) return stores.users.create(...call);
            failing = false;
            // Committed by somebody else; the address as typed has a unique key, too.
            memory.seedUser(tenant, { email: EMAIL });
            throw new Error("duplicate username");
          };
          return work({ ...stores, users: { ...stores.users, create } });
        }),
    };
    identity.response = verified(EMAIL);
    expect(await useCase(unitOfWork)(input())).to.include({ kind: "signed-in" });
    expect(memory.usersOf(tenant)).to.have.length(1);
  });

  it("throws what failed where nobody has created the user", async () => {
    let attempts = 0;
    const failure = new Error("duplicate username");
    const unitOfWork: UnitOfWork = {
      run: (of, work) =>
        memory.unitOfWork.run(of, (stores) => {
          attempts += 1;
          const create = () => Promise.reject(failure);
          return work({ ...stores, users: { ...stores.users, create } });
        }),
    };
    identity.response = verified(EMAIL);
    const error = await useCase(unitOfWork)(input()).catch((thrown: unknown) => thrown);
    expect(error).to.equal(failure);
    expect(attempts).to.equal(1);
    expect(memory.usersOf(tenant)).to.deep.equal([]);
  });

  it("finds a user who was created while it waited for the lock on the seats", async () => {
    const uow: UnitOfWork = {
      run: (of, work) =>
        memory.unitOfWork.run(of, (stores) => {
          const countSeatsExclusively: typeof stores.users.countSeatsExclusively = async (
            ...call
          ) => {
            memory.seedUser(tenant, { email: EMAIL });
            return stores.users.countSeatsExclusively(...call);
          };
          return work({ ...stores, users: { ...stores.users, countSeatsExclusively } });
        }),
    };
    identity.response = verified(EMAIL);
    expect(await useCase(uow, () => 1)(input())).to.include({ outcome: "signed-in" });
    expect(memory.usersOf(tenant)).to.have.length(1);
  });

  for (const state of ["suspended", "deleted"] as const) {
    it(`refuses a user who is ${state} after they were looked up`, async () => {
      const id = memory.seedUser(tenant, { email: EMAIL });
      const { uow } = changing(() => memory.changeUser(tenant, id, { state }));
      identity.response = verified(EMAIL);
      expect(await useCase(uow)(input())).to.include({ code: `user-${state}` });
      expect(memory.ledgerSize()).to.equal(1);
      expect(memory.auditEntries(tenant).map(({ code }) => code)).to.deep.equal([`user-${state}`]);
    });
  }

  it("signs in a user whose invitation is accepted concurrently", async () => {
    const id = memory.seedUser(tenant, { email: EMAIL, state: "invited" });
    const { uow } = changing(() => memory.changeUser(tenant, id, { state: "active" }));
    identity.response = verified(EMAIL);
    expect(await useCase(uow)(input())).to.include({ outcome: "signed-in" });
    expect(memory.auditEntries(tenant)).to.have.length(1);
  });

  it("asks to try later when that does not settle, and leaves nothing behind", async () => {
    const unitOfWork: UnitOfWork = { run: () => Promise.reject(new InvitationGoneError()) };
    identity.response = verified(EMAIL);
    const error = await useCase(unitOfWork)(input()).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "storage-unavailable" });
    expect(memory.ledgerSize()).to.equal(0);
  });

  it("reports to the host an active user whom its queries leave out", async () => {
    memory.seedUser(tenant, { email: EMAIL });
    const unitOfWork: UnitOfWork = {
      run: (of, work) =>
        memory.unitOfWork.run(of, (stores) => {
          const appendSignIn = () => Promise.resolve(false);
          return work({ ...stores, audit: { ...stores.audit, appendSignIn } });
        }),
    };
    identity.response = verified(EMAIL);
    const error = await useCase(unitOfWork)(input()).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "host-mistake" });
    expect(String(error)).to.contain("takingSeats").and.not.contain(EMAIL);
    expect(memory.ledgerSize()).to.equal(0);
  });

  it("reports to the host an address that is taken but not found", async () => {
    const unitOfWork: UnitOfWork = {
      run: (of, work) =>
        memory.unitOfWork.run(of, (stores) => {
          const create = () => Promise.reject(new EmailTakenError());
          return work({ ...stores, users: { ...stores.users, create } });
        }),
    };
    identity.response = verified(EMAIL);
    const error = await useCase(unitOfWork)(input()).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "host-mistake" });
    expect(String(error)).to.contain("parseEmailAddress").and.not.contain(EMAIL);
    expect(memory.ledgerSize()).to.equal(0);
  });

  it("counts seats only under a limit, and only for a user who would take one", async () => {
    const counts: string[] = [];
    const unitOfWork: UnitOfWork = {
      run: (of, work) =>
        memory.unitOfWork.run(of, (stores) => {
          const countSeatsExclusively: typeof stores.users.countSeatsExclusively = (...call) => {
            counts.push("exclusively");
            return stores.users.countSeatsExclusively(...call);
          };
          const countSeats: typeof stores.users.countSeats = (...call) => {
            counts.push("at all");
            return stores.users.countSeats(...call);
          };
          return work({ ...stores, users: { ...stores.users, countSeats, countSeatsExclusively } });
        }),
    };
    let limit: number | undefined;
    const complete = useCase(unitOfWork, () => limit);
    identity.response = verified(EMAIL);
    await complete(input());
    expect(counts).to.deep.equal([]);
    const [entry] = memory.auditEntries(tenant);
    expect(entry?.detail).to.include({ seats: "not counted" });
    expect(memory.userByEmail(tenant, address(EMAIL))?.receipt).not.to.have.any.keys(
      "seatsBefore",
      "seatsAfter",
    );
    limit = 2;
    identity.response = verified("bob@customer.example");
    await complete(input());
    expect(counts).to.deep.equal(["exclusively"]);
    expect(memory.auditEntries(tenant)[0]?.detail).to.include({ seats: "1 -> 2" });
    identity.response = verified("bob@customer.example", { assertionId: "_again" });
    await complete(input());
    expect(counts).to.deep.equal(["exclusively"]);
    identity.response = verified("eve@customer.example");
    expect(await complete(input())).to.include({ code: "license-exhausted" });
  });

  it("uses up the assertion of a denied user", async () => {
    memory.seedUser(tenant, { email: address(EMAIL), state: "suspended" });
    identity.response = verified(EMAIL);
    const complete = useCase();
    expect(await complete(input())).to.include({ code: "user-suspended" });
    expect(await complete(input())).to.include({ code: "replayed" });
    expect(await memory.stores.audit.refusalCount(tenant)).to.equal(1);
  });

  it("leaves an assertion unused whose request was answered before", async () => {
    const complete = useCase();
    identity.response = verified(EMAIL, { inResponseTo: "_r" });
    await complete(input([pending()]));
    identity.response = verified(EMAIL, { inResponseTo: "_r", assertionId: "_other" });
    expect(await complete(input([pending()]))).to.include({ code: "request-consumed" });
    expect(memory.ledgerSize()).to.equal(2);
  });

  it("refuses an answer to a request from before the connection changed", async () => {
    identity.response = verified(EMAIL, { inResponseTo: "_r" });
    const answer = await useCase()(input([pending({ connectionVersion: 0 })]));
    expect(answer).to.include({ code: "connection-changed", authenticated: true });
    expect(memory.usersOf(tenant)).to.deep.equal([]);
  });
});
