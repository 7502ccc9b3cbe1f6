import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { type Platform, startPlatform } from "./support/platform.ts";
import { callPlugin, connectOverHttp } from "./support/settings-api.ts";
import { PEOPLE, type SimpleSamlPhp, startSimpleSamlPhp } from "./support/simplesamlphp.ts";
import { makeVisitor } from "./support/visitor.ts";

/** Nothing is typed in by hand: each side reads what the other publishes. */
describe("exchanging metadata with SimpleSAMLphp", () => {
  let idp: SimpleSamlPhp;
  let platform: Platform;

  before(async () => {
    idp = await startSimpleSamlPhp();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
  });
  afterEach(() => platform.stop());

  it("connects both sides, with signed requests and logout", async () => {
    await connectOverHttp(platform, idp);
    idp.configureWithMetadata(await (await callPlugin(platform, "/metadata")).text());
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.alice);
    const [user] = platform.host.memory.usersOf(platform.host.tenant);
    expect(user).to.include({ email: "alice@customer.example", role: "lite" });
  });

  it("goes through a rollover without a click; the old certificate goes by one", async () => {
    const following = await startPlatform({
      // As the guarded fetcher, but from loopback, where this identity provider is.
      fetchMetadata: async () => ({ kind: "metadata", xml: await idp.metadata() }),
    });
    const metadataUrl = "https://idp.example/metadata";
    await following.connect(idp, { connection: { metadataUrl } });
    const serviceProviders = { [following.entityId]: following.registration() };
    let hours = 0;
    const refresh = () => {
      following.shiftClock(hours * 3_600_000);
      hours += 2;
      return following.host.saml.refreshConnections();
    };
    const certificates = async () =>
      (await following.host.saml.readSettings("default")).settings.connections[0]?.idp
        ?.certificates;
    try {
      idp.configure({ serviceProviders, announce: "second" });
      expect((await refresh()).certificatesAdded).to.equal(1);
      expect(await certificates()).to.have.lengthOf(2);
      following.shiftClock(0);
      idp.configure({ serviceProviders, signWith: "second" });
      await makeVisitor().arrive(following.loginUrl, PEOPLE.alice);
      expect(following.sessions()).to.have.lengthOf(1);
      expect((await refresh()).changesWaiting).to.equal(1);
      expect(await certificates()).to.have.lengthOf(2);
      const place = "/settings/connections/default/metadata";
      const tag = (await callPlugin(following, place)).headers.get("etag") ?? "";
      const headers = { "If-Match": tag };
      const accepted = await callPlugin(following, `${place}/accept`, { method: "POST", headers });
      expect(accepted.status).to.equal(200);
      expect(await certificates()).to.have.lengthOf(1);
    } finally {
      idp.configure({});
      await following.stop();
    }
  });

  it("publishes the key to which an identity provider may encrypt", async () => {
    await connectOverHttp(platform, idp);
    const xml = await (await callPlugin(platform, "/metadata")).text();
    idp.configureWithMetadata(xml, { idp: { "assertion.encryption": true } });
    const visitor = makeVisitor();
    const form = visitor.response(
      await visitor.signIn(await visitor.open(platform.loginUrl), PEOPLE.alice),
    );
    const sent = Buffer.from(form.fields["SAMLResponse"] ?? "", "base64").toString("utf8");
    expect(sent).to.include("EncryptedAssertion");
    await visitor.send(form);
    expect(platform.sessions(), JSON.stringify(await platform.lastEntry())).to.have.lengthOf(1);
  });

  it("needs nothing else: the address is among the attributes that are sent anyway", async () => {
    await connectOverHttp(platform, idp, {
      email: { source: { kind: "attribute", name: "mail" }, allowedDomains: [] },
    });
    const xml = await (await callPlugin(platform, "/metadata")).text();
    // As it comes from Debian: nothing makes a NameID of the address.
    idp.configureWithMetadata(xml, { idp: { authproc: [] } });
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.alice);
    expect(platform.sessions()[0]?.user.email).to.equal("alice@customer.example");
    expect(platform.sessions()[0]?.session.nameId.format).to.include("transient");
  });
});
