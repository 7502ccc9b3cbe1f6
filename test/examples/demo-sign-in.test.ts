import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { z } from "zod";
import { type DemoProcess, listensAt, makeFolder, startDemo } from "./support/demo-process.ts";
import { makeVisitor } from "./support/visitor.ts";

const DemoEvent = z.object({
  id: z.string(),
  tenant: z.string(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** What `npm run demo` is on Node, and the server as it is on Deno. */
const AS_PEOPLE_DO = "Deno" in globalThis ? undefined : ["scripts/demo.mjs"];

describe("the demo: signing in", () => {
  const folder = makeFolder();
  let demo: DemoProcess;

  before(async () => {
    const env = {
      DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
      JIT_ROLE: "editor",
      JIT_GROUPS: "Staff, Night shift",
      JIT_ORGANIZATIONS: "Acme , Åland & Söner",
      ALLOWED_EMAIL_DOMAINS: "customer.example,demo.example",
    };
    demo = await startDemo(env, AS_PEOPLE_DO);
  });

  after(async () => {
    expect(await demo.stop()).to.contain("The demo has ended");
    folder.remove();
  });

  const provisioned = (email: string) => ({
    status: 200,
    email,
    role: "Editor",
    groups: ["Night shift", "Staff"],
    organizations: ["Acme", "Åland & Söner"],
    createdBy: "saml-jit",
  });

  it("no one is signed in at first", async () => {
    const { status } = await makeVisitor(demo.baseUrl).whoami();
    expect(status).to.equal(401);
  });

  it("a new person from the IdP's tile has exactly the configured access", async () => {
    const visitor = makeVisitor(demo.baseUrl);
    const page = await visitor.fromTile("Tile.Person@Customer.example");
    expect(page.url).to.equal(`${demo.baseUrl}/`);
    expect(page.text).to.contain("Signed in as tile.person@customer.example");
    expect(await visitor.whoami()).to.deep.equal(provisioned("tile.person@customer.example"));
  });

  it("a new person from the login button has exactly the configured access", async () => {
    const visitor = makeVisitor(demo.baseUrl);
    await visitor.fromLogin("login.person@customer.example");
    expect(await visitor.whoami()).to.deep.equal(provisioned("login.person@customer.example"));
  });

  it("lists what has happened, the newest first, once", async () => {
    const email = "<b>event</b>@customer.example";
    await makeVisitor(demo.baseUrl).fromTile(email);
    await makeVisitor(demo.baseUrl).fromTile("event@customer.example");
    const read = async () => {
      const answer = await fetch(`${listensAt(demo)}/events`, {
        headers: { Accept: "application/json" },
      });
      return z.object({ events: z.array(DemoEvent) }).parse(await answer.json()).events;
    };
    const events = await read();
    expect(events[0]).to.deep.include({ type: "user-provisioned", tenant: "default" });
    expect(events[0]?.data).to.include({ email: "event@customer.example" });
    expect(await read()).to.deep.equal(events);
    const page = await fetch(`${listensAt(demo)}/events`, { headers: { Accept: "text/html" } });
    expect(await page.text())
      .to.contain("event@customer.example")
      .and.not.contain("<b>event");
  });

  it("a second sign-in keeps what the first gave, whatever the settings are now", async () => {
    const email = "again@customer.example";
    await makeVisitor(demo.baseUrl).fromTile(email);
    const administrator = makeVisitor(demo.baseUrl);
    await administrator.signInAsAdministrator();
    const saved = await administrator.changeSettings((document) => ({
      ...document,
      autoProvisioning: {
        ...document.autoProvisioning,
        role: "Creator",
        groups: [],
        organizations: { kind: "all" },
      },
    }));
    expect(saved.status).to.equal(200);

    const visitor = makeVisitor(demo.baseUrl);
    await visitor.fromLogin(email);
    expect(await visitor.whoami()).to.deep.equal(provisioned(email));
    const newcomer = makeVisitor(demo.baseUrl);
    await newcomer.fromTile("newcomer@customer.example");
    expect(await newcomer.whoami()).to.include({ role: "Creator", allOrganizations: true });
  });

  it("an invited person takes up the invitation with its own role and access", async () => {
    const visitor = makeVisitor(demo.baseUrl);
    await visitor.fromTile("invited@demo.example");
    expect(await visitor.whoami()).to.deep.equal({
      status: 200,
      email: "invited@demo.example",
      role: "Lite",
      groups: ["Guests"],
      organizations: ["Globex"],
      createdBy: "invitation",
    });
  });

  for (const [email, sentence] of [
    ["suspended@demo.example", "Your account is suspended."],
    ["deleted@demo.example", "Your account has been removed."],
    ["stranger@elsewhere.example", "Your email domain isn't allowed to sign in here."],
  ] as const) {
    it(`${email} is refused in one sentence and not signed in`, async () => {
      const visitor = makeVisitor(demo.baseUrl);
      const page = await visitor.fromTile(email);
      expect(page.status).to.equal(403);
      expect(page.text).to.contain(sentence);
      expect((await visitor.whoami()).status).to.equal(401);
    });
  }

  it("forms of other sites are refused", async () => {
    const { browser } = makeVisitor(demo.baseUrl);
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      const page = await browser.post("/demo/sign-in-as-administrator", {}, headers);
      expect(page.status).to.equal(403);
    }
  });

  it("with auto-provisioning off, known people get in and unknown ones do not", async () => {
    const administrator = makeVisitor(demo.baseUrl);
    await administrator.signInAsAdministrator();
    const off = await administrator.changeSettings((document) => ({
      ...document,
      autoProvisioning: { ...document.autoProvisioning, enabled: false },
    }));
    expect(off.status).to.equal(200);

    const known = makeVisitor(demo.baseUrl);
    await known.fromTile("tile.person@customer.example");
    expect((await known.whoami()).status).to.equal(200);
    const unknown = makeVisitor(demo.baseUrl);
    const page = await unknown.fromTile("unknown@customer.example");
    expect(page.status).to.equal(403);
    const users = await unknown.browser.get("/users");
    expect(users.text).to.contain("tile.person@customer.example");
    expect(users.text).not.to.contain("unknown@customer.example");
  });
});
