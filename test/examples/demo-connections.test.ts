import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import selfsigned from "selfsigned";
import { makeSigningIdp, makeTestKey, type SigningIdp } from "../../src/testing/mod.ts";
import { metadataXml } from "../../src/testing/signing-idp/idp-xml.ts";
import {
  type DemoProcess,
  listensAt,
  makeFolder,
  runDemo,
  startDemo,
} from "./support/demo-process.ts";
import { makeVisitor } from "./support/visitor.ts";

describe("the demo: several identity providers", () => {
  const folder = makeFolder();
  const acme = makeSigningIdp({ entityId: "https://acme.example/metadata" });
  const partners = makeSigningIdp({ entityId: "https://partners.example/metadata" });
  let server: Server;
  let demo: DemoProcess;

  before(async () => {
    server = createServer((_request, response) => response.end(partners.metadata()));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    writeFileSync(`${folder.path}/acme.xml`, acme.metadata());
    demo = await startDemo({
      DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
      CONNECTIONS: JSON.stringify([
        {
          id: "acme",
          name: "Acme",
          metadata: `${folder.path}/acme.xml`,
          domains: ["acme.example"],
        },
        {
          id: "partners",
          name: "Partners",
          metadata: `http://127.0.0.1:${port}/metadata`,
          acceptsOtherDomains: true,
        },
      ]),
      JIT_RULES: JSON.stringify([{ when: { connection: ["partners"] }, groups: ["Partners"] }]),
    });
  });
  after(async () => {
    await demo.stop();
    server.close();
    folder.remove();
  });

  const arrive = (idp: SigningIdp, email: string) => arriveAt(demo, idp, email);

  it("each sign in their own users, with the rules of their connection", async () => {
    expect(await arrive(acme, "ada@acme.example")).to.equal(303);
    expect(await arrive(partners, "bob@elsewhere.example")).to.equal(303);
    expect(await arrive(partners, "eve@acme.example")).to.equal(403);
    expect(await arrive(acme, "eve@elsewhere.example")).to.equal(403);
    const response = await fetch(`${listensAt(demo)}/users`, {
      headers: { Accept: "application/json" },
    });
    const text = await response.text();
    expect(text).to.include("ada@acme.example").and.to.include("bob@elsewhere.example");
    expect(text).not.to.include("eve@");
    expect(text).to.include("Partners");
  });

  it("lead each user to their own", async () => {
    const login = await fetch(`${listensAt(demo)}/saml/login?email=ada@acme.example`, {
      redirect: "manual",
      headers: { Accept: "text/html" },
    });
    expect(login.status).to.equal(302);
    expect((await makeVisitor(demo.baseUrl).whoami()).status).to.equal(401);
  });

  it("stop the start when they conflict or cannot be read", async () => {
    const twice = { name: "A", metadata: `${folder.path}/acme.xml`, domains: ["a.example"] };
    const { code, output } = await runDemo({
      DATABASE_URL: `sqlite:${folder.path}/other.sqlite`,
      CONNECTIONS: JSON.stringify([
        { id: "a", ...twice },
        { id: "b", ...twice },
      ]),
    });
    expect(code).not.to.equal(0);
    expect(output).to.include("connections.1.idp.entityId");
    const missing = await runDemo({
      DATABASE_URL: `sqlite:${folder.path}/other.sqlite`,
      CONNECTIONS: JSON.stringify([{ id: "a", name: "A", metadata: "gone.xml" }]),
    });
    expect(missing.output).to.include("CONNECTIONS gone.xml cannot be read");
    expect((await runDemo({ CONNECTIONS: "{" })).output).to.include("CONNECTIONS");
  });
});

/** Sends somebody from the identity provider; the status of the answer. */
async function arriveAt(demo: DemoProcess, idp: SigningIdp, email: string): Promise<number> {
  const base = `${demo.baseUrl}/saml`;
  const form = idp.form({ acsUrl: `${base}/acs`, audience: `${base}/metadata`, email });
  const response = await fetch(`${listensAt(demo)}/saml/acs`, {
    method: "POST",
    body: new URLSearchParams({ ...form }),
    redirect: "manual",
  });
  return response.status;
}

