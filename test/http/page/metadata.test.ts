import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  type MemoryMetadata,
  makeMemoryMetadata,
} from "../../../src/adapters/memory/memory-environment.ts";
import { makeSigningIdp } from "../../../src/testing/mod.ts";
import { openSettings, readShort, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, visitPage } from "./support.ts";

const URL = "https://idp.example/metadata.xml";
const NEW_SSO = "https://new.example/sso";

describe("the settings page: metadata by URL", () => {
  let host: TestHost;
  let visitor: PageVisitor;
  let metadata: MemoryMetadata;

  beforeEach(async () => {
    metadata = makeMemoryMetadata();
    host = await startHost({ fetchMetadata: metadata.fetchMetadata });
    visitor = visitPage(host);
  });
  afterEach(() => host.stop());

  const ssoUrl = async () => (await readShort(host)).settings.connection?.ssoUrl;
  const follow = async () => {
    const connection = host.idp.connection({ metadataUrl: URL });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    metadata.publish(URL, host.idp.metadata());
    await host.saml.refreshConnections();
    return connection;
  };
  const change = async (sso: string) => {
    const { ssoUrl: before } = host.idp.connection();
    metadata.publish(URL, host.idp.metadata().replaceAll(before, sso));
    host.clock.advance(7_200_000);
    await host.saml.refreshConnections();
  };
  /** The button whose action begins so, as the page has it. */
  const actionIn = (html: string, name: string) =>
    new RegExp(`value="(${name}:[0-9a-f]+)"`).exec(html)?.[1] ?? "";

  it("fills in the form from a URL, and keeps the URL", async () => {
    metadata.publish(URL, host.idp.metadata());
    const page = await visitor.open();
    const typed = { "connection-metadataUrl": URL };
    const filled = await visitor.press(page, "fetch-metadata", typed);
    expect(filled.fields.get("connection-entityId")).to.equal(host.idp.entityId);
    expect(filled.fields.get("connection-metadataUrl")).to.equal(URL);
    const saved = await visitor.press(filled, "save");
    expect(saved.status).to.equal(303);
    expect((await readShort(host)).settings.connection).to.include({ metadataUrl: URL });
    // A form in which the field is emptied takes it away.
    await visitor.press(await visitor.open(), "save", { "connection-metadataUrl": "" });
    expect((await readShort(host)).settings.connection).not.to.have.property("metadataUrl");
  });

  it("takes an address that was pasted for one to fetch, and reads it by a button", async () => {
    metadata.publish(URL, host.idp.metadata());
    const pasted = await visitor.press(await visitor.open(), "read-metadata", {
      metadata: ` ${URL}\n`,
    });
    expect(pasted.status).to.equal(422);
    expect(pasted.text("notice")).to.include("This is an address.");
    expect(metadata.requests).to.have.length(0);
    expect(pasted.fields.get("connection-metadataUrl")).to.equal(URL);
    const filled = await visitor.press(pasted, "fetch-metadata");
    expect(filled.fields.get("connection-entityId")).to.equal(host.idp.entityId);
  });

  it("says what to do with an address where nothing may be fetched", async () => {
    const other = await startHost();
    try {
      const page = visitPage(other);
      const pasted = await page.press(await page.open(), "read-metadata", { metadata: URL });
      expect(pasted.text("notice")).to.include("Open it in your browser, and paste what it shows.");
      expect(pasted.fields.get("metadata")).to.equal(URL);
      expect(pasted.fields.get("connection-metadataUrl")).to.equal("");
    } finally {
      await other.stop();
    }
  });

  it("says why a URL could not be read, and refuses what is not https", async () => {
    const page = await visitor.open();
    const typed = { "connection-metadataUrl": URL };
    const failed = await visitor.press(page, "fetch-metadata", typed);
    expect(failed.status).to.equal(422);
    expect(failed.text("connection")).to.include("nothing is published there");
    expect(failed.fields.get("connection-metadataUrl")).to.equal(URL);
    await follow();
    const plain = { "connection-metadataUrl": "http://idp.example/" };
    const refused = await visitor.press(await visitor.open(), "save", plain);
    expect(refused.status).to.equal(422);
    expect(refused.html).to.include("Enter a complete https URL");
  });

  it("shows the difference, and accepts what was shown", async () => {
    const before = await follow();
    await change(NEW_SSO);
    const page = await visitor.open();
    expect(page.text("connections")).to.include(before.ssoUrl).and.to.include(NEW_SSO);
    const accept = actionIn(page.html, "accept-change");
    // Another change than the one that is shown.
    await change("https://evil.example/sso");
    const stale = await visitor.press(page, accept);
    expect(stale.status).to.equal(409);
    expect(stale.text("connections")).to.include("There is no such change any more");
    expect(await ssoUrl()).to.equal(before.ssoUrl);
    await change(NEW_SSO);
    const again = await visitor.open();
    const accepted = await visitor.press(again, actionIn(again.html, "accept-change"));
    expect(accepted.status).to.equal(200);
    expect(await ssoUrl()).to.equal(NEW_SSO);
    expect(accepted.fields.get("connection-ssoUrl")).to.equal(NEW_SSO);
    expect(actionIn((await visitor.open()).html, "accept-change")).to.equal("");
  });

  it("puts a change into the form to be tested before it is saved", async () => {
    const before = await follow();
    await change(NEW_SSO);
    const page = await visitor.open();
    const typed = { "email-allowedDomains": "typed.example" };
    const tried = await visitor.press(page, actionIn(page.html, "try-change"), typed);
    expect(tried.text("notice")).to.include("The change is in the form.");
    expect(tried.fields.get("connection-ssoUrl")).to.equal(NEW_SSO);
    expect(tried.fields.getAll("connection-certificates")).to.deep.equal(
      page.fields.getAll("connection-certificates"),
    );
    expect(tried.fields.get("email-allowedDomains")).to.equal("typed.example");
    expect(await ssoUrl()).to.equal(before.ssoUrl);
    const begun = await visitor.press(tried, "test");
    expect(begun.text("notice")).to.include("Continue at the identity provider");
    const saved = await visitor.press(begun, "save", { untested: "1" });
    expect(saved.status).to.equal(303);
    expect(await ssoUrl()).to.equal(NEW_SSO);
    expect(actionIn((await visitor.open()).html, "try-change")).to.equal("");
    expect((await visitor.press(page, actionIn(page.html, "try-change"))).status).to.equal(409);
  });

  it("keeps what is saved when a change is dismissed", async () => {
    const before = await follow();
    await change(NEW_SSO);
    const page = await visitor.open();
    await visitor.press(page, actionIn(page.html, "dismiss-change"));
    expect(await ssoUrl()).to.equal(before.ssoUrl);
    expect(actionIn((await visitor.open()).html, "dismiss-change")).to.equal("");
  });

  it("shows failures with the last success, and reads again when asked", async () => {
    await follow();
    metadata.publish(URL, undefined);
    const failed = await visitor.press(await visitor.open(), "refresh-metadata");
    expect(failed.text("connections")).to.include("nothing is published there");
    expect(failed.text("connections")).to.include("The metadata was read last:");
  });

  it("shows nothing of it where nothing is fetched, and keeps the setting", async () => {
    await follow();
    const without = await startHost({ storage: host.memory, clock: host.clock });
    const other = visitPage(without);
    const page = await other.open();
    expect(page.html).not.to.include("fetch-metadata").and.not.to.include("refresh-metadata");
    await other.press(page, "save", { "email-allowedDomains": "customer.example" });
    expect((await readShort(host)).settings.connection).to.include({ metadataUrl: URL });
    await without.stop();
  });

  it("shows certificates and metadata of several connections at a glance, and reorders them", async () => {
    const soon = host.clock.now() + 5 * 86_400_000;
    const { makeTestKey } = await import("../../../src/testing/mod.ts");
    const second = makeSigningIdp({
      entityId: "https://second.example",
      key: makeTestKey({ notAfter: soon }),
    });
    const { autoProvisioning } = openSettings(host);
    const connection = (id: string, idp: object) => ({
      id,
      name: id,
      idp,
      domains: [`${id}.example`],
    });
    const connections = [
      connection("first", host.idp.connection({ metadataUrl: URL })),
      connection("second", second.connection()),
    ];
    const document = { enabled: true, connections, autoProvisioning };
    await host.saml.saveSettings("default", document, "set-up");
    await host.saml.refreshConnections();
    const page = await visitor.open();
    expect(page.text("connections")).to.include("metadata cannot be read");
    expect(page.text("connections")).to.include("Expires in 5 days");
    await visitor.press(page, "connection-up:second");
    const { settings } = await host.saml.readSettings("default");
    expect(settings.connections.map(({ id }) => id)).to.deep.equal(["second", "first"]);
  });
});
