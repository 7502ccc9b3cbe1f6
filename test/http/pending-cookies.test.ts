import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { arrive, formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("the pending login requests of a browser", () => {
  let host: TestHost;

  const start = async (options: Parameters<typeof startHost>[0] = {}) => {
    host = await startHost(options);
    const settings = openSettings(host);
    await host.saml.saveSettings("default", settings, "set-up");
    return `${host.baseUrl}/saml/login`;
  };
  afterEach(() => host.stop());

  it("are kept where other sites' form posts bring them back, over https", async () => {
    const response = await fetch(await start({ public: "https://app.example" }), {
      redirect: "manual",
    });
    const lines = response.headers.getSetCookie();
    expect(lines).to.have.length(2);
    for (const line of lines) {
      expect(line).to.match(/^__Host-saml_jit_login_[0-9a-f]{16}_[0-4](\.sig)?=/);
      expect(line.toLowerCase())
        .to.contain("; path=/;")
        .and.contain("; secure")
        .and.contain("; httponly")
        .and.contain("; samesite=none")
        .and.not.contain("domain");
    }
  });

  it("ask for nothing that plain http cannot give", async () => {
    const response = await fetch(await start(), { redirect: "manual" });
    const [line = ""] = response.headers.getSetCookie();
    expect(line.toLowerCase()).to.contain("httponly").and.not.contain("secure");
    expect(line.toLowerCase()).not.to.contain("samesite");
  });

  it("are at most five, the newest", async () => {
    const login = await start();
    const browser = makeBrowser();
    const requests: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      host.clock.advance(1000);
      requests.push(requestIdIn(await browser.get(login)));
    }
    expect(browser.cookies()).to.have.length(10); // each with its signature
    const [oldest = "", , , , , , newest = ""] = requests;
    const late = await arrive(host, "ada@customer.example", { inResponseTo: oldest }, browser);
    expect(late.status).to.equal(403);
    const last = await arrive(host, "ada@customer.example", { inResponseTo: newest }, browser);
    expect(last.status).to.equal(303);
    expect(browser.pendingCookies()).to.have.length(8);
  });

  it("do not count when anybody changed them", async () => {
    const login = await start();
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(`${login}?returnTo=/a`));
    const [name = ""] = browser.cookies();
    browser.tamper(name, (value) => {
      const read = JSON.parse(Buffer.from(value, "base64url").toString()) as object;
      return Buffer.from(JSON.stringify({ ...read, returnTo: "/b" })).toString("base64url");
    });
    const response = await arrive(host, "ada@customer.example", { inResponseTo }, browser);
    expect(response.status).to.equal(403);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "request-unknown" });
  });

  it("belong to one browser: an answer brought by another is refused", async () => {
    const inResponseTo = requestIdIn(await makeBrowser().get(await start()));
    expect((await arrive(host, "ada@customer.example", { inResponseTo })).status).to.equal(403);
    expect(host.signedIn).to.deep.equal([]);
  });

  it("are over after ten minutes, and when the connection has changed", async () => {
    const login = await start();
    const browser = makeBrowser();
    const slow = requestIdIn(await browser.get(login));
    host.clock.advance(10 * 60 * 1000 + 1);
    const late = await arrive(host, "a@customer.example", { inResponseTo: slow }, browser);
    expect(late.status).to.equal(403);
    const inResponseTo = requestIdIn(await browser.get(login));
    const connection = host.idp.connection({ ssoUrl: "https://idp.example/new" });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "admin");
    const response = await arrive(host, "a@customer.example", { inResponseTo }, browser);
    expect(response.status).to.equal(403);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "connection-changed" });
  });

  it("are answered once", async () => {
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(await start()));
    const forms = [1, 2].map(() => formFor(host, "a@customer.example", { inResponseTo }));
    const answers = await Promise.all(
      forms.map((form) => browser.post(`${host.baseUrl}/saml/acs`, form)),
    );
    // The other is led to begin once more: the browser may have lost the first answer.
    const places = answers.map(({ headers }) => headers.get("location") ?? "");
    expect(places.sort()[0]).to.equal("/");
    expect(places[1]).to.include("/saml/login");
    expect(host.signedIn).to.have.length(1);
    expect(host.memory.auditEntries(host.tenant).map(({ code }) => code)).to.contain(
      "request-consumed",
    );
  });

  it("store nothing with us", async () => {
    const login = await start();
    await makeBrowser().get(login);
    expect(host.memory.ledgerSize()).to.equal(0);
    expect(host.memory.auditEntries(host.tenant)).to.have.length(1); // the save
  });
});
