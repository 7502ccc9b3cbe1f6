import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { asValue } from "../../src/mod.ts";
import type { IdentityPort, VerifiedLogout } from "../../src/ports/identity-port.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { type FakeIdentity, makeFakeIdentity } from "../support/fake-identity.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const ISSUER = "https://idp.example/metadata";
const { privateKey, certificate } = makeTestKey();

describe("the end of a single logout", () => {
  let host: TestHost;
  let identity: FakeIdentity;
  let browser: Browser;
  /** What the host's signOut does next. */
  let signOut: () => boolean | undefined;
  /** What the identity provider is told, each time. */
  let told: boolean[];

  beforeEach(async () => {
    identity = makeFakeIdentity();
    told = [];
    identity.logoutResponse = async (_sp, _connection, { succeeded }) => {
      told.push(succeeded);
      return "https://idp.example/slo?SAMLResponse=x";
    };
    signOut = () => undefined;
    browser = makeBrowser();
    host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => ({ issuer: ISSUER, nameId: { value: "ada", format: "x" } }),
        signOut: async () => signOut(),
      },
      override: (container) => {
        container.register("identity", asValue<IdentityPort>(identity));
      },
    });
    const connection = { ...host.idp.connection(), sloUrl: "https://idp.example/slo" };
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
  });
  afterEach(() => host.stop());

  const slo = () => browser.get(`${host.baseUrl}/saml/slo?SAMLRequest=x`);
  const newest = () => host.memory.auditEntries(host.tenant)[0];
  const response = (more: Partial<Extract<VerifiedLogout, { kind: "logout-response" }>> = {}) => ({
    kind: "logout-response" as const,
    id: "_answer",
    issuer: ISSUER,
    inResponseTo: "_request-1",
    succeeded: true,
    replayableUntil: Date.UTC(2026, 0, 1, 1),
    ...more,
  });
  const demand: VerifiedLogout = {
    kind: "logout-request",
    id: "_demand",
    issuer: ISSUER,
    subject: { nameId: { value: "ada", format: "x" }, sessionIndexes: [] },
    replayableUntil: Date.UTC(2026, 0, 1, 1),
  };

  it("begun here, answered: the host's start page, and nothing is left in the browser", async () => {
    await browser.post(`${host.baseUrl}/saml/logout`, {});
    expect(browser.cookies()).to.have.length(2);
    identity.logout = response();
    const answer = await slo();
    expect(answer.headers.get("location")).to.equal("/");
    expect(newest()).to.include({ outcome: "logged-out" });
    expect(browser.cookies()).to.deep.equal([]);
  });

  it("an answer to nothing, or to another browser's request, is refused", async () => {
    identity.logout = response({ inResponseTo: "_never" });
    expect((await slo()).status).to.equal(403);
    await makeBrowser().post(`${host.baseUrl}/saml/logout`, {});
    identity.logout = response();
    const page = await (await slo()).text();
    expect(page).to.contain("This sign-out is no longer valid.");
    expect(newest()).to.include({ outcome: "logout-rejected", code: "request-unknown" });
  });

  it("an answer that comes too late is refused", async () => {
    await browser.post(`${host.baseUrl}/saml/logout`, {});
    host.clock.advance(10 * 60 * 1000 + 1);
    identity.logout = response();
    expect((await slo()).status).to.equal(403);
  });

  it("a negative response is shown to the user and recorded", async () => {
    await browser.post(`${host.baseUrl}/saml/logout`, {});
    identity.logout = response({ succeeded: false });
    const page = await (await slo()).text();
    expect(page).to.contain(
      "You are signed out here, but you may still be signed in at your identity provider.",
    );
    expect(newest()).to.include({ outcome: "logout-rejected", code: "status-not-success" });
  });

  it("demanded while the host fails: the same demand counts until it was carried out", async () => {
    identity.logout = demand;
    signOut = () => {
      throw new Error("the session store is away");
    };
    expect((await slo()).status).to.equal(500);
    expect(newest()).to.include({ outcome: "settings-saved" });
    signOut = () => true;
    expect((await slo()).headers.get("location")).to.contain("https://idp.example/slo");
    expect(newest()).to.include({ outcome: "logged-out" });
    expect((await slo()).status).to.equal(403);
    expect(newest()).to.include({ outcome: "logout-rejected", code: "replayed" });
    expect(told).to.deep.equal([true]);
  });

  it("a request after which sessions may remain is answered accordingly", async () => {
    identity.logout = demand;
    signOut = () => false;
    expect((await slo()).status).to.equal(303);
    expect(told).to.deep.equal([false]);
    expect(newest()?.detail).to.include({ succeeded: "no" });
  });
});
