import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { generate } from "selfsigned";
import { WEAK_ALGORITHMS } from "../../../src/domain/settings.ts";
import { makeTestKey, pemBody } from "../../../src/testing/signing-idp/certificate.ts";
import { LISTS, openSettings, readShort, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, visitPage } from "./support.ts";

describe("the settings page", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const stored = () => readShort(host);

  it("shows what is saved", async () => {
    const page = await visitor.open();
    expect(page.status).to.equal(200);
    expect(page.text("status")).to.match(/^Single sign-on: On .*Saved by set-up, .*version 1/);
    expect(page.fields.get("connection-entityId")).to.equal(host.idp.entityId);
    expect(page.fields.get("autoProvisioning-role")).to.equal("editor");
    expect(page.fields.getAll("groups-ticked")).to.deep.equal(["g1"]);
    expect(page.fields.getAll("organizations-ticked")).to.deep.equal(["o1", "o2"]);
    expect(page.text("sp-acs-url")).to.equal(`${host.baseUrl}/saml/acs`);
    expect(page.text("connection-certificates")).to.include("SHA-256 fingerprint");
    expect(page.text("activity")).to.include("Settings saved");
  });

  it("does not wait for the license usage, nor does a save: it is shown when it is asked for", async () => {
    const { stores, unitOfWork } = host.memory;
    let counted = (_seats: number): void => undefined;
    const seats = new Promise<number>((resolve) => {
      counted = resolve;
    });
    const users = { ...stores.users, countJitSeats: () => seats };
    const slow = await startHost({ storage: { stores: { ...stores, users }, unitOfWork } });
    try {
      const administrator = visitPage(slow);
      const page = await administrator.open();
      expect(page.text("licenses")).to.include("Show the license usage");
      const saved = await administrator.press(page, "save", { untested: "1", "groups-ticked": [] });
      expect(saved.status).to.equal(303);
      const asked = administrator.press(page, "count-seats");
      counted(7);
      expect((await asked).text("licenses")).to.include("7 of them by auto-provisioning");
      expect((await administrator.open()).text("licenses")).to.include("7 of them");
    } finally {
      counted(0);
      await slow.stop();
    }
  });

  it("is shown before anything is saved", async () => {
    const other = await startHost();
    try {
      const page = await visitPage(other).open();
      expect(page.text("status")).to.include("Nothing has been saved yet.");
    } finally {
      await other.stop();
    }
  });

  it("saves what was typed and ticked, and shows it again", async () => {
    const page = await visitor.open();
    const saved = await visitor.press(page, "save", {
      "connection-ssoUrl": " https://idp.example/other ",
      "email-allowedDomains": "Customer.example\r\n\r\nother.example",
      "email-source": "attribute",
      "email-source-name": "mail",
      "autoProvisioning-role": "lite",
      "organizations-ticked": ["o1", "o3"],
      "groups-ticked": undefined,
      untested: "1",
    });
    expect(saved.status).to.equal(303);
    expect(saved.response.headers.get("Location")).to.equal(
      `${host.baseUrl}/saml/settings/page/all?done=saved`,
    );
    const { settings, version, savedBy } = await stored();
    expect({ version, savedBy }).to.deep.equal({ version: 2, savedBy: "admin-1" });
    expect(settings.connection?.ssoUrl).to.equal("https://idp.example/other");
    expect(settings.email).to.deep.equal({
      source: { kind: "attribute", name: "mail" },
      allowedDomains: ["customer.example", "other.example"],
    });
    expect(settings.autoProvisioning).to.deep.include({
      role: "lite",
      groups: [],
      organizations: { kind: "selected", ids: ["o1", "o3"] },
    });
    expect((await visitor.open("?done=saved")).text("notice")).to.equal("Saved.");
  });

  it("an unchanged form saves the same settings", async () => {
    const before = await stored();
    const pem = `${before.settings.connection?.certificates[0]}\r\n`;
    // No order of the form's own.
    const weakAlgorithms = [...WEAK_ALGORITHMS].reverse();
    const connection = { ...host.idp.connection(), certificates: [pem], weakAlgorithms };
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    const { settings, connectionVersions } = await stored();
    await visitor.press(await visitor.open(), "save");
    expect(await stored()).to.deep.include({ settings, connectionVersions, savedBy: "admin-1" });
  });

  it("says at each field what would not work, and keeps what was typed", async () => {
    const page = await visitor.open();
    const refused = await visitor.press(page, "save", {
      "connection-ssoUrl": "javascript:alert(1)",
      "connection-certificates": ["no certificate", host.idp.connection().certificates[0] ?? ""],
      "autoProvisioning-role": "administrator",
      untested: "1",
    });
    expect(refused.status).to.equal(422);
    expect((await stored()).version).to.equal(1);
    expect(refused.text("problems")).to.match(/^Nothing was saved: 3 problems/);
    for (const id of [
      "connection-ssoUrl",
      "connection-certificates-0",
      "autoProvisioning-privilegedRoleConfirmed",
    ]) {
      expect(refused.html).to.include(`<a href="#${id}">`);
      expect(refused.text(`${id}-fault`), id).to.match(/^Problem: /);
    }
    expect(refused.fields.get("connection-ssoUrl")).to.equal("javascript:alert(1)");
    expect(refused.fields.getAll("connection-certificates")[0]).to.equal("no certificate");
    const confirmed = await visitor.press(refused, "save", {
      "connection-ssoUrl": "https://idp.example/sso",
      "connection-certificates": host.idp.connection().certificates,
      "autoProvisioning-privilegedRoleConfirmed": "1",
    });
    expect(confirmed.status).to.equal(303);
    expect((await stored()).settings.autoProvisioning.role).to.equal("administrator");
  });

  it("a privileged role is confirmed for itself, not for the next one", async () => {
    const owner = { id: "owner", name: "Owner", licensed: true, privileged: true };
    host.catalog.replace({ roles: [...LISTS.roles, owner] });
    const confirmed = { "autoProvisioning-privilegedRoleConfirmed": "1" };
    const first = await visitor.open();
    await visitor.press(first, "save", { ...confirmed, "autoProvisioning-role": "administrator" });
    const page = await visitor.open();
    expect((await visitor.press(page, "save")).status).to.equal(303);
    const changed = await visitor.press(await visitor.open(), "save", {
      "autoProvisioning-role": "owner",
    });
    expect(changed.status).to.equal(422);
    expect(changed.fields.has("autoProvisioning-privilegedRoleConfirmed")).to.equal(false);
    expect((await visitor.press(changed, "save", confirmed)).status).to.equal(303);
    expect((await stored()).settings.autoProvisioning.role).to.equal("owner");
  });

  it("Enter in a field saves nothing", async () => {
    const page = await visitor.open();
    const [first] = /<button[^>]*>/.exec(page.html) ?? [];
    expect(first).to.include('value="refresh"');
    const again = await visitor.press(page, "refresh", { "connection-entityId": "typed" });
    expect(again.fields.get("connection-entityId")).to.equal("typed");
    expect((await stored()).version).to.equal(1);
  });

  it("reads pasted metadata into the form before anything is saved", async () => {
    const page = await visitor.open();
    const read = await visitor.press(page, "read-metadata", {
      metadata: host.idp.metadata(),
      "connection-entityId": "",
      "connection-certificates": "",
    });
    expect(read.text("notice")).to.include("Check the values, then save.");
    expect(read.fields.get("connection-entityId")).to.equal(host.idp.entityId);
    expect(read.fields.getAll("connection-certificates")).to.have.length(1);
    expect((await stored()).version).to.equal(1);
    const broken = await visitor.press(page, "read-metadata", { metadata: "<a/>" });
    expect(broken.status).to.equal(422);
    expect(broken.fields.get("metadata")).to.equal("<a/>");
  });

  it("reads how logout works from metadata, and says when it cannot", async () => {
    const read = async (metadata: string) =>
      visitor.press(await visitor.open(), "read-metadata", { metadata });
    const services = /<md:SingleLogoutService.*<\/md:SingleLogoutService>/;
    const service = (binding: string) =>
      `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="https://idp.example/out" ResponseLocation="https://idp.example/returned"/>`;
    const posted = await read(host.idp.metadata().replace(services, service("HTTP-POST")));
    expect(Object.fromEntries(posted.fields)).to.include({
      "connection-sloUrl": "https://idp.example/out",
      "connection-sloResponseUrl": "https://idp.example/returned",
      "connection-sloBinding": "1",
    });
    const saved = await visitor.press(posted, "save", { untested: "1" });
    expect(saved.status).to.equal(303);
    expect((await stored()).settings.connection).to.include({
      sloUrl: "https://idp.example/out",
      sloResponseUrl: "https://idp.example/returned",
      sloBinding: "post",
    });
    const soap = await read(host.idp.metadata().replace(services, service("SOAP")));
    expect(soap.text("notice")).to.include("not by HTTP-Redirect or HTTP-POST");
    expect(soap.fields.get("connection-sloUrl")).to.equal("");
    expect(soap.fields.has("connection-sloBinding")).to.equal(false);
  });

  it("saves what login requests ask for, shows it again, and takes it back", async () => {
    const MFA = "https://refeds.org/profile/mfa";
    const X509 = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509";
    const asked = {
      ssoBinding: "post",
      forceAuthn: true,
      omitAcsUrl: true,
      nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
      requestedAuthnContext: { classRefs: [MFA, X509], comparison: "minimum" },
      acceptedAuthnContextClasses: [MFA],
    };
    const fields = {
      "connection-ssoBinding": "1",
      "connection-forceAuthn": "1",
      "connection-omitAcsUrl": "1",
      "connection-nameIdFormat": asked.nameIdFormat,
      "connection-requestedAuthnContext-classRefs": `${MFA}\n ${X509} \n${MFA}`,
      "connection-requestedAuthnContext-comparison": "minimum",
      "connection-acceptedAuthnContextClasses": MFA,
      untested: "1",
    };
    const metadata = host.idp.metadata();
    const read = await visitor.press(await visitor.open(), "read-metadata", { metadata });
    expect((await visitor.press(read, "save", fields)).status).to.equal(303);
    expect((await stored()).settings.connection).to.deep.include(asked);
    // A save of something else keeps it.
    const again = await visitor.press(await visitor.open(), "save", {
      "profile-firstName": "given",
    });
    expect(again.status).to.equal(303);
    expect((await stored()).settings.connection).to.deep.include(asked);
    const wrong = await visitor.press(await visitor.open(), "save", {
      "connection-nameIdFormat": "two words",
    });
    expect(wrong.status).to.equal(422);
    const empty = Object.keys(fields).filter((name) => name.startsWith("connection-"));
    const page = await visitor.open();
    const cleared = await visitor.press(page, "save", {
      ...Object.fromEntries(empty.map((name) => [name, ""])),
      untested: "1",
    });
    expect(cleared.status).to.equal(303);
    expect((await stored()).settings.connection).to.not.have.any.keys(Object.keys(asked));
  });

  it("reads from metadata that login requests go by HTTP-POST only", async () => {
    const redirect =
      /<md:SingleSignOnService [^>]*HTTP-Redirect[^>]*(?:\/>|><\/md:SingleSignOnService>)/;
    const metadata = host.idp.metadata().replace(redirect, "");
    const read = await visitor.press(await visitor.open(), "read-metadata", { metadata });
    expect(read.fields.get("connection-ssoBinding")).to.equal("1");
  });

  it("says which certificate of the metadata is left out, and why", async () => {
    const short = makeTestKey({ kind: "rsa-1024", subject: "short" }).certificate;
    const descriptor = `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${pemBody(short)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
    const metadata = host.idp.metadata().replace("</md:KeyDescriptor>", (end) => end + descriptor);
    const read = await visitor.press(await visitor.open(), "read-metadata", { metadata });
    expect(read.text("notice")).to.include(
      "Certificate 2 of the metadata (CN=short) is left out: RSA keys must have at least 2,048 bits.",
    );
    expect(read.fields.getAll("connection-certificates")).to.have.length(1);
  });

  it("separates certificates that were pasted into one field", async () => {
    const next = makeTestKey({ subject: "next" }).certificate;
    const both = `subject=CN = idp\n${host.idp.certificate}\n${next}`;
    const page = await visitor.open();
    const shown = await visitor.press(page, "refresh", { "connection-certificates": both });
    const separate = [host.idp.certificate, next].map(pemBody);
    expect(shown.fields.getAll("connection-certificates").map(pemBody)).to.deep.equal(separate);
    expect(shown.html).to.include("CN=next");
    await visitor.press(shown, "save", { untested: "1" });
    expect((await stored()).settings.connection?.certificates.map(pemBody)).to.deep.equal(separate);
  });

  it("says of a certificate authority's certificate what it is, before it is saved", async () => {
    const name = (value: string) => [{ name: "commonName", value }];
    const root = await generate(name("root"), { keySize: 2048 });
    const ca = { key: root.private, cert: root.cert };
    const extensions = [{ name: "basicConstraints", cA: true }] as const;
    const middle = await generate(name("CA"), { keySize: 2048, ca, extensions: [...extensions] });
    const page = await visitor.open();
    const shown = async (...certificates: string[]) => {
      const pressed = await visitor.press(page, "refresh", {
        "connection-certificates": certificates,
      });
      return pressed.text("connection-certificates") ?? "";
    };
    expect(await shown(middle.cert))
      .to.include("This is the certificate of a certificate authority")
      .and.not.include("Expires in");
    expect(await shown(middle.cert, root.cert)).to.include("issued another one of the list");
    expect(await shown(host.idp.certificate)).not.to.include("authority");
  });

  it("asks which of several identity providers is meant", async () => {
    const one = host.idp.metadata().replace(/^<\?xml[^>]*\?>/, "");
    const other = one.replaceAll(host.idp.entityId, "https://other.example/idp");
    const metadata = `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${one}${other}</EntitiesDescriptor>`;
    const asked = await visitor.press(await visitor.open(), "read-metadata", { metadata });
    expect(asked.text("notice")).to.include("Select one.");
    expect(asked.text("providers")).to.include("Use https://other.example/idp");
    const read = await visitor.press(asked, "choose-provider:1");
    expect(read.fields.get("connection-entityId")).to.equal("https://other.example/idp");
    const none = await visitor.press(asked, "choose-provider:7");
    expect(none.fields.get("connection-entityId")).to.equal(host.idp.entityId);
  });

  it("fills in what a product calls things", async () => {
    const filled = await visitor.press(await visitor.open(), "apply-preset", { preset: "okta" });
    expect(filled.text("notice")).to.include("Okta");
    expect(Object.fromEntries(filled.fields)).to.include({
      "email-source": "attribute",
      "email-source-name": "email",
      "profile-displayName": "displayName",
      "profile-firstName": "firstName",
    });
    await visitor.press(filled, "save", { untested: "1" });
    expect((await stored()).settings.profile.lastName).to.equal("lastName");
  });

  it("adds, checks and removes certificates", async () => {
    const page = await visitor.open();
    const two = await visitor.press(page, "add-certificate");
    expect(two.fields.getAll("connection-certificates")).to.have.length(2);
    const [only = ""] = page.fields.getAll("connection-certificates");
    const checked = await visitor.press(two, "refresh", {
      "connection-certificates": [only, "nonsense"],
    });
    expect(checked.text("connection-certificates-1-fault")).to.include("not an X.509 certificate");
    const removed = await visitor.press(checked, "remove-certificate:1");
    expect(removed.fields.getAll("connection-certificates")).to.have.length(1);
  });

  it("switches off in one click, whatever else stands in the form", async () => {
    const page = await visitor.open();
    host.catalog.replace({ roles: [] });
    const off = await visitor.press(page, "disable", { "connection-ssoUrl": "nonsense" });
    expect(off.status).to.equal(200);
    expect(off.text("notice")).to.include("Single sign-on is off.");
    expect(off.fields.get("connection-ssoUrl")).to.equal("nonsense");
    const { settings, version } = await stored();
    expect({ version, enabled: settings.enabled }).to.deep.equal({ version: 2, enabled: false });
    expect(settings.connection?.ssoUrl).to.equal("https://idp.example/sso");
    const again = await visitor.press(off, "save", { "connection-ssoUrl": "https://x.example/" });
    expect(again.status, "roles are gone").to.equal(422);
  });

  it("switching off keeps metadata that was pasted and not read yet", async () => {
    const page = await visitor.open();
    const off = await visitor.press(page, "disable", { metadata: "<pasted/>" });
    expect(off.fields.get("metadata")).to.equal("<pasted/>");
    expect((await stored()).settings.enabled).to.equal(false);
  });

  it("is at one address, to which its buttons are relative", async () => {
    const url = `${host.baseUrl}/saml/settings/page`;
    const slash = await fetch(`${url}/`, { redirect: "manual" });
    expect([slash.status, slash.headers.get("Location")]).to.deep.equal([302, url]);
  });

  it("turns off single sign-on despite a concurrent save", async () => {
    const page = await visitor.open();
    const email = { source: { kind: "name-id" }, allowedDomains: [] } as const;
    await host.saml.saveSettings("default", openSettings(host, { email }), "admin-2");
    const off = await visitor.press(page, "disable");
    expect(off.status).to.equal(303);
    expect((await stored()).settings).to.deep.include({ enabled: false, email });
  });

  it("previews an address", async () => {
    const page = await visitor.open();
    const { text } = await visitor.press(page, "preview", { "preview-email": "a@b.example" });
    expect(text("preview")).to.match(
      /A user would be created for a@b.example:.*Editor.*Support.*North/,
    );
  });

  it("only administrators, and only from here", async () => {
    const page = await visitor.open();
    const url = `${host.baseUrl}/saml/settings/page`;
    const body = new URLSearchParams(page.fields);
    body.set("action", "disable");
    const foreign = await fetch(url, {
      method: "POST",
      body,
      headers: { Origin: "https://evil.example" },
    });
    expect(foreign.status).to.equal(403);
    host.admin = undefined;
    expect((await visitor.open()).status).to.equal(403);
    expect((await visitor.press(page, "disable")).status).to.equal(403);
    expect((await stored()).settings.enabled).to.equal(true);
  });

  it("what no page of ours posts is refused, and changes nothing", async () => {
    const page = await visitor.open();
    for (const changes of [
      { end: undefined },
      { base: "{}" },
      { base: "not JSON" },
      { "groups-changes": '{"added":["\\u0000"],"removed":[]}' },
      { "organizations-shown": "[]" },
    ]) {
      expect((await visitor.press(page, "save", changes)).status).to.equal(400);
    }
    expect((await stored()).version).to.equal(1);
  });

  it("takes another allowed domain while it is on without a test", async () => {
    const page = await visitor.open();
    const domains = { "email-allowedDomains": "customer.example\nother.example" };
    const saved = await visitor.press(page, "save", domains);
    expect(saved.status).to.equal(303);
  });

  it("asks what to do without a license only where there is a limit", async () => {
    const field = "When all licenses are in use";
    expect((await visitor.open()).html).to.include(field);
    const options = {};
    Reflect.set(options, "licenseLimit", undefined); // over the one of the tests' host
    const other = await startHost(options);
    try {
      const settings = openSettings(other);
      await other.saml.saveSettings("default", settings, "set-up");
      const page = visitPage(other);
      const opened = await page.open();
      expect(opened.html).not.to.include(field);
      expect((await page.press(opened, "save")).status).to.equal(303);
      expect((await readShort(other)).settings.autoProvisioning).to.deep.equal(
        settings.autoProvisioning,
      );
    } finally {
      await other.stop();
    }
  });

  it("is not cached, runs only our script and cannot be framed", async () => {
    const { response, html } = await visitor.open();
    const policy = response.headers.get("Content-Security-Policy") ?? "";
    expect(policy).not.to.include("unsafe");
    expect(policy).to.include("default-src 'none'").and.to.include("frame-ancestors 'none'");
    expect(response.headers.get("Cache-Control")).to.equal("no-store");
    expect(response.headers.get("Referrer-Policy")).to.equal("same-origin");
    expect(html).not.to.match(/<style|\sstyle=|\son[a-z]+=|<script>/);
    for (const [, url = ""] of html.matchAll(/(?:href|src)="(http[^"]*assets[^"]*)"/g)) {
      expect(policy).to.include(url);
      const asset = await fetch(url);
      expect(asset.status).to.equal(200);
      expect(asset.headers.get("Cache-Control")).to.include("immutable");
      expect(asset.headers.get("Content-Type")).to.match(/^text\/(css|javascript)/);
    }
    const none = await fetch(`${host.baseUrl}/saml/settings/assets/page.tsx`);
    expect(none.status).to.equal(404);
  });

  it("escapes whatever an identity provider or an administrator wrote", async () => {
    const evil = `"><script>alert(1)</script>'&`;
    const page = await visitor.press(await visitor.open(), "preview", {
      "connection-entityId": evil,
      "connection-ssoUrl": evil,
      "email-allowedDomains": `</textarea>${evil}`,
      "email-source-name": evil,
      "groups-search": evil,
      "preview-email": evil,
      metadata: `</textarea>${evil}`,
    });
    expect(page.html).not.to.include("<script>alert");
    expect(page.fields.get("connection-entityId")).to.equal(evil);
    expect(page.fields.get("metadata")).to.equal(`</textarea>${evil}`);
  });

  it("can be switched off", async () => {
    const other = await startHost({ settingsPage: false });
    try {
      const response = await fetch(`${other.baseUrl}/saml/settings/page`);
      expect(await response.text()).to.equal("the host's own page");
    } finally {
      await other.stop();
    }
  });
});
