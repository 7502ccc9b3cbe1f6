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
      public: "https://app.example",
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

  it("begun by a form of the platform leads on by a page, as form-action stops redirects", async () => {
    const headers = { Origin: "https://app.example", "Sec-Fetch-Dest": "document" };
    const response = await go("/logout", { method: "POST", headers });
    expect(response.status).to.equal(200);
    expect(await response.text()).to.contain('content="0;url=https://idp.example/sso"');
    expect(response.headers.get("content-security-policy")).to.contain("default-src 'none'");
    expect(ended).to.deep.equal(["own"]);
  });

  it("begun here ends the session here, then at the identity provider", async () => {
    const response = await go("/logout", { method: "POST" });
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("https://idp.example/sso");
    expect(ended).to.deep.equal(["own"]);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ outcome: "logged-out" });
  });

  it("begun here without a SAML session ends here", async () => {
    session = undefined;
    const response = await go("/logout", { method: "POST" });
    expect(response.headers.get("location")).to.equal("/");
    expect(ended).to.deep.equal(["own"]);
  });

  it("begun here ends here where the identity provider sent no NameID", async () => {
    session = { issuer: host.idp.entityId, nameId: { value: "", format: "x" } };
    const response = await go("/logout", { method: "POST" });
    expect(response.headers.get("location")).to.equal("/");
    expect(ended).to.deep.equal(["own"]);
  });

  for (const [what, headers] of [
    ["of a browser that says so", { "Sec-Fetch-Site": "same-origin" }],
    ["that a user entered", { "Sec-Fetch-Site": "none" }],
    ["over plain http", { Referer: "https://app.example/reports?x=1" }],
  ] as const) {
    it(`is begun by a link of ours: ${what}`, async () => {
      expect((await go("/logout", { headers })).status).to.equal(303);
      expect(ended).to.deep.equal(["own"]);
    });
  }

  // Over plain http to a host other than localhost, browsers send neither Origin nor Fetch Metadata.
  for (const [what, headers] of [
    ["of a browser that says so", { "Sec-Fetch-Site": "cross-site" }],
    ["of a sibling domain", { "Sec-Fetch-Site": "same-site" }],
    ["over plain http", { Referer: "https://elsewhere.example/" }],
    ["over plain http that suppresses its address", {}],
    ["with an address like ours", { Referer: "https://app.example.elsewhere.example/" }],
  ] as const) {
    it(`asks the user before it follows a link of another site: ${what}`, async () => {
      const image = await go("/logout", { headers: { ...headers, Accept: "image/*" } });
      expect(image.status).to.equal(403);
      const page = await go("/logout", { headers: { ...headers, Accept: "text/html" } });
      expect(page.status).to.equal(200);
      expect(await page.text()).to.include('action="https://app.example/saml/logout"');
      // The page's post must say where it comes from, and may end at the identity provider.
      expect(page.headers.get("Referrer-Policy")).to.equal("same-origin");
      expect(page.headers.get("Content-Security-Policy")).to.not.include("form-action");
      expect(ended).to.deep.equal([]);
    });
  }

  it("cannot be begun by a form of another site", async () => {
    for (const Origin of ["https://elsewhere.example", "null"]) {
      const headers = { Origin, Accept: "text/html" };
      expect((await go("/logout", { method: "POST", headers })).status).to.equal(403);
    }
    const headers = { Origin: "https://app.example", Accept: "text/html" };
    expect((await go("/logout", { method: "POST", headers })).status).to.equal(303);
    expect(ended).to.deep.equal(["own"]);
  });

  it("is begun by a form of ours on a page that sends no referrer", async () => {
    const begin = (site: string) =>
      go("/logout", { method: "POST", headers: { Origin: "null", "Sec-Fetch-Site": site } });
    for (const site of ["cross-site", "same-site", "none", ""]) {
      expect((await begin(site)).status).to.equal(403);
    }
    expect(ended).to.deep.equal([]);
    expect((await begin("same-origin")).status).to.equal(303);
    expect(ended).to.deep.equal(["own"]);
  });

  it("demanded by the identity provider ends those sessions, once, and no user", async () => {
    identity.logout = demand;
    const before = host.memory.usersOf(host.tenant);
    const response = await go("/slo?SAMLRequest=x");
    expect(response.headers.get("location")).to.equal("https://idp.example/slo?SAMLResponse=x");
    expect(ended).to.deep.equal([{ ...demand.subject, issuer: demand.issuer }]);
    expect((await go("/slo?SAMLRequest=x")).status).to.equal(303);
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
