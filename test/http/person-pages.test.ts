import { createHash } from "node:crypto";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { SamlJitOptions, SignInPage } from "../../src/mod.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("what people are shown", () => {
  let host: TestHost;

  const start = async (options: Partial<SamlJitOptions> = {}) => {
    host = await startHost(options);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  };
  beforeEach(() => start());
  afterEach(() => host.stop());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await makeBrowser().get(`${host.baseUrl}/saml${path}`, headers);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const switchOff = () =>
    host.saml.saveSettings("default", openSettings(host, { enabled: false }), "set-up");

  it("a plain sign-in page that keeps the return path", async () => {
    const { status, text } = await get("/sign-in?returnTo=%2Freports%3Fa%3D1%26b%3D2");
    expect(status).to.equal(200);
    const url = `${host.baseUrl}/saml/login?returnTo=%2Freports%3Fa%3D1%26b%3D2`;
    expect(text).to.include(`<a href="${url}">Sign in with SSO</a>`);
    const elsewhere = await get("/sign-in?returnTo=https%3A%2F%2Fevil.example%2F");
    expect(elsewhere.text).to.include(`<a href="${host.baseUrl}/saml/login">`);
  });

  it("says when single sign-on is off, to browsers and to API clients", async () => {
    const json = { Accept: "application/json" };
    const on = JSON.parse((await get("/sign-in", json)).text);
    expect(on).to.deep.equal({ enabled: true, loginUrl: `${host.baseUrl}/saml/login` });
    await switchOff();
    const off = await get("/sign-in");
    expect(off.status).to.equal(403);
    expect(off.text).to.include("Single sign-on is turned off").and.not.to.include("Sign in again");
    expect(off.text).to.include('href="/"');
    expect(JSON.parse((await get("/sign-in", json)).text)).to.deep.equal({ enabled: false });
  });

  it("refusals: a sentence, what to do and a reference, with no style but the page's own", async () => {
    await switchOff();
    const { status, headers, text } = await get("/login");
    expect(status).to.equal(403);
    expect(text).to.match(/Reference: <code>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}<\/code>/);
    const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(text) ?? [];
    const digest = createHash("sha256").update(style).digest("base64");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).to.include(`style-src 'sha256-${digest}'`).and.not.to.include("unsafe");
  });

  it("a way on from every refusal: to sign in again for the same destination, and to the start page", async () => {
    const browser = makeBrowser();
    await browser.get(`${host.baseUrl}/saml/login?returnTo=%2Freports`);
    const response = await browser.post(`${host.baseUrl}/saml/acs`, { SAMLResponse: "AAAA" });
    const text = await response.text();
    expect(text).to.include(
      `<a href="${host.baseUrl}/saml/sign-in?returnTo=%2Freports">Sign in again</a>`,
    );
    expect(text).to.include('href="/"');
  });

  it("the sign-in page to a browser that opens the ACS URL, and 405 to API clients", async () => {
    const url = `${host.baseUrl}/saml/acs`;
    const browser = await fetch(url, { headers: { Accept: "text/html" }, redirect: "manual" });
    expect(browser.status).to.equal(303);
    expect(browser.headers.get("Location")).to.equal(`${host.baseUrl}/saml/sign-in`);
    const client = await fetch(url, { headers: { Accept: "application/json" } });
    expect(client.status).to.equal(405);
    expect(client.headers.get("Allow")).to.equal("POST");
  });

  it("the host's own pages, with all that ours would say", async () => {
    const pages: SignInPage[] = [];
    await host.stop();
    await start({
      renderPage: (ctx, page) => {
        pages.push(page);
        ctx.body = `<p>${page.kind}</p>`;
      },
    });
    expect((await get("/sign-in")).text).to.equal("<p>start</p>");
    await switchOff();
    expect(await get("/login")).to.include({ status: 403, text: "<p>refused</p>" });
    const response = await makeBrowser().post(`${host.baseUrl}/saml/acs`, {});
    expect(response.status).to.equal(403);
    expect(pages.map(({ kind }) => kind)).to.deep.equal(["start", "refused", "refused"]);
    expect(pages[1]).to.include({ what: "sign-in", reason: "sso-disabled" });
    expect(pages[1]?.reference).to.match(/^[0-9A-Z-]{14}$/);
  });

  for (const [what, renderPage] of [
    ["throws", () => Promise.reject(new Error("secret of the host"))],
    ["shows nothing", () => undefined],
  ] as const) {
    it(`ours where the host's ${what}`, async () => {
      await host.stop();
      await start({ renderPage });
      const { status, text } = await get("/sign-in");
      expect(status).to.equal(200);
      expect(text).to.include("Sign in with SSO").and.not.to.include("secret");
    });
  }

  it("ours, whole, where the host's fails half-way", async () => {
    await host.stop();
    await start({
      renderPage: (ctx) => {
        ctx.set({ "Content-Encoding": "gzip", Location: "https://elsewhere.example/" });
        ctx.body = "half a page";
        throw new Error("the other half");
      },
    });
    const response = await fetch(`${host.baseUrl}/saml/sign-in`, {
      headers: { Accept: "text/html" },
    });
    expect(await response.text()).to.include("Sign in with SSO");
    expect(response.headers.get("Location")).to.equal(null);
  });

  it("does not tell the host's page which check failed", async () => {
    const pages: SignInPage[] = [];
    await host.stop();
    await start({
      renderPage: (_ctx, page) => {
        pages.push(page);
      },
    });
    await makeBrowser().post(`${host.baseUrl}/saml/acs`, { SAMLResponse: "AAAA" });
    expect(pages).to.have.length(1);
    expect(Object.keys(pages[0] ?? {}).sort()).to.deep.equal(
      ["advice", "homeUrl", "kind", "reference", "sentence", "signInUrl", "what"].sort(),
    );
  });
});
