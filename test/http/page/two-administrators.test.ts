import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { OneConnectionSettings } from "../../../src/domain/one-connection.ts";
import { LISTS, openSettings, readShort, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, visitPage } from "./support.ts";

describe("two administrators at the settings page", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
    await save({});
  });
  afterEach(() => host.stop());

  const save = (changes: Partial<OneConnectionSettings>, by = "set-up") =>
    host.saml.saveSettings("default", openSettings(host, changes), by);
  const stored = () => readShort(host);
  const sso = (ssoUrl: string) => ({ connection: { ...host.idp.connection(), ssoUrl } });
  const defaults = (changes: Partial<OneConnectionSettings["autoProvisioning"]>) => ({
    autoProvisioning: { ...openSettings(host).autoProvisioning, ...changes },
  });

  it("changes of different fields are both kept, after the second has seen the first's", async () => {
    const page = await visitor.open();
    await save(sso("https://idp.example/new"), "admin-2");
    const conflict = await visitor.press(page, "save", {
      "email-allowedDomains": "mine.example",
      untested: "1",
    });
    expect(conflict.status).to.equal(409);
    expect(conflict.text("conflict")).to.include("admin-2 saved these settings while");
    expect(conflict.text("conflict")).to.include("Single sign-on URL");
    expect(conflict.text("conflict")).to.include("https://idp.example/new");
    expect((await stored()).savedBy).to.equal("admin-2");
    expect((await visitor.press(conflict, "save")).status).to.equal(303);
    const { settings, savedBy } = await stored();
    expect(savedBy).to.equal("admin-1");
    expect(settings.connection?.ssoUrl).to.equal("https://idp.example/new");
    expect(settings.email.allowedDomains).to.deep.equal(["mine.example"]);
  });

  for (const [choice, kept] of [
    ["mine", "https://idp.example/mine"],
    ["theirs", "https://idp.example/theirs"],
  ] as const) {
    it(`changes of the same field need a choice: ${choice}`, async () => {
      const page = await visitor.open();
      await save(sso("https://idp.example/theirs"), "admin-2");
      const conflict = await visitor.press(page, "save", {
        "connection-ssoUrl": "https://idp.example/mine",
        untested: "1",
      });
      expect(conflict.status).to.equal(409);
      const undecided = await visitor.press(conflict, "save");
      expect(undecided.status).to.equal(422);
      expect(undecided.html).to.include('<a href="#resolve-connection-ssoUrl">');
      expect(undecided.fields.get("connection-ssoUrl")).to.equal("https://idp.example/mine");
      const saved = await visitor.press(undecided, "save", { "resolve-connection-ssoUrl": choice });
      expect(saved.status).to.equal(303);
      expect((await stored()).settings.connection?.ssoUrl).to.equal(kept);
    });
  }

  it("additions and removals of lists are both kept", async () => {
    const page = await visitor.open();
    const theirs = { groups: ["g2"], organizations: { kind: "selected", ids: ["o2"] } } as const;
    await save(defaults(theirs), "admin-2");
    const conflict = await visitor.press(page, "save", {
      "groups-ticked": ["g1", "g2"],
      "organizations-ticked": ["o1", "o2", "o3"],
    });
    expect(conflict.status).to.equal(409);
    expect(conflict.text("conflict")).to.include("Support → Sales");
    await visitor.press(conflict, "save");
    const { groups, organizations } = (await stored()).settings.autoProvisioning;
    expect(groups).to.deep.equal(["g2"]);
    expect(organizations).to.deep.equal({ kind: "selected", ids: ["o2", "o3"] });
  });

  it("the same change on both sides is not a conflict", async () => {
    const page = await visitor.open();
    await save(sso("https://idp.example/same"), "admin-2");
    const conflict = await visitor.press(page, "save", {
      "connection-ssoUrl": "https://idp.example/same",
    });
    expect(conflict.html).not.to.include("resolve-");
    expect((await visitor.press(conflict, "save")).status).to.equal(303);
  });

  it("a third save while choosing is shown as well", async () => {
    const page = await visitor.open();
    await save(sso("https://idp.example/theirs"), "admin-2");
    const first = await visitor.press(page, "save", {
      "connection-ssoUrl": "https://idp.example/mine",
      untested: "1",
    });
    await save({ ...sso("https://idp.example/third"), ...defaults({ role: "lite" }) }, "admin-3");
    const second = await visitor.press(first, "save", { "resolve-connection-ssoUrl": "mine" });
    expect(second.status).to.equal(409);
    expect(second.text("conflict")).to.include("admin-3").and.to.include("idp.example/third");
    await visitor.press(second, "save", { "resolve-connection-ssoUrl": "mine" });
    const { settings } = await stored();
    expect(settings.connection?.ssoUrl).to.equal("https://idp.example/mine");
    expect(settings.autoProvisioning.role).to.equal("lite");
  });

  it("switching off what another has switched off already still shows what else they changed", async () => {
    const page = await visitor.open();
    const email = { source: { kind: "name-id" }, allowedDomains: [] } as const;
    await save({ enabled: false, email }, "admin-2");
    const off = await visitor.press(page, "disable", { "email-allowedDomains": "mine.example" });
    expect(off.text("status")).to.include("Off");
    const conflict = await visitor.press(off, "save");
    expect(conflict.status).to.equal(409);
    expect(conflict.text("conflict")).to.include("admin-2");
    await visitor.press(conflict, "save");
    expect((await stored()).settings.email).to.deep.equal({
      source: { kind: "name-id" },
      allowedDomains: ["mine.example"],
    });
  });

  it("what another has confirmed for a role of theirs is not confirmed for another role", async () => {
    const owner = { id: "owner", name: "Owner", licensed: true, privileged: true };
    host.catalog.replace({ roles: [...LISTS.roles, owner] });
    const page = await visitor.open();
    const theirs = { role: "administrator", privilegedRoleConfirmed: true };
    await save(defaults(theirs), "admin-2");
    const conflict = await visitor.press(page, "save", { "autoProvisioning-role": "owner" });
    const mine = await visitor.press(conflict, "save", { "resolve-autoProvisioning-role": "mine" });
    expect(mine.status).to.equal(422);
    expect(mine.text("problems")).to.include("New users may get a privileged role");
    const again = await visitor.press(page, "save", { "autoProvisioning-role": "owner" });
    await visitor.press(again, "save", { "resolve-autoProvisioning-role": "theirs" });
    expect((await stored()).settings.autoProvisioning).to.deep.include(theirs);
  });

  it("a save of the form does not turn single sign-on back on", async () => {
    const page = await visitor.open();
    await save({ enabled: false }, "admin-2");
    const conflict = await visitor.press(page, "save", { "autoProvisioning-role": "lite" });
    expect(conflict.text("conflict")).to.include("true → false");
    await visitor.press(conflict, "save");
    expect((await stored()).settings).to.deep.include({ enabled: false });
    expect((await stored()).settings.autoProvisioning.role).to.equal("lite");
  });
});
