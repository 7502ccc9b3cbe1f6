import { createServer } from "node:http";
import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { makeTestKey, pemBody } from "../../src/testing/signing-idp/certificate.ts";
import { DWHO, type LemonLdap, startLemonLdap } from "./support/lemonldap.ts";
import { type Platform, type PlatformOptions, startPlatform } from "./support/platform.ts";
import { makeVisitor, type Page, type Visitor } from "./support/visitor.ts";

type Keys = NonNullable<PlatformOptions["keys"]>;

/** LemonLDAP::NG verifies our requests and encrypts to us: both depend on the metadata that it has. */
describe("changing our key with LemonLDAP::NG", () => {
  const old = keyPair("our old key");
  const next = keyPair("our next key");
  let idp: LemonLdap;
  let platform: Platform;
  let server: ReturnType<typeof createServer>;

  before(async () => {
    idp = await startLemonLdap();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    server = createServer();
    await deploy([old]);
    await importOurMetadata();
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The platform again, at the same address, with these keys. */
  async function deploy(keys: Keys): Promise<void> {
    platform = await startPlatform({ keys, server });
    await platform.connect(idp);
  }

  async function importOurMetadata(): Promise<void> {
    await idp.register(await platform.metadata(), { EncryptionMode: "assertion" });
  }

  /** Signs in with an encrypted assertion; gives the body of the certificate that it was encrypted to. */
  async function encryptedTo(
    visitor: Visitor = makeVisitor(),
    begun?: Page,
  ): Promise<string | undefined> {
    const page = begun ?? (await visitor.open(platform.loginUrl));
    const form = visitor.response(await visitor.signIn(page, DWHO));
    await visitor.send(form);
    expect((await platform.lastEntry()).code).to.equal(undefined);
    expect(platform.sessions()).to.not.deep.equal([]);
    const xml = Buffer.from(form.fields["SAMLResponse"] ?? "", "base64").toString("utf8");
    return /<X509Certificate>([^<]+)</.exec(xml)?.[1]?.replace(/\s/g, "");
  }

  /** Signs in, then out: the portal verifies our LogoutRequest, and we its answer. */
  async function signsOutThere(): Promise<void> {
    const visitor = makeVisitor();
    await encryptedTo(visitor);
    const { url } = await visitor.send({ action: platform.logoutUrl, fields: {} });
    expect(url).to.equal(`${new URL(platform.loginUrl).origin}/`);
    expect((await platform.lastEntry()).outcome).to.equal("logged-out");
  }

  it("signs users in at every step, also those who begin before a step and end after it", async () => {
    const slow = makeVisitor();
    const begun = await slow.open(platform.loginUrl);

    // 1. Announced: the old key signs, both decrypt. The identity provider knows the old one only.
    await deploy([old, { ...next, use: "next" }]);
    expect(await encryptedTo(slow, begun)).to.equal(pemBody(old.certificate));
    expect(await encryptedTo()).to.equal(pemBody(old.certificate));
    await signsOutThere();

    // 2. The identity provider reads our metadata, once: it verifies with either.
    const reader = makeVisitor();
    const before = await reader.open(platform.loginUrl);
    await importOurMetadata();
    expect(await encryptedTo(reader, before)).to.equal(pemBody(next.certificate));
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));
    await signsOutThere();

    // 3. Changed: the new key signs, and nothing is done at the identity provider.
    const late = makeVisitor();
    const signedByOld = await late.open(platform.loginUrl);
    await deploy([next, { ...old, use: "retiring" }]);
    expect(await encryptedTo(late, signedByOld)).to.equal(pemBody(next.certificate));
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));
    await signsOutThere();

    // Reading the metadata in this step does no harm.
    await importOurMetadata();
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));

    // 4. Done: the old key is removed.
    await deploy([next]);
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));
    await signsOutThere();
  });

  it("can be taken back at every step", async () => {
    await deploy([old, { ...next, use: "next" }]);
    await importOurMetadata();
    await deploy([next, { ...old, use: "retiring" }]);
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));
    await deploy([old, { ...next, use: "next" }]);
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));
    await signsOutThere();
  });

  it("still signs users in where the metadata was not read, until the new key signs", async () => {
    await deploy([old, { ...next, use: "next" }]);
    expect(await encryptedTo()).to.equal(pemBody(old.certificate));
    await deploy([next, { ...old, use: "retiring" }]);
    const visitor = makeVisitor();
    const page = await visitor.signIn(await visitor.open(platform.loginUrl), DWHO);
    expect(page.text).to.include('trmsg="57"').and.not.include("SAMLResponse");
  });
});

function keyPair(subject: string): Keys[number] {
  const { privateKey, certificate } = makeTestKey({ subject });
  return { privateKey, certificate };
}
