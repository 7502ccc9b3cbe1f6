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

  before(async function () {
    this.timeout(120_000);
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

  it("signs users in at every step, also those who begin before a step and end after it", async () => {
    const waiting = makeVisitor();
    const begun = await waiting.open(platform.loginUrl);

    // Announced: the old key signs, both decrypt. The identity provider knows the old one only.
    await deploy([old, next]);
    expect(await encryptedTo(waiting, begun)).to.equal(pemBody(old.certificate));
    expect(await encryptedTo()).to.equal(pemBody(old.certificate));

    // The identity provider reads our metadata again; it verifies with either.
    await importOurMetadata();
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));

    // Changed: the new key signs, and nothing is done at the identity provider.
    const slow = makeVisitor();
    const before = await slow.open(platform.loginUrl);
    await deploy([next, old]);
    expect(await encryptedTo(slow, before)).to.equal(pemBody(next.certificate));
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));

    // Done: the old key is away.
    await deploy([next]);
    expect(await encryptedTo()).to.equal(pemBody(next.certificate));
  });

  it("is refused at the portal when the new key signs before the portal knows it", async () => {
    await deploy([next, old]);
    const visitor = makeVisitor();
    const page = await visitor.signIn(await visitor.open(platform.loginUrl), DWHO);
    expect(page.text).to.include('trmsg="57"').and.not.include("SAMLResponse");
  });
});

function keyPair(subject: string): Keys[number] {
  const { privateKey, certificate } = makeTestKey({ subject });
  return { privateKey, certificate };
}
