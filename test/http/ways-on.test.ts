import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { SamlJitOptions } from "../../src/mod.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { arrive, formFor, requestIdIn } from "../support/arrivals.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const EMAIL = "ada@customer.example";
const KEY = makeTestKey({ kind: "rsa-2048" });
const MINUTE_MS = 60_000;

describe("a response that comes twice", () => {
  let host: TestHost;
  let acs: string;

  const start = async (options: Partial<SamlJitOptions> = {}) => {
    host = await startHost(options);
    acs = `${host.baseUrl}/saml/acs`;
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  };
  beforeEach(() => start());
  afterEach(() => host.stop());

  const begin = async (browser: Browser, returnTo = "/reports?year=2026") =>
    requestIdIn(
      await browser.get(`${host.baseUrl}/saml/login?returnTo=${encodeURIComponent(returnTo)}`),
    );
  const codes = () => host.memory.auditEntries(host.tenant).flatMap(({ code }) => code ?? []);

  it("leads where the first led, and signs no one in again", async () => {
    const browser = makeBrowser();
    const form = formFor(host, EMAIL, { inResponseTo: await begin(browser) });
    for (const _ of [1, 2, 3]) {
      const answer = await browser.post(acs, form);
      expect(answer.status).to.equal(303);
      expect(answer.headers.get("location")).to.equal("/reports?year=2026");
    }
    expect(host.signedIn).to.have.length(1);
    expect(codes()).to.deep.equal(["request-unknown", "request-unknown"]);
  });

  it("leads there where the identity provider answers the request again: the Back button", async () => {
    const browser = makeBrowser();
    const inResponseTo = await begin(browser);
    await arrive(host, EMAIL, { inResponseTo }, browser);
    const again = await arrive(host, EMAIL, { inResponseTo }, browser);
    expect(again.headers.get("location")).to.equal("/reports?year=2026");
    expect(host.signedIn).to.have.length(1);
  });

  it("leads there when it has expired meanwhile, for an hour", async () => {
    const browser = makeBrowser();
    const form = formFor(host, EMAIL, { inResponseTo: await begin(browser) });
    await browser.post(acs, form);
    host.clock.advance(59 * MINUTE_MS);
    expect((await browser.post(acs, form)).headers.get("location")).to.equal("/reports?year=2026");
    host.clock.advance(2 * MINUTE_MS);
    expect((await browser.post(acs, form)).status).to.equal(403);
    expect(host.signedIn).to.have.length(1);
  });

  it("leads there where the sign-in started at the identity provider", async () => {
    const browser = makeBrowser();
    const form = formFor(host, EMAIL, { relayState: "/inbox" });
    for (const _ of [1, 2]) {
      expect((await browser.post(acs, form)).headers.get("location")).to.equal("/inbox");
    }
    expect(host.signedIn).to.have.length(1);
    const another = await browser.post(acs, formFor(host, EMAIL, { validForMs: -60 * MINUTE_MS }));
    expect(another.status).to.equal(403);
  });

  it("begins once more where the answer to the first was lost, and only once", async () => {
    const browser = makeBrowser();
    const inResponseTo = await begin(browser);
    const form = formFor(host, EMAIL, { inResponseTo });
    const lost = makeBrowser();
    for (const name of browser.cookies()) lost.tamper(name, () => browser.cookie(name));
    expect((await lost.post(acs, form)).status).to.equal(303);
    const second = await browser.post(acs, form);
    expect(second.status).to.equal(303);
    const login = second.headers.get("location") ?? "";
    expect(login).to.include(`${host.baseUrl}/saml/login?`).and.include("returnTo=%2Freports");
    expect(host.signedIn).to.have.length(1);
    const third = await browser.post(acs, form);
    expect(third.status).to.equal(403);
    expect(await third.text()).to.include("Sign in again");
    const next = await arrive(
      host,
      EMAIL,
      { inResponseTo: requestIdIn(await browser.get(login)) },
      browser,
    );
    expect(next.headers.get("location")).to.equal("/reports?year=2026");
    expect(host.signedIn).to.have.length(2);
  });

  it("is refused in any other browser, and to programs", async () => {
    const browser = makeBrowser();
    const form = formFor(host, EMAIL, { inResponseTo: await begin(browser) });
    await browser.post(acs, form);
    expect((await makeBrowser().post(acs, form)).status).to.equal(403);
    expect((await browser.post(acs, form, { Accept: "application/json" })).status).to.equal(403);
    expect(host.signedIn).to.have.length(1);
  });

  it("is refused where it is another response, whatever it claims", async () => {
    const browser = makeBrowser();
    const inResponseTo = await begin(browser);
    await arrive(host, EMAIL, { inResponseTo }, browser);
    for (const changes of [{ inResponseTo, sign: "none" }, { inResponseTo: "_another" }] as const) {
      expect((await arrive(host, EMAIL, changes, browser)).status).to.equal(403);
    }
    expect(host.signedIn).to.have.length(1);
  });

  it("is refused where the cookie of the first was changed", async () => {
    const browser = makeBrowser();
    const form = formFor(host, EMAIL, { inResponseTo: await begin(browser) });
    await browser.post(acs, form);
    for (const name of browser.cookies()) {
      browser.tamper(name, (value) => `${value.slice(0, -1)}${value.endsWith("A") ? "B" : "A"}`);
    }
    expect((await browser.post(acs, form)).status).to.equal(403);
  });

  it("asks the host's session where the host has single logout", async () => {
    await host.stop();
    let session: Parameters<NonNullable<SamlJitOptions["signIn"]>>[1]["session"] | undefined;
    const { privateKey, certificate } = KEY;
    await start({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      signIn: (_ctx, event) => {
        session = event.session;
      },
      logout: { currentSamlSession: () => session, signOut: () => undefined },
    });
    const browser = makeBrowser();
    const form = formFor(host, EMAIL, { inResponseTo: await begin(browser) });
    await browser.post(acs, form);
    expect((await browser.post(acs, form)).status).to.equal(303);
    const before = session;
    for (const other of [
      undefined,
      before && { ...before, nameId: { ...before.nameId, value: "eve@customer.example" } },
    ]) {
      session = other;
      const refused = await browser.post(acs, form);
      expect(refused.status).to.equal(403);
      expect(await refused.text()).to.include("Sign in again");
      expect(session).to.equal(other);
    }
  });
});

