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
