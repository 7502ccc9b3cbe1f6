import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { address, arrive, formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("signing in over HTTP", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  it("provisions a new person who comes from the identity provider's tile", async () => {
    const response = await arrive(host, "Ada@Customer.example");
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("/");
    const [user, ...others] = host.memory.usersOf(host.tenant);
    expect(others).to.deep.equal([]);
    expect(user).to.include({ email: "ada@customer.example", role: "editor", state: "active" });
    expect(user?.groups).to.deep.equal(["g1"]);
    expect(user?.organizations).to.deep.equal({ kind: "selected", ids: ["o1", "o2"] });
    expect(host.signedIn[0]).to.include({ outcome: "provisioned" });
    expect(host.signedIn[0]?.user).to.deep.equal({ id: user?.id, email: "ada@customer.example" });
  });

  it("takes a new user's names where the settings say, and never again", async () => {
    const profile = { firstName: "calledName" };
    await host.saml.saveSettings("default", openSettings(host, { profile }), "set-up");
    const names = (calledName: string) => ({ givenName: "Augusta", calledName, sn: "Lovelace" });
    for (const calledName of ["Ada", "Eve"]) {
      await arrive(host, "ada@customer.example", { attributes: names(calledName) });
    }
    expect(host.signedIn.map(({ outcome }) => outcome)).to.deep.equal(["provisioned", "signed-in"]);
    const [user] = host.memory.usersOf(host.tenant);
    expect(user?.profile).to.deep.equal({ firstName: "Ada", lastName: "Lovelace" });
  });

  it("provisions a new person who began here, and takes them where they wanted to go", async () => {
    const browser = makeBrowser();
    const login = await browser.get(`${host.baseUrl}/saml/login?returnTo=/reports?year=2026`);
    expect(login.status).to.equal(302);
    const location = new URL(login.headers.get("location") ?? "");
    expect(`${location.origin}${location.pathname}`).to.equal("https://idp.example/sso");
    expect(location.searchParams.has("RelayState")).to.equal(false);
    const inResponseTo = requestIdIn(login);
    const response = await arrive(host, "ada@customer.example", { inResponseTo }, browser);
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("/reports?year=2026");
    expect(browser.pendingCookies()).to.deep.equal([]);
  });

  it("changes nothing of a returning user, whatever the settings are by then", async () => {
    await arrive(host, "ada@customer.example");
    const [before] = host.memory.usersOf(host.tenant);
    host.memory.changeUser(host.tenant, before?.id ?? "", { role: "lite", groups: ["g2"] });
    const changed = host.memory.usersOf(host.tenant);
    const settings = openSettings(host);
    await host.saml.saveSettings(
      "default",
      { ...settings, autoProvisioning: { ...settings.autoProvisioning, groups: ["g1", "g2"] } },
      "admin",
    );
    expect((await arrive(host, "ADA@customer.example")).status).to.equal(303);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal(changed);
    expect(host.signedIn.map(({ outcome }) => outcome)).to.deep.equal(["provisioned", "signed-in"]);
  });

  it("keeps why a provisioned user has their access", async () => {
    host.licenseLimit = 5;
    await arrive(host, "ada@customer.example");
    const [user] = host.memory.usersOf(host.tenant);
    const receipt = await host.saml.receipt("default", user?.id ?? "");
    expect(receipt).to.include({
      settingsVersion: 1,
      role: "editor",
      issuer: host.idp.entityId,
      nameId: "ada@customer.example",
      seatsBefore: 0,
      seatsAfter: 1,
      at: host.clock.now(),
    });
  });

  it("takes a response once, and tells the person no more than a sentence and a reference", async () => {
    const form = formFor(host, "ada@customer.example");
    const acs = `${host.baseUrl}/saml/acs`;
    const answers = await Promise.all([1, 2, 3].map(() => makeBrowser().post(acs, form)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([303, 403, 403]);
    const refused = await makeBrowser().post(acs, form);
    const page = await refused.text();
    const [entry] = host.memory.auditEntries(host.tenant);
    expect(entry).to.include({ outcome: "rejected", code: "replayed" });
    expect(page).to.contain("This sign-in is no longer valid.").and.contain(entry?.reference);
    expect(page).not.to.contain("replayed");
    expect(refused.headers.get("cache-control")).to.equal("no-store");
    expect(refused.headers.get("content-security-policy")).to.contain("default-src 'none'");
    expect(host.memory.usersOf(host.tenant)).to.have.length(1);
  });

  it("creates one user for fifty concurrent sign-ins of the same new user", async () => {
    const forms = Array.from({ length: 50 }, () => formFor(host, "ada@customer.example"));
    const answers = await Promise.all(
      forms.map((form) => makeBrowser().post(`${host.baseUrl}/saml/acs`, form)),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([303]));
    expect(host.memory.usersOf(host.tenant)).to.have.length(1);
    expect(host.signedIn.filter(({ outcome }) => outcome === "provisioned")).to.have.length(1);
  });

  it("fills the license to the last seat and not one more", async () => {
    host.licenseLimit = 4;
    const people = Array.from({ length: 12 }, (_, index) => `person-${index}@customer.example`);
    const answers = await Promise.all(people.map((email) => arrive(host, email)));
    expect(answers.filter(({ status }) => status === 303)).to.have.length(4);
    expect(answers.filter(({ status }) => status === 403)).to.have.length(8);
    expect(host.memory.usersOf(host.tenant)).to.have.length(4);
  });

  for (const state of ["active", "invited", "suspended", "deleted"] as const) {
    for (const enabled of [true, false]) {
      it(`${state} user, auto-provisioning ${enabled ? "on" : "off"}`, async () => {
        const settings = openSettings(host);
        const autoProvisioning = { ...settings.autoProvisioning, enabled };
        await host.saml.saveSettings("default", { ...settings, autoProvisioning }, "admin");
        const email = address("bob@customer.example");
        const groups = ["own-group"];
        host.memory.seedUser(host.tenant, { email, state, role: "own-role", groups });
        const before = host.memory.userByEmail(host.tenant, email);
        const response = await arrive(host, email);
        const getsIn = state === "active" || state === "invited";
        expect(response.status).to.equal(getsIn ? 303 : 403);
        expect(host.memory.userByEmail(host.tenant, email)).to.deep.equal(
          state === "invited" ? { ...before, state: "active" } : before,
        );
        const [entry] = host.memory.auditEntries(host.tenant);
        expect(entry?.outcome).to.equal(
          { active: "signed-in", invited: "invitation-accepted" }[String(state)] ?? "denied",
        );
        expect(entry?.code).to.equal(getsIn ? undefined : `user-${state}`);
      });
    }
  }

  it("creates no user while auto-provisioning is off", async () => {
    const settings = openSettings(host);
    const autoProvisioning = { ...settings.autoProvisioning, enabled: false };
    await host.saml.saveSettings("default", { ...settings, autoProvisioning }, "admin");
    const response = await arrive(host, "ada@customer.example");
    expect(response.status).to.equal(403);
    expect(await response.text()).to.contain("You don't have an account here yet.");
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    expect(host.signedIn).to.deep.equal([]);
  });

  it("refuses an address of a domain that is not allowed, also of a known user", async () => {
    const email = { source: { kind: "automatic" }, allowedDomains: ["other.example"] } as const;
    await host.saml.saveSettings("default", openSettings(host, { email }), "admin");
    host.memory.seedUser(host.tenant, { email: address("bob@customer.example") });
    expect((await arrive(host, "bob@customer.example")).status).to.equal(403);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "domain-not-allowed" });
  });

  it("leaves out what the host has no more, and refuses when the role is gone", async () => {
    host.catalog.replace({ groups: [], organizations: [{ id: "o2", name: "South" }] });
    expect((await arrive(host, "ada@customer.example")).status).to.equal(303);
    const [user] = host.memory.usersOf(host.tenant);
    expect(user?.groups).to.deep.equal([]);
    expect(user?.organizations).to.deep.equal({ kind: "selected", ids: ["o2"] });
    const [entry] = host.memory.auditEntries(host.tenant);
    expect(entry?.detail["provisioning"]).to.contain("group g1").and.contain("organization o1");
    host.catalog.replace({ roles: [] });
    expect((await arrive(host, "eve@customer.example")).status).to.equal(403);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "defaults-invalid" });
  });
});
