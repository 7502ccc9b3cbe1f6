import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { asValue, type LogoutDemand, type SamlSession } from "../../src/mod.ts";
import type { IdentityPort, VerifiedLogout } from "../../src/ports/identity-port.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { address } from "../support/arrivals.ts";
import { type FakeIdentity, makeFakeIdentity } from "../support/fake-identity.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const { privateKey, certificate } = makeTestKey();

describe("single logout", () => {
  let host: TestHost;
  let identity: FakeIdentity;
  let session: SamlSession | undefined;
  let ended: (LogoutDemand | "own")[];

  beforeEach(async () => {
    identity = makeFakeIdentity();
    ended = [];
    host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => session,
        signOut: (_ctx, { demand }) => {
          ended.push(demand ?? "own");
        },
      },
      override: (container) => {
        container.register("identity", asValue<IdentityPort>(identity));
      },
    });
    session = {
      issuer: host.idp.entityId,
      nameId: { value: "ada@customer.example", format: "x" },
      sessionIndex: "s1",
    };
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    host.memory.seedUser(host.tenant, { email: address("ada@customer.example") });
  });
  afterEach(() => host.stop());

  const go = (path: string, init: RequestInit = {}) =>
    fetch(`${host.baseUrl}/saml${path}`, { redirect: "manual", ...init });

  const demand: VerifiedLogout = {
    kind: "logout-request",
    id: "_1",
    issuer: "https://idp.example/metadata",
    subject: { nameId: { value: "ada@customer.example", format: "x" }, sessionIndexes: ["s1"] },
    replayableUntil: Date.UTC(2026, 0, 1, 1),
  };

  it("begun here ends the session here, then at the identity provider", async () => {
    const response = await go("/logout", { method: "POST" });
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("https://idp.example/sso");
    expect(ended).to.deep.equal(["own"]);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ outcome: "logged-out" });
  });

  it("begun here without a SAML session ends here", async () => {
    session = undefined;
    const response = await go("/logout");
    expect(response.headers.get("location")).to.equal("/");
    expect(ended).to.deep.equal(["own"]);
  });

  it("begun here ends here where the identity provider sent no NameID", async () => {
    session = { issuer: host.idp.entityId, nameId: { value: "", format: "x" } };
    const response = await go("/logout", { method: "POST" });
    expect(response.headers.get("location")).to.equal("/");
    expect(ended).to.deep.equal(["own"]);
  });

  it("cannot be begun by another site", async () => {
    const headers = { "Sec-Fetch-Site": "cross-site" };
    expect((await go("/logout", { headers })).status).to.equal(403);
    expect(ended).to.deep.equal([]);
  });

  it("demanded by the identity provider ends those sessions, once, and no user", async () => {
    identity.logout = demand;
    const before = host.memory.usersOf(host.tenant);
    const response = await go("/slo?SAMLRequest=x");
    expect(response.headers.get("location")).to.equal("https://idp.example/slo?SAMLResponse=x");
    expect(ended).to.deep.equal([{ ...demand.subject, issuer: demand.issuer }]);
    expect((await go("/slo?SAMLRequest=x")).status).to.equal(403);
    expect(ended).to.have.length(1);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "replayed" });
    expect(host.memory.usersOf(host.tenant)).to.deep.equal(before);
  });

  it("that does not verify ends nothing", async () => {
    const response = await go("/slo?SAMLRequest=x");
    expect(response.status).to.equal(400);
    expect(await response.json()).to.include({ code: "logout-refused" });
    expect(ended).to.deep.equal([]);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ outcome: "logout-rejected" });
  });
});
