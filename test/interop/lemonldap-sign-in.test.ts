import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { makeTestKey, pemBody } from "../../src/testing/signing-idp/certificate.ts";
import {
  DWHO,
  type LemonLdap,
  type LemonLdapOptions,
  RTYLER,
  startLemonLdap,
} from "./support/lemonldap.ts";
import { type Platform, startPlatform } from "./support/platform.ts";
import { connectOverHttp } from "./support/settings-api.ts";
import { makeVisitor, type Visitor } from "./support/visitor.ts";

/** Each side knows the other by its metadata only; every login request must be signed. */
describe("signing in from LemonLDAP::NG", () => {
  let idp: LemonLdap;
  let platform: Platform;

  before(async () => {
    idp = await startLemonLdap();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
    await connectOverHttp(platform, idp);
    await idp.register(await platform.metadata());
  });
  afterEach(() => platform.stop());

  const users = () => platform.host.memory.usersOf(platform.host.tenant);

  /** The response as it is sent, unsent. */
  async function responseFor(visitor: Visitor) {
    const page = await visitor.signIn(await visitor.open(platform.loginUrl), DWHO);
    const form = visitor.response(page);
    const xml = Buffer.from(form.fields["SAMLResponse"] ?? "", "base64").toString("utf8");
    return { form, xml };
  }

  it("creates a user who began here", async () => {
    const page = await makeVisitor().arrive(`${platform.loginUrl}?returnTo=/reports`, DWHO);
    expect(page.url).to.equal(`${platform.host.baseUrl}/reports`);
    const [user, ...others] = users();
    expect(others).to.deep.equal([]);
    expect(user).to.include({ email: "dwho@badwolf.org", role: "lite" });
    const { outcome, detail } = await platform.lastEntry();
    expect(outcome).to.equal("provisioned");
    expect(detail).to.include({ begun: "here", issuer: idp.entityId });
  });

  it("creates a user who began at the portal", async () => {
    const page = await makeVisitor().arrive(idp.tileUrl(platform.entityId, "/reports"), RTYLER);
    expect(page.url).to.equal(`${platform.host.baseUrl}/reports`);
    expect(users().map(({ email }) => email)).to.deep.equal(["rtyler@badwolf.org"]);
    expect((await platform.lastEntry()).detail).to.include({ begun: "at the identity provider" });
  });

  it("signs the same user in again and changes nothing", async () => {
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, DWHO);
    const [before] = users();
    await visitor.arrive(platform.loginUrl, DWHO);
    await visitor.arrive(idp.tileUrl(platform.entityId), DWHO);
    expect(users()).to.deep.equal([before]);
    expect(platform.sessions().map(({ outcome }) => outcome)).to.deep.equal([
      "provisioned",
      "signed-in",
      "signed-in",
    ]);
  });

  it("needs signed login requests", async () => {
    await platform.connect(idp, { connection: { signRequests: false } });
    const visitor = makeVisitor();
    const refused = await visitor.signIn(await visitor.open(platform.loginUrl), DWHO);
    // PE_SAML_SIGNATURE_ERROR, in words that its page fetches.
    expect(refused.text).to.include('trmsg="57"').and.not.include("SAMLResponse");
    await platform.connect(idp);
    await makeVisitor().arrive(platform.loginUrl, DWHO);
    expect(platform.sessions()).to.have.lengthOf(1);
  });

  it("reads an assertion that is encrypted to our certificate", async () => {
    await idp.register(await platform.metadata(), { EncryptionMode: "assertion" });
    const visitor = makeVisitor();
    const { form, xml } = await responseFor(visitor);
    expect(xml).to.include("EncryptedAssertion").and.not.include("dwho@badwolf.org");
    await visitor.send(form);
    expect(users().map(({ email }) => email)).to.deep.equal(["dwho@badwolf.org"]);
    expect((await platform.lastEntry()).detail).to.not.have.property("warnings");
  });

  it("finds address and name where the guide says, with a transient NameID", async () => {
    await connectOverHttp(platform, idp, {
      email: { source: { kind: "attribute", name: "mail" }, allowedDomains: [] },
      profile: { displayName: "displayName", firstName: "givenName", lastName: "sn" },
    });
    await idp.register(await platform.metadata(), { NameIDFormat: "transient" });
    await makeVisitor().arrive(platform.loginUrl, DWHO);
    expect(platform.sessions()[0]?.session.nameId.format).to.include("transient");
    expect(users()[0]).to.deep.include({
      email: "dwho@badwolf.org",
      profile: { displayName: "Doctor Who", firstName: "Doctor", lastName: "Who" },
    });
  });

  it("finds the address in its attribute where the NameID is empty", async () => {
    await idp.register(await platform.metadata(), { NameIDFormat: "unspecified" });
    const visitor = makeVisitor();
    const { form, xml } = await responseFor(visitor);
    expect(xml).to.match(/<saml:NameID[^>]*(?:\/>|><\/saml:NameID>)/);
    await visitor.send(form);
    expect(users().map(({ email }) => email)).to.deep.equal(["dwho@badwolf.org"]);
    expect(platform.sessions()[0]?.session.nameId.value).to.equal("");
  });

  describe("set up wrongly, as its guide lists", () => {
    const mistakes: readonly (readonly [code: string, options: LemonLdapOptions])[] = [
      ["algorithm-not-allowed", { SignatureMethod: "RSA_SHA1" }],
    ];
    for (const [code, options] of mistakes) {
      it(`is refused with ${code}: ${JSON.stringify(options)}`, async () => {
        await idp.register(await platform.metadata(), options);
        await makeVisitor().arrive(platform.loginUrl, DWHO);
        expect(await platform.lastEntry()).to.include({ code });
      });
    }

    it("is refused with decryption-failed when it has a key that we had before", async () => {
      const { certificate } = makeTestKey({ subject: "an old key" });
      const metadata = await platform.metadata();
      const old = metadata.replaceAll(pemBody(platform.certificate), pemBody(certificate));
      expect(old).to.not.equal(metadata);
      await idp.register(old, { EncryptionMode: "assertion" });
      await makeVisitor().arrive(idp.tileUrl(platform.entityId), DWHO);
      expect(await platform.lastEntry()).to.include({ code: "decryption-failed" });
    });
  });
});
