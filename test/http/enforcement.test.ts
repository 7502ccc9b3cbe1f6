import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { address, arrive } from "../support/arrivals.ts";
import { openSettings, readShort, startHost, type TestHost } from "../support/host.ts";
import { makeTester, type Tester } from "../support/test-sign-ins.ts";
import { visitPage } from "./page/support.ts";

const ADMIN = "admin@customer.example";
const USER = "ada@customer.example";

describe("passwords beside enforced single sign-on", () => {
  let host: TestHost;
  let admin: string;

  const enforced = (exempt: readonly string[] = [ADMIN], enabled = true) =>
    openSettings(host, { enforcement: { enabled, exempt } });
  const save = (settings: object) => host.saml.saveSettings("default", settings, "set-up");
  const allowed = async (email: string) =>
    (await host.saml.passwordAllowed("default", email)).allowed;
  const outcomes = async (outcome: "exemption-used") => {
    const filter = { outcomes: [outcome] };
    return (await host.memory.stores.audit.page(host.tenant, { filter, limit: 10 })).entries;
  };
  const put = async (settings: object, version: number) => {
    const response = await fetch(`${host.baseUrl}/saml/settings`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-Match": `"${version}"` },
      body: JSON.stringify(settings),
    });
    const body = (await response.json()) as { errors?: { pointer: string; code: string }[] };
    return {
      status: response.status,
      errors: body.errors?.map(({ pointer, code }) => `${pointer} ${code}`),
    };
  };

  beforeEach(async () => {
    host = await startHost();
    const seed = { email: address(ADMIN), state: "active", role: "administrator" } as const;
    admin = host.memory.seedUser(host.tenant, seed);
  });
  afterEach(() => host.stop());

  it("are allowed for everybody unless it is enforced", async () => {
    expect(await allowed(USER)).to.equal(true);
    await save(enforced([ADMIN], false));
    expect(await allowed(USER)).to.equal(true);
    expect(await outcomes("exemption-used")).to.deep.equal([]);
  });

  it("are refused with the way to sign in, but allowed to exempt users, each time audited", async () => {
    await save(enforced());
    expect(await host.saml.passwordAllowed("default", "Ada@Customer.example")).to.deep.equal({
      allowed: false,
      loginUrl: `${host.baseUrl}/saml/login?email=Ada%40Customer.example`,
    });
    for (const email of [ADMIN, " Admin@Customer.example "]) {
      expect(await allowed(email)).to.equal(true);
    }
    const entries = await outcomes("exemption-used");
    expect(entries.map(({ email }) => email)).to.deep.equal([ADMIN, ADMIN]);
  });

  it("are refused in the domains that connections list only, if they list any", async () => {
    const email = { source: { kind: "automatic" }, allowedDomains: ["customer.example"] } as const;
    await save({ ...enforced(), email });
    expect(await allowed(USER)).to.equal(false);
    expect(await allowed("ada@elsewhere.example")).to.equal(true);
    expect(await allowed("no address")).to.equal(true);
  });

  it("need an exempt user who is active, when it is turned on", async () => {
    await save(openSettings(host));
    for (const exempt of [[], ["nobody@customer.example"]]) {
      const { status, errors } = await put(enforced(exempt), 1);
      expect(status).to.equal(422);
      expect(errors).to.include("/enforcement/enabled untested");
      expect(errors).to.include("/enforcement/exempt required");
    }
    const { errors } = await put(enforced(["x y"], false), 1);
    expect(errors).to.deep.equal(["/enforcement/exempt/0 email-invalid"]);
  });

  it("can be refused by the API only after a test sign-in has passed, and stay so", async () => {
    const tester: Tester = makeTester(host);
    const enforcement = { enabled: true, exempt: [ADMIN] };
    await save(tester.draft({ enabled: true }));
    const wanted = tester.draft({ enabled: true, enforcement });
    expect((await put(wanted, 1)).errors).to.deep.equal(["/enforcement/enabled untested"]);
    await tester.answer(await tester.begun(wanted));
    expect((await put(wanted, 1)).status).to.equal(200);
    host.clock.advance(25 * 60 * 60 * 1000);
    const autoProvisioning = { ...wanted.autoProvisioning, groups: [] };
    expect((await put({ ...wanted, autoProvisioning }, 2)).status).to.equal(200);
    expect(await allowed(USER)).to.equal(false);
  });

  it("are refused and exempted on the page, with its faults at the fields", async () => {
    const tester = makeTester(host);
    await save(tester.draft({ enabled: true }));
    const visitor = visitPage(host);
    const typed = { "enforcement-enabled": "1", "enforcement-exempt": "" };
    const alone = await visitor.press(await visitor.open(), "save", typed);
    expect(alone.status).to.equal(422);
    expect(alone.text("enforcement-enabled-fault")).to.contain("Test these settings first");
    expect(alone.text("enforcement-exempt-fault")).to.contain("Exempt at least one active user");
    expect(alone.html).to.match(/id="enforcement-enabled"[^>]* checked/);
    const exempt = { "enforcement-exempt": `${ADMIN}\nwrong` };
    const wrong = await visitor.press(alone, "save", { ...exempt, untested: "1" });
    expect(wrong.text("enforcement-exempt-fault")).to.contain("Enter an email address.");
    await tester.answer(await tester.begun(tester.draft({ enabled: true })));
    const passwordOf = async (email: string, changes: Record<string, string> = {}) =>
      (
        await visitor.press(wrong, "preview", {
          "enforcement-exempt": ADMIN,
          "preview-email": email,
          ...changes,
        })
      ).text("preview");
    expect(await passwordOf("ada@customer.example")).to.include("A password would be refused");
    expect(await passwordOf(ADMIN)).to.include("the address is exempt");
    const elsewhere = { "email-allowedDomains": "other.example" };
    expect(await passwordOf("ada@customer.example", elsewhere)).to.include(
      "single sign-on is not enforced for the domain",
    );
    const saved = await visitor.press(wrong, "save", { "enforcement-exempt": ADMIN });
    expect(saved.status).to.equal(303);
    expect((await readShort(host)).settings.enforcement).to.deep.equal({
      enabled: true,
      exempt: [ADMIN],
    });
    expect(await allowed(USER)).to.equal(false);
    const off = await visitor.press(await visitor.open(), "save", {
      "enforcement-enabled": undefined,
    });
    expect(off.status).to.equal(303);
    expect(await allowed(USER)).to.equal(true);
  });

  it("never lock out the last administrator, in whatever order things end", async () => {
    const walks: Readonly<Record<string, () => unknown>> = {
      "the exempt user is suspended": () =>
        host.memory.changeUser(host.tenant, admin, { state: "suspended" }),
      "the exempt user is deleted": () =>
        host.memory.changeUser(host.tenant, admin, { state: "deleted" }),
      "single sign-on is turned off": () => save({ ...enforced(), enabled: false }),
      "the connection is turned off": async () => {
        const { settings } = await host.saml.readSettings("default");
        const connections = settings.connections.map((one) => ({ ...one, enabled: false }));
        const second = { ...settings.connections[0], id: "second", name: "Second" };
        const idp = { ...host.idp.connection(), entityId: "https://second.example" };
        const other = { ...second, idp, domains: ["second.example"], acceptsOtherDomains: false };
        await save({ ...settings, connections: [...connections, other] });
      },
    };
    for (const [what, happens] of Object.entries(walks)) {
      host.memory.changeUser(host.tenant, admin, { state: "active" });
      await save(enforced());
      expect(await allowed(USER), what).to.equal(false);
      await happens();
      expect(await allowed(USER), what).to.equal(true);
    }
  });

  it("are allowed again when single sign-on is off, and stay so when it comes back", async () => {
    await save(enforced());
    await save({ ...enforced(), enabled: false });
    expect((await host.saml.readSettings("default")).settings.enforcement.enabled).to.equal(false);
  });

  it("are a warning of the health if the host never asks, or no exempt user is left", async () => {
    await save(enforced());
    const check = async () =>
      (await host.saml.health(["default"])).checks.find(({ name }) => name === "enforcement");
    expect((await check())?.detail).to.include("has not been called");
    await allowed(USER);
    expect(await check()).to.include({ status: "pass" });
    host.memory.changeUser(host.tenant, admin, { state: "deleted" });
    expect((await check())?.detail).to.include("no exempt user");
  });
});

