import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { address, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { isTestDone, makeTester, type Tester } from "../support/test-sign-ins.ts";

const HOUR = 3_600_000;

describe("a test sign-in with unsaved settings", () => {
  let host: TestHost;
  let tester: Tester;

  beforeEach(async () => {
    host = await startHost();
    tester = makeTester(host);
  });
  afterEach(() => host.stop());

  const nothingHappened = () => {
    expect(host.signedIn).to.deep.equal([]);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
  };

  it("goes to the identity provider and back, and shows everything that came of it", async () => {
    const response = await tester.post({ ...tester.draft(), enabled: false });
    expect(response.status).to.equal(201);
    const begun = (await response.json()) as { id: string; url: string; expiresAt: number };
    const { id } = begun;
    const at = `${host.baseUrl}/saml/settings/test-sign-ins/${id}`;
    expect(begun).to.deep.equal({
      id,
      url: `${at}/start`,
      expiresAt: host.clock.now() + 600_000,
    });
    expect(response.headers.get("location")).to.equal(at);
    const head = { id, by: "admin-1", createdAt: host.clock.now(), expiresAt: begun.expiresAt };
    expect(await tester.read(id)).to.deep.equal({ ...head, state: "pending" });

    const browser = makeBrowser();
    const started = await tester.start(id, browser);
    expect(started.status).to.equal(302);
    expect(started.headers.get("location")).to.match(/^https:\/\/idp\.example\/sso\?SAMLRequest=/);
    const inResponseTo = requestIdIn(started);
    host.clock.advance(5000);
    const attributes = {
      "urn:oid:2.5.4.42": "Ada",
      groups: Array.from({ length: 200 }, (_, index) => `group ${index}`),
    };
    const answer = await tester.arrive(
      browser,
      tester.form(inResponseTo, {
        attributes,
        sessionIndex: "s-1",
        sessionForMs: HOUR,
        authnInstant: host.clock.now() - HOUR,
        authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
      }),
    );
    expect(isTestDone(answer, id)).to.equal(true);

    const read = await tester.read(id);
    expect(read).to.deep.equal({
      ...head,
      state: "succeeded",
      finishedAt: host.clock.now(),
      result: {
        kind: "verified",
        reference: host.memory.auditEntries(host.tenant)[0]?.reference,
        issuer: tester.idp.entityId,
        signedBy: read.result?.kind === "verified" ? read.result.signedBy : "",
        warnings: [],
        received: {
          email: { kind: "email", address: "ada@customer.example", from: ["NameID"] },
          nameId: {
            value: "ada@customer.example",
            format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
          },
          session: {
            authnInstant: host.clock.now() - HOUR,
            authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
            sessionIndex: "s-1",
            sessionNotOnOrAfter: host.clock.now() + HOUR,
          },
          attributes: {
            count: 2,
            first: [
              {
                name: "urn:oid:2.5.4.42",
                friendlyName: "givenName",
                values: { count: 1, first: ["Ada"] },
              },
              { name: "groups", values: { count: 200, first: attributes.groups.slice(0, 150) } },
            ],
          },
          profile: { firstName: "Ada" },
          decision: {
            decision: "provision",
            rule: "defaults",
            rules: { count: 0, first: [] },
            email: "ada@customer.example",
            role: { id: "editor", name: "Editor", licensed: true },
            groups: { count: 1, first: [{ id: "g1", name: "Support" }] },
            organizations: {
              kind: "selected",
              count: 2,
              first: [
                { id: "o1", name: "North" },
                { id: "o2", name: "South" },
              ],
            },
            seats: { before: 0, after: 1 },
            warnings: { count: 0, first: [] },
          },
        },
      },
    });
    nothingHappened();
    expect((await host.saml.readSettings("default")).version).to.equal(0);
  });

  it("shows the beginning of what is long, and how much there was", async () => {
    const test = await tester.begun(
      tester.draft({ email: { source: { kind: "attribute", name: "mail" }, allowedDomains: [] } }),
    );
    const attributes = Object.fromEntries([
      ["mail", "ada@customer.example"],
      ...Array.from({ length: 60 }, (_, index) => [`attribute ${index}`, "😀".repeat(500)]),
    ]);
    await tester.answer(test, {
      attributes,
      nameId: "n".repeat(2000),
      sessionIndex: "s".repeat(900),
    });
    const { result } = await tester.read(test.id);
    const received = result?.kind === "verified" ? result.received : undefined;
    expect(received?.attributes.count).to.equal(61);
    expect(received?.attributes.first).to.have.length(50);
    const [, second] = received?.attributes.first ?? [];
    expect([...(second?.values.first[0] ?? "")].at(-1)).to.equal("…");
    expect(JSON.stringify(received).length).to.be.below(30_000);
  });

  it("ends on a plain page where the host has no settings page", async () => {
    await host.stop();
    host = await startHost({ settingsPage: false });
    tester = makeTester(host);
    const test = await tester.begun();
    const answer = await tester.answer(test);
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.contain("The test sign-in has ended.");
    expect((await tester.read(test.id)).state).to.equal("succeeded");
  });

  it("leaves an entry in the activity, without an address", async () => {
    const test = await tester.begun();
    await tester.answer(test);
    const [entry, ...others] = host.memory.auditEntries(host.tenant);
    expect(others).to.deep.equal([]);
    expect(entry).to.include({ outcome: "tested", actor: "admin-1" });
    expect(entry).not.to.have.any.keys("email", "code", "userId");
    expect(entry?.detail).to.include({ test: test.id, state: "succeeded", rule: "defaults" });
    expect(JSON.stringify(entry)).not.to.contain("ada@");
    const found = await fetch(`${host.baseUrl}/saml/settings/audit?outcome=tested`);
    expect(((await found.json()) as { entries: unknown[] }).entries).to.have.length(1);
  });

  it("tells what was sent and what was expected when the answer is not taken", async () => {
    const test = await tester.begun();
    const answer = await tester.answer(test, { audience: "https://other.example" });
    expect(isTestDone(answer, test.id)).to.equal(true);
    const { state, result, explanation } = await tester.read(test.id);
    expect(state).to.equal("failed");
    expect(explanation?.sentence).to.contain("not our entity ID");
    expect(result).to.deep.include({
      kind: "rejected",
      code: "audience-mismatch",
      authenticated: true,
      comparison: { sent: "https://other.example", expected: `${host.baseUrl}/saml/metadata` },
    });
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({
      outcome: "tested",
      code: "audience-mismatch",
    });
    nothingHappened();
  });

  it("fails when the settings deny the user, and shows the decision", async () => {
    const cases = [
      { email: { source: { kind: "attribute", name: "gone" } as const, allowedDomains: [] } },
      { email: { source: { kind: "name-id" } as const, allowedDomains: ["other.example"] } },
    ];
    const reasons = ["email-missing", "domain-not-allowed"];
    for (const [index, changes] of cases.entries()) {
      const test = await tester.begun(tester.draft(changes));
      await tester.answer(test);
      const { state, result, explanation } = await tester.read(test.id);
      expect(state).to.equal("failed");
      expect(result).to.include({ kind: "verified", code: reasons[index] });
      expect(explanation?.fix).to.be.a("string");
      expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: reasons[index] });
    }
    const test = await tester.begun();
    host.catalog.replace({ roles: [] });
    await tester.answer(test);
    expect(await tester.read(test.id)).to.deep.include({ state: "failed" });
    expect((await tester.read(test.id)).result).to.include({ code: "defaults-invalid" });
  });

  it("succeeds when it is this one person, or the license, that is in the way", async () => {
    const email = address("ada@customer.example");
    const { autoProvisioning } = tester.draft();
    const off = tester.draft({ autoProvisioning: { ...autoProvisioning, enabled: false } });
    host.licenseLimit = 0;
    for (const [settings, code] of [
      [tester.draft(), "license-exhausted"],
      [off, "jit-disabled"],
    ] as const) {
      const test = await tester.begun(settings);
      await tester.answer(test);
      const { state, result } = await tester.read(test.id);
      expect(state).to.equal("succeeded");
      expect(result).to.include({ kind: "verified", code });
    }
    const id = host.memory.seedUser(host.tenant, { email, state: "suspended" });
    const test = await tester.begun();
    await tester.answer(test);
    expect(await tester.read(test.id)).to.include({ state: "succeeded" });
    expect(host.memory.userById(host.tenant, id)?.state).to.equal("suspended");
    const invited = host.memory.seedUser(host.tenant, {
      email: address("eve@customer.example"),
      state: "invited",
    });
    const another = await tester.begun();
    await tester.answer(another, { email: "eve@customer.example" });
    expect((await tester.read(another.id)).result).to.have.nested.include({
      "received.decision.rule": "invited-user",
    });
    expect(host.memory.userById(host.tenant, invited)?.state).to.equal("invited");
  });

  it("names every fault of the draft, as if it were enabled, and stores nothing", async () => {
    const { connection: _, ...unconnected } = tester.draft();
    const profile = { firstName: " " };
    const response = await tester.post({ ...unconnected, profile, enabled: false });
    expect(response.status).to.equal(422);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).to.deep.equal([
      "/settings/connection",
      "/settings/profile/firstName",
    ]);
    for (const nothing of [undefined, null, 7, []]) {
      expect((await tester.post(nothing)).status).to.equal(422);
    }
  });

  it("can be started again: the answer to the last request counts", async () => {
    const test = await tester.begun();
    const inResponseTo = requestIdIn(await tester.start(test.id, test.browser));
    expect((await tester.answer(test)).status).to.equal(403);
    expect((await tester.read(test.id)).state).to.equal("pending");
    await tester.answer({ ...test, inResponseTo });
    expect((await tester.read(test.id)).state).to.equal("succeeded");
    expect(isTestDone(await tester.start(test.id), test.id)).to.equal(true);
    const program = { Accept: "application/json" };
    const over = await fetch(`${host.baseUrl}/saml/settings/test-sign-ins/${test.id}/start`, {
      headers: program,
    });
    expect(over.status).to.equal(409);
    nothingHappened();
  });

  it("leads to its result when the answer is posted twice, or another one by the Back button", async () => {
    const test = await tester.begun();
    await tester.answer(test);
    const before = await tester.read(test.id);
    host.clock.advance(11 * 60_000);
    for (const email of ["ada@customer.example", "eve@customer.example"]) {
      expect(isTestDone(await tester.answer(test, { email }), test.id)).to.equal(true);
    }
    expect(await tester.read(test.id)).to.deep.equal(before);
    expect(host.memory.auditEntries(host.tenant)).to.have.length(1);
    nothingHappened();
  });

  it("is over after ten minutes", async () => {
    const test = await tester.begun();
    host.clock.advance(10 * 60_000);
    expect(isTestDone(await tester.answer(test), test.id)).to.equal(true);
    expect(await tester.read(test.id)).to.include({ state: "expired" });
    expect(isTestDone(await tester.start(test.id), test.id)).to.equal(true);
    expect(host.memory.auditEntries(host.tenant)).to.deep.equal([]);
    nothingHappened();
  });

  it("is forgotten after a day, and the person after an hour", async () => {
    const test = await tester.begun();
    await tester.answer(test);
    host.clock.advance(HOUR);
    expect((await tester.read(test.id)).result).to.have.property("received");
    host.clock.advance(1);
    const { state, result } = await tester.read(test.id);
    expect(state).to.equal("succeeded");
    expect(result).to.include({ kind: "verified", issuer: tester.idp.entityId });
    expect(result).not.to.have.property("received");
    expect(await stored(test.id)).not.to.contain("ada@");
    host.clock.advance(23 * HOUR);
    await expectGone(test.id);
    expect(await stored(test.id)).to.equal(undefined);
  });

  it("is forgotten by the host's timer too", async () => {
    const test = await tester.begun();
    await tester.answer(test);
    host.clock.advance(HOUR + 1);
    expect(await host.saml.purge()).to.include({ testSignIns: 0 });
    expect(await stored(test.id)).not.to.contain("ada@");
    host.clock.advance(23 * HOUR);
    expect(await host.saml.purge()).to.include({ testSignIns: 1 });
  });

  const stored = async (id: string) =>
    JSON.stringify(await host.memory.stores.testSignIns.find(host.tenant, id));
  const expectGone = async (id: string) => {
    const response = await fetch(`${host.baseUrl}/saml/settings/test-sign-ins/${id}`);
    expect(response.status).to.equal(404);
  };

  it("says of settings whether they were tested, for a day", async () => {
    const meta = async () => {
      const response = await fetch(`${host.baseUrl}/saml/settings`);
      return ((await response.json()) as { meta: { tested: boolean } }).meta.tested;
    };
    const detail = () => host.memory.auditEntries(host.tenant)[0]?.detail["tested"];
    await host.saml.saveSettings("default", openSettings(host), "admin-1");
    expect([await meta(), detail()]).to.deep.equal([false, "no"]);
    const test = await tester.begun({ ...tester.draft(), enabled: false });
    await tester.answer(test);
    expect(await meta()).to.equal(false);
    await host.saml.saveSettings("default", tester.draft(), "admin-1");
    expect([await meta(), detail()]).to.deep.equal([true, "yes"]);
    await host.saml.saveSettings("default", { ...tester.draft(), enabled: false }, "admin-1");
    expect([await meta(), detail()]).to.deep.equal([true, undefined]);
    const profile = { firstName: "x" };
    await host.saml.saveSettings("default", tester.draft({ profile }), "admin-1");
    expect([await meta(), detail()]).to.deep.equal([false, "no"]);
    await host.saml.saveSettings("default", tester.draft(), "admin-1");
    expect([await meta(), detail()]).to.deep.equal([true, undefined]);
    host.clock.advance(24 * HOUR + 1);
    expect(await meta()).to.equal(false);
  });

  it("can be required of a save over the API", async () => {
    const put = async (query: string, document: object, version: number) => {
      const response = await fetch(`${host.baseUrl}/saml/settings${query}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": `"${version}"` },
        body: JSON.stringify(document),
      });
      const { errors = [] } = (await response.json()) as {
        errors?: readonly { pointer: string; code: string }[];
      };
      return [response.status, ...errors.map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    const { version } = await host.saml.saveSettings(
      "default",
      { ...tester.draft(), enabled: false },
      "admin-1",
    );
    const refusing = "?untested=refuse";
    expect(await put(refusing, tester.draft(), version)).to.deep.equal([422, "/enabled untested"]);
    expect(await put("?untested=maybe", tester.draft(), version)).to.deep.equal([
      400,
      "untested not-allowed",
    ]);
    expect(await put(refusing, { ...tester.draft(), enabled: false }, version)).to.deep.equal([
      200,
    ]);
    await tester.answer(await tester.begun(tester.draft()));
    expect(await put(refusing, tester.draft(), version + 1)).to.deep.equal([200]);
    const other = tester.draft({ email: { source: { kind: "name-id" }, allowedDomains: [] } });
    expect(await put(refusing, other, version + 2)).to.deep.equal([422, "/enabled untested"]);
    expect(await put("", other, version + 2)).to.deep.equal([200]);
  });

  it("of which there are many drops the oldest", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 22; count += 1) {
      host.clock.advance(1);
      ids.push(await tester.begin());
    }
    await expectGone(ids[0] ?? "");
    await expectGone(ids[1] ?? "");
    expect((await tester.read(ids[2] ?? "")).state).to.equal("pending");
  });
});
