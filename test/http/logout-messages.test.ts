import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { LogoutDemand, SamlSession } from "../../src/mod.ts";
import { makeSigningIdp, type SigningIdp } from "../../src/testing/mod.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { encryptNameId } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { signXml } from "../../src/testing/signing-idp/sign-xml.ts";
import { element, NAMESPACES } from "../../src/testing/signing-idp/xml-text.ts";
import {
  type LogoutOptions,
  logoutRequestXml,
  logoutResponseXml,
} from "../adapters/saml2-js/support/logout-messages.ts";
import { formWith } from "../interop/support/web-forms.ts";
import { requestIdIn } from "../support/arrivals.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const { privateKey, certificate } = makeTestKey();
const SLO = "https://idp.example/slo";
const RETURNED = "https://idp.example/returned";

describe("single logout, message by message", () => {
  let host: TestHost;
  let browser: Browser;
  let ended: (LogoutDemand | "own")[];
  let session: SamlSession;

  beforeEach(async () => {
    ended = [];
    browser = makeBrowser();
    host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => session,
        signOut: (_ctx, { demand }) => {
          ended.push(demand ?? "own");
        },
      },
      upstream: (app) =>
        app.use(async (ctx, next) => {
          ctx.set("X-Frame-Options", "SAMEORIGIN");
          await next();
        }),
    });
    session = { issuer: host.idp.entityId, nameId: { value: "ada", format: "x" } };
  });
  afterEach(() => host.stop());

  async function connect(sloBinding: "redirect" | "post"): Promise<void> {
    const connection = host.idp.connection({ sloUrl: SLO, sloResponseUrl: RETURNED, sloBinding });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
  }
  const slo = () => `${host.baseUrl}/saml/slo`;
  const filled = (options: LogoutOptions): LogoutOptions => ({
    destination: slo(),
    issuer: host.idp.entityId,
    issueInstant: new Date(host.clock.now()).toISOString(),
    ...options,
  });
  const post = (parameter: "SAMLRequest" | "SAMLResponse", xml: string, more = {}) =>
    browser.post(slo(), { [parameter]: Buffer.from(xml).toString("base64"), ...more });
  const signed = (xml: string) => signXml(xml, { privateKey: host.idp.key.privateKey });
  const demand = (options: LogoutOptions = {}, more = {}) =>
    post("SAMLRequest", signed(logoutRequestXml(filled(options))), more);
  const newest = () => host.memory.auditEntries(host.tenant)[0];
  const encrypted = (to: string) =>
    encryptNameId(element("saml:NameID", { "xmlns:saml": NAMESPACES.saml }, "ada"), {
      to,
      cipher: "aes128-cbc",
    });

  describe("answered by redirects", () => {
    beforeEach(() => connect("redirect"));

    const answerOf = (response: Response) => {
      const url = new URL(response.headers.get("location") ?? "");
      const message = Buffer.from(url.searchParams.get("SAMLResponse") ?? "", "base64");
      return { url, xml: inflateRawSync(message).toString() };
    };

    it("ends the sessions of an encrypted NameID, and answers at the URL for responses", async () => {
      const response = await demand({ content: encrypted(certificate) }, { RelayState: "there" });
      const { url, xml } = answerOf(response);
      expect(`${url.origin}${url.pathname}`).to.equal(RETURNED);
      expect(url.searchParams.get("RelayState")).to.equal("there");
      expect(xml).to.include('InResponseTo="_logout"').and.include("status:Success");
      const [one, ...others] = ended;
      expect(others).to.deep.equal([]);
      expect(one).to.have.nested.property("nameId.value", "ada");
    });

    it("answers Responder to an authentic request that it refuses, and ends nothing", async () => {
      const old = new Date(host.clock.now() - 3_600_000).toISOString();
      for (const [options, code] of [
        [{ content: encrypted(makeTestKey().certificate) }, "decryption-failed"],
        [{ content: "" }, "name-id-missing"],
        [{ issueInstant: old }, "too-old"],
        [{ issuer: "https://other.example" }, "issuer-mismatch"],
        [{ destination: "" }, "destination-missing"],
      ] as const) {
        const { url, xml } = answerOf(await demand(options, { RelayState: "" }));
        expect(url.searchParams.has("RelayState")).to.equal(false);
        expect(xml).to.match(/<samlp:Status><samlp:StatusCode Value="[^"]*:Responder"><\//);
        expect(newest()).to.include({ outcome: "logout-rejected", code });
      }
      expect(ended).to.deep.equal([]);
    });

    it("answers nothing to a request that is not authentic, or that is for somebody else", async () => {
      const { privateKey: stranger } = makeTestKey();
      const xml = logoutRequestXml(filled({}));
      for (const message of [xml, signXml(xml, { privateKey: stranger })]) {
        expect((await post("SAMLRequest", message)).status).to.equal(403);
      }
      expect((await demand({ destination: `${host.baseUrl}/saml/acs` })).status).to.equal(403);
      expect(ended).to.deep.equal([]);
    });

    it("shows an unverified response calmly where this browser awaits it, and refuses it elsewhere", async () => {
      const begun = await browser.post(`${host.baseUrl}/saml/logout`, {});
      const request = new URL(begun.headers.get("location") ?? "").searchParams.get("SAMLRequest");
      const [, inResponseTo = ""] =
        / ID="([^"]*)"/.exec(inflateRawSync(Buffer.from(request ?? "", "base64")).toString()) ?? [];
      const unsigned = logoutResponseXml(filled({ inResponseTo }));
      const calm = await post("SAMLResponse", unsigned);
      expect(calm.status).to.equal(200);
      expect(await calm.text()).to.include("You are signed out here, but you may still be");
      expect(newest()).to.include({ outcome: "logout-rejected", code: "signature-missing" });
      for (const [change, code] of [
        [{ issuer: "https://other.example" }, "issuer-mismatch"],
        [{ destination: "" }, "destination-missing"],
      ] as const) {
        const xml = signed(logoutResponseXml(filled({ inResponseTo, ...change })));
        expect((await post("SAMLResponse", xml)).status).to.equal(200);
        expect(newest()).to.include({ code });
      }
      browser = makeBrowser();
      const refused = await post("SAMLResponse", unsigned);
      expect(refused.status).to.equal(403);
      expect(await refused.text()).to.not.include("You are signed out");
    });
  });

  describe("with two identity providers", () => {
    const keyOfB = makeTestKey();
    let b: SigningIdp;

    beforeEach(async () => {
      b = makeSigningIdp({
        entityId: "https://b.example/metadata",
        clock: host.clock,
        key: keyOfB,
      });
      const { autoProvisioning } = openSettings(host);
      const connections = [host.idp, b].map((idp, index) => ({
        id: "ab"[index],
        name: "AB"[index],
        idp: idp.connection({ sloUrl: SLO }),
        domains: [`${"ab"[index]}.example`],
      }));
      await host.saml.saveSettings(
        "default",
        { enabled: true, connections, autoProvisioning },
        "x",
      );
    });

    const respond = (by: SigningIdp, inResponseTo: string) => {
      const xml = logoutResponseXml(
        filled({ issuer: by.entityId, inResponseTo, id: `_${inResponseTo}` }),
      );
      return post("SAMLResponse", signXml(xml, { privateKey: by.key.privateKey }));
    };

    it("lets none answer for the other, and names the connection in every entry", async () => {
      const begun = requestIdIn(await browser.post(`${host.baseUrl}/saml/logout`, {}));
      expect(newest()?.detail).to.include({ connection: "a", identityProvider: "asked" });
      // An answer of the other one, verified with the other one's key: it says nothing about a.
      expect((await respond(b, begun)).status).to.equal(403);
      expect(newest()).to.include({ outcome: "logout-rejected", code: "request-unknown" });
      expect(newest()?.detail).to.include({ connection: "b" });
      expect(browser.pendingCookies()).to.have.lengthOf(2);
      const answered = await respond(host.idp, begun);
      expect(answered.headers.get("location")).to.equal("/");
      expect(newest()).to.include({ outcome: "logged-out" });
      expect(newest()?.detail).to.include({ connection: "a", message: "logout-response" });
      const xml = logoutRequestXml(filled({ issuer: b.entityId }));
      await post("SAMLRequest", signXml(xml, { privateKey: b.key.privateKey }));
      expect(newest()?.detail).to.include({ connection: "b", message: "logout-request" });
    });
  });

  describe("of an identity provider that takes forms only", () => {
    beforeEach(() => connect("post"));

    const formOf = async (response: Response) => {
      const html = await response.text();
      const [, script = ""] = /<script>([^<]*)<\/script>/.exec(html) ?? [];
      const digest = createHash("sha256").update(script).digest("base64");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).to.include("default-src 'none'").and.include(`'sha256-${digest}'`);
      expect(response.headers.get("cache-control")).to.equal("no-store");
      return { html, policy, form: formWith("RelayState", html, slo()) };
    };

    it("sends the request by a form that no frame shows", async () => {
      const response = await browser.post(`${host.baseUrl}/saml/logout`, {});
      expect(response.status).to.equal(200);
      const { html, policy } = await formOf(response);
      const form = formWith("SAMLRequest", html, slo());
      expect(form?.action).to.equal(SLO);
      const xml = Buffer.from(form?.fields["SAMLRequest"] ?? "", "base64").toString();
      expect(xml).to.include("<ds:Signature ").and.include("ada</saml:NameID>");
      expect(policy).to.include("frame-ancestors 'none'");
      expect(browser.cookies()).to.have.length(2);
      expect(ended).to.deep.equal(["own"]);
    });

    it("answers by a form that works in a frame", async () => {
      const relayState = '"onfocus="alert(1)&lt;<script';
      const { html, policy, form } = await formOf(await demand({}, { RelayState: relayState }));
      expect(html).to.not.include('"onfocus');
      expect(form?.action).to.equal(RETURNED);
      expect(form?.fields["RelayState"]).to.equal(relayState);
      const xml = Buffer.from(form?.fields["SAMLResponse"] ?? "", "base64").toString();
      expect(xml).to.include("status:Success").and.include(`Destination="${RETURNED}"`);
      expect(policy).to.not.include("frame-ancestors");
      const again = await demand();
      expect(again.headers.get("x-frame-options")).to.equal(null);
      expect(await again.text()).to.include(RETURNED);
      expect(ended).to.have.length(1);
    });
  });
});
