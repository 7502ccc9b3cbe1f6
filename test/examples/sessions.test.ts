import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { createSessionTable, makeSessions } from "../../examples/sessions.ts";
import { signXml } from "../../src/testing/signing-idp/sign-xml.ts";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { logoutRequestXml } from "../adapters/saml2-js/support/logout-messages.ts";
import { type DemoProcess, listensAt, makeFolder, startDemo } from "./support/demo-process.ts";
import { makeVisitor } from "./support/visitor.ts";

const ISSUER = "https://idp.example/metadata";
const saml = (value: string, sessionIndex?: string) => ({
  issuer: ISSUER,
  nameId: { value, format: "x" },
  ...(sessionIndex === undefined ? {} : { sessionIndex }),
});

describe("the guide's sessions", () => {
  let knex: Knex;
  let sessions: ReturnType<typeof makeSessions>;

  beforeEach(async () => {
    knex = knexFactory({ client: "sqlite3", connection: ":memory:", useNullAsDefault: true });
    await createSessionTable(knex);
    sessions = makeSessions(knex);
  });
  afterEach(() => knex.destroy());

  const demand = (value: string, ...sessionIndexes: readonly string[]) =>
    sessions.endDemanded({ issuer: ISSUER, nameId: { value, format: "y" }, sessionIndexes });
  const alive = async (...ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await sessions.find(id, 0)) !== undefined));

  it("are found until they end", async () => {
    const id = await sessions.begin("7", 1000, saml("ada", "_s"));
    expect(await sessions.find(id, 999)).to.deep.equal({ userId: "7", saml: saml("ada", "_s") });
    expect(await sessions.find(id, 1000)).to.equal(undefined);
    const other = await sessions.begin("8", 1000);
    expect(await sessions.find(other, 0)).to.deep.equal({ userId: "8" });
    await sessions.end(id);
    expect(await alive(id, other)).to.deep.equal([false, true]);
    await sessions.purge(1000);
    expect(await alive(other)).to.deep.equal([false]);
  });

  it("end on demand: of that issuer, NameID and index, and no others", async () => {
    const long = "_".repeat(5000);
    const ids = [
      await sessions.begin("7", 1000, saml("ada", "_1")),
      await sessions.begin("7", 1000, saml("ada", long)),
      await sessions.begin("7", 1000, saml("ada")),
      await sessions.begin("8", 1000, saml("Ada", "_1")),
      await sessions.begin("9", 1000, { ...saml("ada", "_1"), issuer: "https://other.example" }),
      await sessions.begin("7", 1000),
    ];
    await demand("ada", "_1");
    expect(await alive(...ids)).to.deep.equal([false, true, false, true, true, true]);
    await demand("ada");
    expect(await alive(...ids)).to.deep.equal([false, false, false, true, true, true]);
  });
});

describe("the demo: signing out at the identity provider", () => {
  const folder = makeFolder();
  const idp = makeSigningIdp();
  let demo: DemoProcess;

  before(async () => {
    const metadata = join(folder.path, "idp.xml");
    writeFileSync(metadata, idp.metadata());
    demo = await startDemo({
      DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
      IDP_METADATA: metadata,
    });
  });
  after(async () => {
    await demo.stop();
    folder.remove();
  });

  it("ends the user's sessions from a frame, which sends no cookie", async () => {
    const arrive = async (email: string) => {
      const visitor = makeVisitor(demo.baseUrl);
      const { baseUrl } = demo;
      const asked = { acsUrl: `${baseUrl}/saml/acs`, audience: `${baseUrl}/saml/metadata`, email };
      await visitor.browser.post("/saml/acs", { ...idp.form(asked) });
      expect(await visitor.whoami()).to.include({ status: 200, email });
      return visitor;
    };
    const [desk, phone] = [await arrive("ada@demo.example"), await arrive("ada@demo.example")];
    const other = await arrive("grace@demo.example");
    const slo = `${demo.baseUrl}/saml/slo`;
    const content = `<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">ada@demo.example</saml:NameID>`;
    const xml = logoutRequestXml({
      destination: slo,
      issuer: idp.entityId,
      issueInstant: new Date().toISOString(),
      content,
    });
    const signed = signXml(xml, { privateKey: idp.key.privateKey });
    const answer = await fetch(`${listensAt(demo)}/saml/slo`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ SAMLRequest: Buffer.from(signed).toString("base64") }),
    });
    expect(answer.headers.get("location")).to.match(/^https:\/\/idp\.example\/slo\?SAMLResponse=/);
    expect((await desk.whoami()).status).to.equal(401);
    expect((await phone.whoami()).status).to.equal(401);
    expect((await other.whoami()).status).to.equal(200);
  });

  it("ends the session here when the user signs out here", async () => {
    const visitor = makeVisitor(demo.baseUrl);
    await visitor.signInAsAdministrator();
    expect((await visitor.whoami()).status).to.equal(200);
    await visitor.browser.post("/demo/sign-out", {});
    expect((await visitor.whoami()).status).to.equal(401);
  });
});
