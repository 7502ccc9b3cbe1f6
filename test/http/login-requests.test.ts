import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { IdentityProvider } from "../../src/domain/settings.ts";
import { arrive, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const MFA = "https://refeds.org/profile/mfa";
const MINUTE = 60_000;

describe("login requests over HTTP", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const connect = async (changes: Partial<IdentityProvider>): Promise<void> => {
    const connection = host.idp.connection(changes);
    await host.saml.saveSettings("default", { ...openSettings(host), connection }, "set-up");
  };
  const login = (browser = makeBrowser()) => browser.get(`${host.baseUrl}/saml/login?returnTo=/a`);
  const newest = () => host.memory.auditEntries(host.tenant)[0];

  describe("by HTTP-POST", () => {
    const formIn = (page: string) => ({
      action: /<form method="post" action="([^"]*)"/.exec(page)?.[1],
      xml: Buffer.from(
        /name="SAMLRequest" value="([^"]*)"/.exec(page)?.[1] ?? "",
        "base64",
      ).toString(),
    });

    it("are a page whose form posts itself, or by its button, under a strict policy", async () => {
      await connect({ ssoBinding: "post", ssoUrl: "https://idp.example/sso?a=1&b=2" });
      const response = await login();
      expect(response.status).to.equal(200);
      const page = await response.text();
      const { action, xml } = formIn(page);
      expect(action).to.equal("https://idp.example/sso?a=1&amp;b=2");
      expect(xml).to.match(
        /^<samlp:AuthnRequest .*Destination="https:\/\/idp.example\/sso\?a=1&amp;b=2"/,
      );
      expect(page).to.match(/<noscript>\s*<button type="submit">/);
      const script = /<script>(.*?)<\/script>/.exec(page)?.[1] ?? "";
      const digest = createHash("sha256").update(script).digest("base64");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).to.contain("default-src 'none'").and.contain(`script-src 'sha256-${digest}'`);
      expect(policy).to.contain("frame-ancestors 'none'").and.not.contain("unsafe");
      expect(response.headers.get("cache-control")).to.equal("no-store");
      expect(response.headers.get("referrer-policy")).to.equal("no-referrer");
    });

    it("are answered like any other", async () => {
      await connect({ ssoBinding: "post", idpInitiated: false });
      const browser = makeBrowser();
      const { xml } = formIn(await (await login(browser)).text());
      const inResponseTo = / ID="([^"]+)"/.exec(xml)?.[1] ?? "";
      const response = await arrive(host, "ada@customer.example", { inResponseTo }, browser);
      expect(response.headers.get("location")).to.equal("/a");
      expect(host.signedIn).to.have.length(1);
    });

    it("start tests, too", async () => {
      await connect({});
      const connection = host.idp.connection({ ssoBinding: "post" });
      const begun = await fetch(`${host.baseUrl}/saml/settings/test-sign-ins`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: host.baseUrl },
        body: JSON.stringify({ settings: { ...openSettings(host), connection } }),
      });
      const { url } = await begun.json();
      const page = await (await makeBrowser().get(url)).text();
      expect(formIn(page).action).to.equal(connection.ssoUrl);
    });
  });

  describe("from a form of the platform", () => {
    /** Just as a browser sends it: `fetch` has a Sec-Fetch-Mode of its own. */
    const post = (fields: Record<string, string>, destination: string, mode = "navigate") =>
      new Promise<{ status?: number; headers: IncomingHttpHeaders; text: string }>(
        (resolve, reject) => {
          const headers = {
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-dest": destination,
            "sec-fetch-mode": mode,
            accept: "text/html",
          };
          const options = { method: "POST", headers };
          const sent = request(`${host.baseUrl}/saml/login`, options, async (response) => {
            let text = "";
            for await (const chunk of response) text += chunk;
            const { statusCode: status = 0 } = response;
            resolve({ status, headers: response.headers, text });
          }).on("error", reject);
          sent.end(new URLSearchParams(fields).toString());
        },
      );

    it("lead on by a page, as form-action stops redirects", async () => {
      await connect({ ssoUrl: "https://idp.example/sso?a=1" });
      const { status, headers, text } = await post({ returnTo: "/b" }, "document");
      expect(status).to.equal(200);
      expect(headers).to.not.have.property("location");
      expect(headers["cache-control"]).to.equal("no-store");
      expect(headers["content-security-policy"])
        .to.contain("default-src 'none'")
        .and.contain("frame-ancestors 'none'");
      const [, to = ""] = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(text) ?? [];
      expect(to).to.match(/^https:\/\/idp\.example\/sso\?a=1&amp;SAMLRequest=/);
      expect(text).to.contain(`<a href="${to}">`).and.not.contain("<script");
    });

    it("are a redirect for programs, and answered like any other", async () => {
      await connect({ idpInitiated: false });
      const browser = makeBrowser();
      const asked = await browser.post(`${host.baseUrl}/saml/login?returnTo=/c`, {
        returnTo: "/b",
      });
      expect(asked.status).to.equal(302);
      const inResponseTo = requestIdIn(asked);
      const answer = await arrive(host, "ada@customer.example", { inResponseTo }, browser);
      expect(answer.headers.get("location")).to.equal("/b");
    });

    it("count fields like parameters, and lead nowhere else", async () => {
      await connect({});
      const unknown = await post({ connection: "none", returnTo: "//evil.example/" }, "document");
      expect(unknown.headers.location).to.match(/\/saml\/sign-in\?unknown=1$/);
      expect((await post({}, "image", "no-cors")).status).to.equal(403);
    });
  });

  describe("that force authentication", () => {
    it("say so, and take an authentication after them, with the clock skew", async () => {
      await connect({ forceAuthn: true, idpInitiated: false });
      const browser = makeBrowser();
      const asked = await login(browser);
      const message = new URL(asked.headers.get("location") ?? "").searchParams.get("SAMLRequest");
      const xml = inflateRawSync(Buffer.from(message ?? "", "base64")).toString();
      expect(xml).to.contain('ForceAuthn="true"');
      const authnInstant = host.clock.now() - MINUTE;
      host.clock.advance(5 * MINUTE);
      const more = { inResponseTo: requestIdIn(asked), authnInstant };
      expect((await arrive(host, "ada@customer.example", more, browser)).status).to.equal(303);
    });

    it("refuse the session from before, whatever the response says besides", async () => {
      await connect({ forceAuthn: true });
      const browser = makeBrowser();
      const asked = await login(browser);
      const authnInstant = host.clock.now() - MINUTE - 1;
      host.clock.advance(5 * MINUTE);
      const more = { inResponseTo: requestIdIn(asked), authnInstant };
      expect((await arrive(host, "ada@customer.example", more, browser)).status).to.equal(403);
      expect(newest()).to.include({ code: "authn-too-old" });
      expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    });

    it("bind unsolicited responses to an authentication of a few minutes ago", async () => {
      await connect({ forceAuthn: true });
      const fresh = { authnInstant: host.clock.now() - 6 * MINUTE };
      const stale = { authnInstant: fresh.authnInstant - 1 };
      expect((await arrive(host, "ada@customer.example", stale)).status).to.equal(403);
      expect(newest()).to.include({ code: "authn-too-old" });
      expect((await arrive(host, "ada@customer.example", fresh)).status).to.equal(303);
    });

    it("void the requests from before it was forced", async () => {
      await connect({});
      const browser = makeBrowser();
      const asked = await login(browser);
      await connect({ forceAuthn: true });
      const more = { inResponseTo: requestIdIn(asked) };
      expect((await arrive(host, "ada@customer.example", more, browser)).status).to.equal(403);
      expect(newest()).to.include({ code: "connection-changed" });
    });
  });

  it("a connection accepts the authentication classes that it lists, and no other", async () => {
    await connect({ acceptedAuthnContextClasses: [MFA] });
    expect((await arrive(host, "ada@customer.example")).status).to.equal(403);
    expect(newest()).to.include({ code: "authn-context-mismatch" });
    expect(host.signedIn).to.deep.equal([]);
    const more = { authnContextClassRef: MFA };
    expect((await arrive(host, "ada@customer.example", more)).status).to.equal(303);
    expect(host.signedIn[0]?.assertion.authnContextClassRef).to.equal(MFA);
  });

  it("refuses what no connection may ask for", async () => {
    const wrong: readonly object[] = [
      { ssoBinding: "artifact" },
      { forceAuthn: "yes" },
      { requestedAuthnContext: { classRefs: [] } },
      { requestedAuthnContext: { classRefs: [MFA], comparison: "stronger" } },
      { acceptedAuthnContextClasses: ["not a URI"] },
      { nameIdFormat: "" },
    ];
    for (const changes of wrong) {
      const connection = { ...host.idp.connection(), ...changes };
      const save = host.saml.saveSettings("default", { ...openSettings(host), connection }, "x");
      expect(await save.catch((error: unknown) => error)).to.have.property(
        "code",
        "settings-invalid",
      );
    }
  });
});
