import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Rejection, RejectionCode } from "../../src/domain/rejection.ts";
import { asValue } from "../../src/mod.ts";
import type { IdentityPort, LogoutStatus, VerifiedLogout } from "../../src/ports/identity-port.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { type FakeIdentity, makeFakeIdentity } from "../support/fake-identity.ts";
import { failuresIn, openSettings, startHost, type TestHost } from "../support/host.ts";

const ISSUER = "https://idp.example/metadata";
const { privateKey, certificate } = makeTestKey();

describe("the end of a single logout", () => {
  let host: TestHost;
  let identity: FakeIdentity;
  let browser: Browser;
  /** What the host's signOut does next. */
  let signOut: () => boolean | undefined;
  /** What the identity provider is told, each time. */
  let told: LogoutStatus[];

  beforeEach(async () => {
    identity = makeFakeIdentity();
    told = [];
    identity.logoutResponse = async (_sp, _connection, { status }) => {
      told.push(status);
      return { binding: "redirect", url: "https://idp.example/slo?SAMLResponse=x" };
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
    await connect({ sloUrl: "https://idp.example/slo" });
  });
  afterEach(() => host.stop());

  async function connect(changes: { readonly sloUrl?: string }): Promise<void> {
    const { sloUrl: _, ...connection } = host.idp.connection();
    const settings = openSettings(host, { connection: { ...connection, ...changes } });
    await host.saml.saveSettings("default", settings, "set-up");
  }
  const slo = () => browser.get(`${host.baseUrl}/saml/slo?SAMLRequest=x`);
  const newest = () => host.memory.auditEntries(host.tenant)[0];
  const response = (more: Partial<Extract<VerifiedLogout, { kind: "logout-response" }>> = {}) => ({
    kind: "logout-response" as const,
    id: "_answer",
    issuer: ISSUER,
    inResponseTo: "_request-1",
    status: "success" as const,
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

  it("a response that is not a success is shown calmly, and recorded", async () => {
    await browser.post(`${host.baseUrl}/saml/logout`, {});
    for (const [status, sentence] of [
      [
        "failed",
        "You are signed out here, but you may still be signed in at your identity provider.",
      ],
      [
        "partial",
        "You are signed out here and at your identity provider, but you may still be signed in to other services.",
      ],
    ] as const) {
      identity.logout = response({ status });
      const answer = await slo();
      expect(answer.status).to.equal(200);
      expect(await answer.text()).to.contain(sentence);
      expect(newest()).to.include({ outcome: "logout-rejected", code: "status-not-success" });
    }
  });

  it("a response that cannot be verified is shown calmly where it is awaited", async () => {
    identity.logout = rejection("signature-missing");
    identity.claimedLogout = { inResponseTo: "_request-1" };
    expect((await slo()).status).to.equal(403);
    await browser.post(`${host.baseUrl}/saml/logout`, {});
    for (let load = 0; load < 2; load += 1) {
      const answer = await slo();
      expect(answer.status).to.equal(200);
      expect(await answer.text())
        .to.contain("You are signed out here, but you may still be signed in")
        .and.contain(newest()?.reference);
      expect(newest()).to.include({ outcome: "logout-rejected", code: "signature-missing" });
    }
    const document = await browser.get(`${host.baseUrl}/saml/slo?SAMLResponse=x`, {
      Accept: "application/json",
    });
    expect(document.status).to.equal(200);
    expect(await document.json()).to.include.keys("detail", "advice", "reference");
    identity.claimedLogout = { inResponseTo: "_other" };
    expect((await slo()).status).to.equal(403);
    identity.claimedLogout = undefined;
    expect((await slo()).status).to.equal(403);
    identity.claimedLogout = {};
    expect((await slo()).status).to.equal(200);
    host.clock.advance(10 * 60 * 1000 + 1);
    expect((await slo()).status).to.equal(403);
  });

  it("demanded while the host fails: told so, and the same demand counts until it was carried out", async () => {
    identity.logout = demand;
    signOut = () => {
      throw new Error("the session store is away");
    };
    expect((await slo()).headers.get("location")).to.contain("https://idp.example/slo");
    expect(newest()).to.include({ outcome: "logout-rejected", code: "logout-failed" });
    const [failure, ...others] = failuresIn(host.logger);
    expect(others).to.deep.equal([]);
    expect(failure).to.include({ reference: newest()?.reference, error: "Error" });
    signOut = () => true;
    expect((await slo()).headers.get("location")).to.contain("https://idp.example/slo");
    expect(newest()).to.include({ outcome: "logged-out" });
    expect(told).to.deep.equal(["failed", "success"]);
  });

  it("demanded again: carried out once, and answered as it was", async () => {
    let times = 0;
    for (const [id, all, status] of [
      ["_a", true, "success"],
      ["_b", false, "partial"],
    ] as const) {
      identity.logout = { ...demand, id };
      signOut = () => {
        times += 1;
        return all;
      };
      await slo();
      signOut = () => {
        times += 1;
        return !all;
      };
      expect((await slo()).headers.get("location")).to.contain("https://idp.example/slo");
      expect(newest()).to.include({ outcome: "logout-rejected", code: "replayed" });
      expect(told.splice(0)).to.deep.equal([status, status]);
    }
    expect(times).to.equal(2);
  });

  it("a request after which sessions may remain is answered accordingly", async () => {
    identity.logout = demand;
    signOut = () => false;
    expect((await slo()).status).to.equal(303);
    expect(told).to.deep.equal(["partial"]);
    expect(newest()?.detail).to.include({ succeeded: "no" });
  });

  it("an authentic request that is refused is answered, and ends nothing", async () => {
    signOut = () => expect.fail("nothing is to be ended");
    const request = { id: "_demand", relayState: "there" };
    identity.logout = { ...rejection("too-old"), authenticated: true, request };
    expect((await slo()).headers.get("location")).to.contain("https://idp.example/slo");
    expect(newest()).to.include({ outcome: "logout-rejected", code: "too-old" });
    expect(told).to.deep.equal(["failed"]);
    identity.logout = rejection("signature-invalid");
    expect((await slo()).status).to.equal(403);
    expect(told).to.deep.equal(["failed"]);
  });

  describe("of an identity provider that takes no response", () => {
    beforeEach(() => connect({}));

    it("is refused where a request is not carried out", async () => {
      identity.logout = { ...rejection("too-old"), authenticated: true, request: { id: "_x" } };
      expect((await slo()).status).to.equal(403);
    });

    it("is an error where the host fails, under the reference of the entry", async () => {
      identity.logout = demand;
      signOut = () => {
        throw new Error("the session store is away");
      };
      const answer = await slo();
      expect(answer.status).to.equal(500);
      expect(await answer.text()).to.contain(newest()?.reference);
      expect(newest()).to.include({ code: "logout-failed" });
    });

    it("leads to the start page where the sessions have ended", async () => {
      identity.logout = demand;
      expect((await slo()).headers.get("location")).to.equal("/");
    });
  });
});

function rejection(code: RejectionCode): Rejection {
  return { kind: "rejected", code, detail: "as a test wants it", authenticated: false };
}