describe("the demo: a connection that follows its metadata", () => {
  const folder = makeFolder();
  const entityId = "https://idp.example/metadata";
  const [first, second] = [makeTestKey(), makeTestKey()];
  const signing = (key: typeof first) => makeSigningIdp({ entityId, key });
  let server: ReturnType<typeof createTlsServer>;
  let env: Readonly<Record<string, string>>;
  let certificates: readonly string[] = [first.certificate];
  /** Who has asked for the metadata, and who waits for that. */
  let asked: (string | undefined)[] = [];
  let onAsked: () => void = () => undefined;

  before(async () => {
    const tls = await selfsigned.generate([{ name: "commonName", value: "127.0.0.1" }], {
      keySize: 2048,
      algorithm: "sha256",
      extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
    });
    server = createTlsServer({ key: tls.private, cert: tls.cert }, ({ headers }, response) => {
      const { ssoUrl, sloUrl = "" } = signing(first).connection();
      response.end(metadataXml({ entityId, ssoUrl, sloUrl, certificates }));
      asked.push(headers["user-agent"]);
      onAsked();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    writeFileSync(`${folder.path}/tls.pem`, tls.cert);
    const { port } = server.address() as AddressInfo;
    const metadata = `https://127.0.0.1:${port}/metadata`;
    env = {
      DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
      NODE_EXTRA_CA_CERTS: `${folder.path}/tls.pem`,
      CONNECTIONS: JSON.stringify([{ id: "acme", name: "Acme", metadata }]),
    };
  });
  after(() => {
    server.close();
    server.closeAllConnections();
    folder.remove();
  });

  /** Starts the demo, signs the administrator in, and ends it. */
  async function inDemo(
    more: Readonly<Record<string, string>>,
    work: (demo: DemoProcess, administrator: ReturnType<typeof administratorOf>) => Promise<void>,
  ): Promise<void> {
    const demo = await startDemo({ ...env, ...more });
    try {
      const { browser, signInAsAdministrator } = makeVisitor(demo.baseUrl);
      await signInAsAdministrator();
      await work(demo, administratorOf(browser));
    } finally {
      expect(await demo.stop()).not.to.include("could not be");
    }
  }
  const place = "/saml/settings/connections/acme/metadata";
  const administratorOf = (browser: ReturnType<typeof makeVisitor>["browser"]) => ({
    /** What the API says of the metadata, with the entity tag of a change that waits. */
    status: async () => {
      const { text, headers } = await browser.get(place, { accept: "application/json" });
      return { ...JSON.parse(text), tag: headers.get("etag") ?? "" };
    },
    refresh: () => browser.post(`${place}/refresh`, {}, { accept: "application/json" }),
    accept: (tag: string) => browser.post(`${place}/accept`, {}, { "if-match": tag }),
    page: async () => (await browser.get("/saml/settings/page/all")).text,
    known: async () => {
      const { text } = await browser.get("/saml/settings", { accept: "application/json" });
      return JSON.parse(text).connections[0].idp.certificates.length;
    },
  });

  it("reads it by itself, adds a new certificate, and waits for a click to drop the old one", async () => {
    asked = [];
    const readTwice = new Promise<void>((resolve) => {
      onAsked = () => asked.length >= 2 && resolve();
    });
    await inDemo({ LOOPBACK_METADATA: "true" }, async (demo, administrator) => {
      await readTwice; // once for the settings, then by refreshConnections
      expect(await arriveAt(demo, signing(first), "ada@acme.example")).to.equal(303);
      certificates = [first.certificate, second.certificate];
      expect((await administrator.refresh()).status).to.equal(200);
      expect(await administrator.known()).to.equal(2);
      expect(await arriveAt(demo, signing(second), "ada@acme.example")).to.equal(303);
      expect(await administrator.page()).to.include("The metadata was read last:");
      certificates = [second.certificate];
      await administrator.refresh();
      expect(await arriveAt(demo, signing(first), "ada@acme.example")).to.equal(303);
      expect(await administrator.page()).to.include("No longer in the metadata");
      const { tag } = await administrator.status();
      expect((await administrator.accept(tag)).status).to.equal(200);
      expect(await arriveAt(demo, signing(first), "ada@acme.example")).to.equal(403);
    });
  });

  it("keeps what was decided over a restart, whatever the metadata says by then", async () => {
    certificates = [first.certificate];
    await inDemo({ LOOPBACK_METADATA: "true" }, async (demo, administrator) => {
      await administrator.refresh();
      expect(await arriveAt(demo, signing(second), "ada@acme.example")).to.equal(303);
      expect(await arriveAt(demo, signing(first), "ada@acme.example")).to.equal(403);
      expect((await administrator.status()).pending).to.be.an("object");
    });
  });

  it("does not reach this computer unless told to, and says so; sign-ins go on", async () => {
    await inDemo({}, async (demo, administrator) => {
      const before = asked.length;
      await administrator.refresh();
      expect(asked.length).to.equal(before);
      const { failing, lastFailure } = await administrator.status();
      expect({ failing, code: lastFailure.code }).to.deep.equal({
        failing: true,
        code: "url-refused",
      });
      expect(await administrator.page()).to.include("is not on the public internet");
      expect(await arriveAt(demo, signing(second), "ada@acme.example")).to.equal(303);
    });
  });
});