describe("email domains that need a proof", () => {
  let host: TestHost;
  let proven: readonly unknown[];

  beforeEach(async () => {
    proven = ["Customer.example"];
    host = await startHost({ verifiedDomains: () => proven as readonly string[] });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  it("sign in the users of those that are proven, and refuse all others before a look-up", async () => {
    expect((await arrive(host, USER)).status).to.equal(303);
    const known = address("bob@other.example");
    host.memory.seedUser(host.tenant, { email: known, state: "active", role: "lite" });
    for (const email of [known, "eve@x.customer.example", "eve@other.example"]) {
      expect((await arrive(host, email)).status).to.equal(403);
      const newest = await host.memory.stores.audit.page(host.tenant, { filter: {}, limit: 1 });
      expect(newest.entries[0]?.code).to.equal("domain-not-verified");
    }
    expect(host.signedIn).to.have.length(1);
  });

  it("cannot be listed by a connection before they are proven", async () => {
    const email = {
      source: { kind: "automatic" },
      allowedDomains: ["customer.example", "other.example"],
    } as const;
    const saved = await host.saml
      .saveSettings("default", openSettings(host, { email }), "set-up")
      .catch((error: unknown) => error);
    expect(saved).to.have.deep.nested.property("faults[0].path", ["connections", 0, "domains", 1]);
    expect(saved).to.have.nested.property("faults[0].code", "domain-not-verified");
  });

  it("sign in no one if the host's answer is no list of domains", async () => {
    for (const wrong of [["not a domain"], [7], "customer.example"]) {
      proven = wrong as readonly unknown[];
      expect((await arrive(host, USER)).status).to.equal(500);
    }
    expect(host.signedIn).to.deep.equal([]);
  });

  it("hold no one to single sign-on that refuses them", async () => {
    const admin = { email: address(ADMIN), state: "active", role: "administrator" } as const;
    host.memory.seedUser(host.tenant, admin);
    const enforcement = { enabled: true, exempt: [ADMIN] };
    await host.saml.saveSettings("default", openSettings(host, { enforcement }), "set-up");
    const allowed = async (email: string) =>
      (await host.saml.passwordAllowed("default", email)).allowed;
    expect(await allowed(USER)).to.equal(false);
    expect(await allowed("eve@other.example")).to.equal(true);
  });

  it("that cannot be read keep no exempt user out, nor anybody when none is left", async () => {
    const seed = { email: address(ADMIN), state: "active", role: "administrator" } as const;
    const admin = host.memory.seedUser(host.tenant, seed);
    const enforcement = { enabled: true, exempt: [ADMIN] };
    await host.saml.saveSettings("default", openSettings(host, { enforcement }), "set-up");
    proven = [7];
    const allowed = async (email: string) =>
      (await host.saml.passwordAllowed("default", email)).allowed;
    expect(await allowed(ADMIN)).to.equal(true);
    expect(await allowed(USER).catch(() => "failed")).to.equal("failed");
    host.memory.changeUser(host.tenant, admin, { state: "suspended" });
    expect(await allowed(USER)).to.equal(true);
  });
});
