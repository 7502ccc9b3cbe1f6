import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { type DevIdp, isPortInUse, startDevIdp } from "../../src/dev-idp/server.ts";
import type { LogoutDemand } from "../../src/mod.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { type Browser, makeBrowser, type Page } from "../examples/support/browser.ts";
import { startHost, type TestHost } from "../support/host.ts";

const POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/** What stands in the fields of a page's form. */
function fieldsOf({ text }: Page): Record<string, string> {
  const inputs = text.matchAll(/<input [^>]*name="([^"]*)" value="([^"]*)"/g);
  const plain = (value = "") => value.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  const fields = Object.fromEntries([...inputs].map(([, name, value]) => [name, plain(value)]));
  const [, format] = /<option value="([^"]*)"/.exec(text) ?? [];
  return { ...fields, ...(format === undefined ? {} : { nameIdFormat: format }) };
}

describe("the development identity provider", () => {
  const key = makeTestKey();
  let host: TestHost;
  let idp: DevIdp;
  const ended: (LogoutDemand | undefined)[] = [];

  before(async () => {
    const { privateKey, certificate } = makeTestKey();
    host = await startHost({
      clock: { now: Date.now },
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => host.signedIn.at(-1)?.session,
        signOut: (_ctx, { demand }) => {
          ended.push(demand);
        },
      },
    });
    const serviceProvider = `${host.baseUrl}/saml/metadata`;
    idp = await startDevIdp({ port: 0, serviceProvider, key });
    const document = await fetch(at("/koa-saml-jit.json?role=editor"));
    await host.saml.saveSettings("default", await document.json(), "set-up");
  });
  after(async () => {
    await idp?.close();
    await host?.stop();
  });

  /** Test processes may speak to addresses only. */
  const at = (path: string) => `${idp.url.replace("localhost", "127.0.0.1")}${path}`;
  const newest = () => host.signedIn.at(-1);

  /** Fills in the form that `page` shows, and goes where it leads. */
  async function answer(browser: Browser, page: Page, filled: Record<string, string>) {
    const posting = await browser.post(at("/sign-in"), { ...fieldsOf(page), ...filled });
    return posting.status === 200 ? browser.submit(posting) : posting;
  }

  it("answers a request of the HTTP-Redirect binding with what is typed", async () => {
    const browser = makeBrowser(host.baseUrl);
    const page = await browser.get("/saml/login?returnTo=/there");
    expect(page.url).to.match(/^http:\/\/localhost:\d+\/sso\?SAMLRequest=/);
    expect(page.text).to.contain("as any user");
    const done = await answer(browser, page, {
      email: "ada@customer.example",
      attributes: "groups=staff\ngroups=a=b\n\nfloor = 7",
    });
    expect(done.url, done.text).to.equal(`${host.baseUrl}/there`);
    expect(newest()?.user.email).to.equal("ada@customer.example");
    expect(newest()?.assertion.attributes.map(({ name, values }) => [name, values])).to.deep.equal([
      ["groups", ["staff", "a=b"]],
      ["floor", ["7"]],
    ]);
  });

  it("answers a request of the HTTP-POST binding", async () => {
    const { settings } = await host.saml.readSettings("default");
    const [connection] = settings.connections;
    const posting = { ...connection, idp: { ...connection?.idp, ssoBinding: "post" } };
    await host.saml.saveSettings("default", { ...settings, connections: [posting] }, "set-up");
    const browser = makeBrowser(host.baseUrl);
    const page = await browser.submit(await browser.get("/saml/login"));
    expect(page.url).to.equal(`${idp.url}/sso`);
    const done = await answer(browser, page, { email: "bob@customer.example" });
    expect(done.url).to.equal(`${host.baseUrl}/`);
    expect(newest()?.user.email).to.equal("bob@customer.example");
  });

  it("begins a sign-in by itself, for the service provider whose metadata it knows", async () => {
    const browser = makeBrowser(host.baseUrl);
    const page = await browser.get(at("/"));
    await answer(browser, page, {
      email: "eve@customer.example",
      nameId: "E-7",
      nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
      attributes: "email=eve@customer.example",
    });
    expect(newest()?.assertion.nameId).to.include({ value: "E-7" });
    expect(newest()?.user.email).to.equal("eve@customer.example");
  });

  it("ends the session of a logout that begins at the platform", async () => {
    const browser = makeBrowser(host.baseUrl);
    await answer(browser, await browser.get(at("/")), {
      email: "ada@customer.example",
      nameId: "",
    });
    ended.length = 0;
    const done = await browser.post("/saml/logout", {});
    expect(done.url, done.text).to.equal(`${host.baseUrl}/`);
    expect(ended).to.deep.equal([undefined]);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ outcome: "logged-out" });
  });

  it("ends the session at the platform, by a button", async () => {
    const browser = makeBrowser(host.baseUrl);
    await answer(browser, await browser.get(at("/")), {
      email: "ada@customer.example",
      nameId: "",
    });
    ended.length = 0;
    expect((await browser.get(at("/"))).text).to.contain("single logout");
    const done = await browser.post(at("/sign-out"), {});
    expect(done.url, done.text).to.contain(`${idp.url}/slo?`);
    expect(done.text).to.contain("urn:oasis:names:tc:SAML:2.0:status:Success");
    const { session } = newest()!;
    expect(ended[0]?.nameId.value).to.equal("ada@customer.example");
    expect(ended[0]?.sessionIndexes).to.deep.equal([session.sessionIndex]);
    expect((await browser.get(at("/"))).text).not.to.contain("single logout");
  });

  it("keeps what was typed last for the next form", async () => {
    const page = await makeBrowser(host.baseUrl).get(at("/"));
    expect(fieldsOf(page)).to.include({ email: "ada@customer.example" });
  });

  it("describes itself", async () => {
    const metadata = await (await fetch(at("/metadata"))).text();
    expect(metadata).to.contain(`entityID="${idp.url}/metadata"`);
    expect(metadata).to.contain(`Binding="${POST}" Location="${idp.url}/sso"`);
    expect(metadata).to.contain(`Binding="${POST}" Location="${idp.url}/slo"`);
  });

  it("posts to this computer and over https, and nowhere else", async () => {
    const post = (acsUrl: string) =>
      fetch(at("/sign-in"), {
        method: "POST",
        body: new URLSearchParams({ acsUrl, audience: "sp", email: "ada@customer.example" }),
      });
    for (const url of [
      "http://localhost:3000/acs",
      "http://acme.localhost/acs",
      "http://127.8.0.1/acs",
      "http://[::1]:3000/acs",
      "https://staging.example/acs",
    ]) {
      const response = await post(url);
      expect(response.status, url).to.equal(200);
      expect(await response.text()).to.contain(`action="${url}"`);
    }
    for (const url of [
      "",
      "/acs",
      "http://app.example/acs",
      "http://localhost.example/acs",
      "http://127.0.0.1.example/acs",
      "http://localhost@app.example/acs",
      "http://192.168.0.7/acs",
      "javascript:alert(1)",
      "data:text/html,hello",
    ]) {
      const response = await post(url);
      expect(response.status, url).to.equal(400);
      expect(await response.text()).not.to.contain("SAMLResponse");
    }
  });

  it("refuses other names of this computer, and what proxies and tunnels pass on", async () => {
    const status = (headers: Readonly<Record<string, string>>) =>
      new Promise((resolve, reject) => {
        get(at("/"), { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on("error", reject);
      });
    const { port } = new URL(idp.url);
    for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
      expect(await status({ host: `${name}:${port}` }), name).to.equal(200);
    }
    for (const name of ["idp.example", "localhost", `localhost.example:${port}`, "localhost:1"]) {
      expect(await status({ host: name }), name).to.equal(421);
    }
    const host = `localhost:${port}`;
    for (const passed of ["x-forwarded-for", "x-forwarded-host", "forwarded", "via"]) {
      expect(await status({ host, [passed]: "somebody" }), passed).to.equal(421);
    }
  });

  it("does not listen beyond this computer", async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .flatMap((one) => (one === undefined || one.internal || one.family !== "IPv4" ? [] : [one]));
    for (const { address } of others) {
      const outcome = await fetch(`http://${address}:${new URL(idp.url).port}/`).catch(
        () => "none",
      );
      expect(outcome).to.equal("none");
    }
  });

  it("does not share its name with a program on either address of it", async () => {
    const own = Object.values(networkInterfaces()).flat();
    const addresses = ["127.0.0.1", "::1"].filter((one) => own.some((has) => has?.address === one));
    for (const address of addresses) {
      const other = createServer().listen(0, address);
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      const serviceProvider = `${host.baseUrl}/saml/metadata`;
      const fault = await startDevIdp({ port, serviceProvider, key }).catch(isPortInUse);
      expect(fault, address).to.equal(true);
      other.close();
      await once(other, "close");
    }
  });

  it("takes its form from its own pages only", async () => {
    const body = new URLSearchParams({
      acsUrl: `${host.baseUrl}/saml/acs`,
      audience: `${host.baseUrl}/saml/metadata`,
      email: "ada@customer.example",
    });
    for (const origin of ["https://evil.example", "null", host.baseUrl]) {
      const response = await fetch(at("/sign-in"), { method: "POST", body, headers: { origin } });
      expect(response.status, origin).to.equal(400);
    }
    const signOut = { method: "POST", headers: { origin: "https://evil.example" } };
    expect((await fetch(at("/sign-out"), signOut)).status).to.equal(400);
    const own = { origin: at("") };
    expect((await fetch(at("/sign-in"), { method: "POST", body, headers: own })).status).to.equal(
      200,
    );
  });

  it("says what is wrong with what it cannot answer", async () => {
    const said = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(at(path), init);
      return `${response.status} ${/role="alert">([^<]*)/.exec(await response.text())?.[1]}`;
    };
    const posted = (fields: Record<string, string>) => ({
      method: "POST",
      body: new URLSearchParams(fields),
    });
    const encoded = (xml: string) => ({ SAMLRequest: Buffer.from(xml).toString("base64") });
    expect(await said("/sso")).to.match(/^400 The message cannot be read: .*SAMLRequest/);
    expect(await said("/sso?SAMLRequest=%3C")).to.match(/^400 The message cannot be read/);
    expect(await said("/nowhere")).to.match(/^404/);
    expect(await said("/sso", posted(encoded("<a/>")))).to.match(
      /^400 This is a a\. Only an Authn/,
    );
    const bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&amp;b;</a>';
    expect(await said("/sso", posted(encoded(bomb)))).to.match(/^400 .*document type/);
    expect(await said("/sso", posted({ SAMLRequest: "x".repeat(300_000) }))).to.match(/^400/);
    const form = {
      acsUrl: "https://sp.example/acs",
      audience: "sp",
      email: "a",
      attributes: "oops",
    };
    expect(await said("/sign-in", posted(form))).to.match(/^400 Write attributes as name=value/);
  });

  it("says that the platform does not answer, and serves the form nevertheless", async () => {
    const alone = await startDevIdp({ port: 0, serviceProvider: "http://127.0.0.1:9/m", key });
    const page = await fetch(alone.url.replace("localhost", "127.0.0.1"));
    expect(page.status).to.equal(200);
    expect(await page.text()).to.contain("http://127.0.0.1:9/m does not answer");
    await alone.close();
  });

  it("escapes what others have written", async () => {
    const xml = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" AssertionConsumerServiceURL="https://sp.example/&quot;&gt;&lt;script&gt;"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">&lt;script&gt;alert(1)&lt;/script&gt;</saml:Issuer></samlp:AuthnRequest>`;
    const body = new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString("base64") });
    const response = await fetch(at("/sso"), { method: "POST", body });
    expect(response.status).to.equal(200);
    expect(await response.text()).not.to.match(/<script/);
    expect(response.headers.get("content-security-policy")).to.contain("default-src 'none'");
  });
});
