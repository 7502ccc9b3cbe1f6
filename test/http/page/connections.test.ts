import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeSigningIdp } from "../../../src/testing/mod.ts";
import { openSettings, readShort, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, visitPage } from "./support.ts";

const ON = { untested: "1" };

describe("the settings page: several connections", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const connections = async () => (await host.saml.readSettings("default")).settings.connections;
  const add = async (name: string) =>
    visitor.press(await visitor.open(), "add-connection", { "new-connection": name, ...ON });

  it("show a tenant with one nothing of the others, and keep its short form", async () => {
    const page = await visitor.open();
    expect(page.text("connections")).to.include("Add a second identity provider here");
    expect(page.html).not.to.include("Accept domains that no connection lists");
    await visitor.press(page, "save", { "email-allowedDomains": "customer.example", ...ON });
    const { settings } = await readShort(host);
    expect(settings.email.allowedDomains).to.deep.equal(["customer.example"]);
  });

  it("are added with what stands in the form, turned off, and shown", async () => {
    const page = await visitor.open();
    const added = await visitor.press(page, "add-connection", {
      "new-connection": "Partner GmbH & Co",
      "email-allowedDomains": "customer.example",
      ...ON,
    });
    expect(added.status).to.equal(303);
    expect(added.response.headers.get("location")).to.match(
      /\?done=saved&connection=partner-gmbh-co$/,
    );
    const [first, second] = await connections();
    expect(first).to.deep.include({ domains: ["customer.example"], enabled: true });
    expect(second).to.deep.include({ id: "partner-gmbh-co", name: "Partner GmbH & Co" });
    expect(second).to.deep.include({ enabled: false, domains: [], acceptsOtherDomains: false });
    const shown = await visitor.open("?connection=partner-gmbh-co");
    expect(shown.fields.get("name")).to.equal("Partner GmbH & Co");
    expect(shown.fields.get("connection-entityId")).to.equal("");
    expect(shown.text("connections")).to.include("Single sign-on").and.to.include("Partner GmbH");
  });

  it("share a domain only while the page says so", async () => {
    await add("Second");
    const idp = makeSigningIdp({ entityId: "https://second.example" }).connection();
    const typed = {
      "connection-entityId": idp.entityId,
      "connection-ssoUrl": idp.ssoUrl,
      "connection-certificates": idp.certificates,
      "email-allowedDomains": "moving.example",
      ...ON,
    };
    const first = await visitor.open("?connection=default");
    await visitor.press(first, "save", { "email-allowedDomains": "moving.example", ...ON });
    const second = await visitor.open("?connection=second");
    const refused = await visitor.press(second, "save", typed);
    expect(refused.text("email-allowedDomains-fault")).to.include("moving.example");
    const saved = await visitor.press(refused, "save", { sharedDomains: "moving.example" });
    expect(saved.status).to.equal(303);
    const { settings } = await host.saml.readSettings("default");
    expect(settings.sharedDomains).to.deep.equal(["moving.example"]);
    expect((await visitor.open()).text("status")).to.include("Two identity providers sign in");
  });

  it("are edited one by one: the others stay as they are", async () => {
    await add("Second");
    const idp = makeSigningIdp({ entityId: "https://second.example" }).connection();
    const [before] = await connections();
    const page = await visitor.open("?connection=second");
    const saved = await visitor.press(page, "save", {
      name: "Renamed",
      connectionEnabled: "1",
      "connection-entityId": idp.entityId,
      "connection-ssoUrl": idp.ssoUrl,
      "connection-certificates": idp.certificates,
      "email-allowedDomains": "second.example",
      ...ON,
    });
    expect(saved.status).to.equal(303);
    const [first, second] = await connections();
    expect(first).to.deep.equal(before);
    expect(second).to.deep.include({ id: "second", name: "Renamed", enabled: true });
    expect(second?.idp?.entityId).to.equal("https://second.example");
    expect(second?.domains).to.deep.equal(["second.example"]);
  });

  it("show each fault at the connection that has it", async () => {
    await add("Second");
    const page = await visitor.open("?connection=second");
    const refused = await visitor.press(page, "save", {
      "connection-entityId": host.idp.entityId,
      "connection-ssoUrl": "nonsense",
      "connection-certificates": host.idp.connection().certificates,
    });
    expect(refused.status).to.equal(422);
    expect(refused.text("connection-ssoUrl-fault")).to.match(/^Problem: /);
    expect(refused.text("connection-entityId-fault")).to.include("Another connection");
    expect(refused.fields.get("shown")).to.equal("second");
  });

  it("are removed once they are off, and one is left", async () => {
    await add("Second");
    const page = await visitor.open("?connection=second");
    expect(page.html).to.include("Remove Second");
    expect((await visitor.open()).html).not.to.include("Remove Single sign-on");
    expect((await visitor.press(page, "remove-connection")).status).to.equal(303);
    expect((await connections()).map(({ id }) => id)).to.deep.equal(["default"]);
  });

  it("that another administrator has removed take no other one along", async () => {
    await add("Second");
    const page = await visitor.open("?connection=second");
    const { settings } = await host.saml.readSettings("default");
    const third = { ...settings.connections[1], id: "third", name: "Third" };
    const without = { ...settings, connections: [settings.connections[0], third] };
    await host.saml.saveSettings("default", without, "admin-2");
    const conflict = await visitor.press(page, "save", {
      "connection-ssoUrl": "https://x.example",
    });
    expect(conflict.status).to.equal(409);
    await visitor.press(conflict, "save", { "resolve-connection-ssoUrl": "mine", ...ON });
    expect((await connections()).map(({ id }) => id)).to.deep.equal(["default", "third"]);
  });

  it("keep what the page has no field for", async () => {
    const enforcement = { enabled: false, exempt: ["admin@customer.example"] };
    await host.saml.saveSettings("default", openSettings(host, { enforcement }), "set-up");
    await visitor.press(await visitor.open(), "save", { "profile-firstName": "givenName", ...ON });
    const { settings } = await host.saml.readSettings("default");
    expect(settings.enforcement).to.deep.equal(enforcement);
    expect(settings.connections[0]?.profile).to.deep.equal({ firstName: "givenName" });
  });
});