describe("a page that refuses has a way on", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const page = async (answer: Promise<Response>) => {
    const response = await answer;
    return { status: response.status, text: await response.text() };
  };
  const signIn = (returnTo: string) =>
    `href="${host.baseUrl}/saml/sign-in?returnTo=${encodeURIComponent(returnTo)}"`;

  it("where no cookie came, and names it", async () => {
    const login = await makeBrowser().get(`${host.baseUrl}/saml/login?returnTo=/reports`);
    const { status, text } = await page(arrive(host, EMAIL, { inResponseTo: requestIdIn(login) }));
    expect(status).to.equal(403);
    expect(text).to.include(
      "Your browser didn&#39;t send the cookie of this sign-in.".replace("&#39;", "'"),
    );
    expect(text).to.include("Allow cookies for this site").and.include("Sign in again");
    expect(text).to.include('href="/"');
  });

  it("where the account may not sign in, to the start page first and to another account", async () => {
    const email = { source: { kind: "automatic" as const }, allowedDomains: ["other.example"] };
    await host.saml.saveSettings("default", openSettings(host, { email }), "set-up");
    const { text } = await page(arrive(host, EMAIL));
    expect(text)
      .to.match(/class="ways"><a href="\/">[^<]+<\/a><a [^>]+>Sign in with another account</)
      .and.not.include("Sign in again");
  });

  it("where the user waited too long, to the same destination", async () => {
    const browser = makeBrowser();
    const login = await browser.get(`${host.baseUrl}/saml/login?returnTo=/reports`);
    host.clock.advance(11 * MINUTE_MS);
    const { text } = await page(arrive(host, EMAIL, { inResponseTo: requestIdIn(login) }, browser));
    expect(text).to.include("This sign-in took too long.").and.include(signIn("/reports"));
    const [entry] = host.memory.auditEntries(host.tenant);
    expect(entry?.detail).to.include({ cause: "waited" });
    expect(host.signedIn).to.deep.equal([]);
  });

  it("to whoever is no administrator, in words, back to that page", async () => {
    host.admin = undefined;
    for (const path of ["/settings/page", "/settings/page/activity?reference=ABC"]) {
      const { status, text } = await page(makeBrowser().get(`${host.baseUrl}/saml${path}`));
      expect(status).to.equal(403);
      expect(text).to.include("You are not signed in as an administrator");
      expect(text)
        .to.include(signIn(`/saml${path}`))
        .and.include('href="/"');
    }
    const headers = { Origin: host.baseUrl };
    const posted = await page(
      makeBrowser().post(`${host.baseUrl}/saml/settings/page`, { a: "b" }, headers),
    );
    expect(posted.status).to.equal(403);
    expect(posted.text).to.include(signIn("/saml/settings/page"));
  });

  it("where the host fails to start the session, to the same destination", async () => {
    await host.stop();
    host = await startHost({
      signIn: () => {
        throw new Error("session store is down");
      },
    });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    const browser = makeBrowser();
    const login = await browser.get(`${host.baseUrl}/saml/login?returnTo=/reports`);
    const { status, text } = await page(
      arrive(host, EMAIL, { inResponseTo: requestIdIn(login) }, browser),
    );
    expect(status).to.equal(500);
    expect(text).to.include(signIn("/reports")).and.include('href="/"');
  });

  it("where a test sign-in has ended", async () => {
    const { status, text } = await page(
      makeBrowser().get(`${host.baseUrl}/saml/settings/test-sign-ins/none/start`),
    );
    expect(status).to.equal(404);
    expect(text).to.include(`href="${host.baseUrl}/saml/settings/page"`);
  });
});
