import { constants, createPrivateKey, privateDecrypt, publicEncrypt } from "node:crypto";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Rejection } from "../../../src/domain/rejection.ts";
import type { IdentityPort, VerifiedAssertion } from "../../../src/ports/identity-port.ts";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { type DataCipher, encryptAssertion } from "../../../src/testing/signing-idp/encrypt-xml.ts";
import type { ResponseOptions } from "../../../src/testing/signing-idp.ts";
import { accepted, ask, idp, makeIdentity, refused, spKey, verify } from "./support/parties.ts";

const older = makeTestKey();
const stranger = makeTestKey();
const rotating = makeIdentity({ keys: [spKey, { ...older, use: "retiring" }] }).identity;
const keyless = makeIdentity({ keys: [] }).identity;

function encrypted(options: Partial<ResponseOptions> = {}): string {
  return idp.respond({ ...ask, encryptTo: spKey.certificate, ...options }).xml;
}

/** Changes the octets of a CipherValue: 0 is the key's, 1 the data's. */
function damaged(xml: string, which: 0 | 1, damage: (octets: Buffer) => Buffer): string {
  let index = 0;
  return xml.replace(/(<xenc:CipherValue>)([^<]*)/g, (whole, tag: string, value: string) => {
    const hit = index === which;
    index += 1;
    return hit ? tag + damage(Buffer.from(value, "base64")).toString("base64") : whole;
  });
}

const flipped =
  (at: number) =>
  (octets: Buffer): Buffer => {
    const changed = Buffer.from(octets);
    const index = at < 0 ? changed.length + at : at;
    changed[index] = (changed[index] ?? 0) ^ 1;
    return changed;
  };

/** Newer OpenSSL answers a wrong PKCS #1 v1.5 padding with a made-up key; older Node refuses it all. */
function decryptsRsa15(): boolean {
  const padding = constants.RSA_PKCS1_PADDING;
  try {
    const secret = publicEncrypt({ key: spKey.certificate, padding }, Buffer.from("x"));
    privateDecrypt({ key: createPrivateKey(spKey.privateKey), padding }, secret);
    return true;
  } catch {
    return false;
  }
}

const CIPHERS: readonly DataCipher[] = ["aes128-cbc", "aes256-cbc", "aes128-gcm", "aes256-gcm"];

describe("encrypted assertions", () => {
  for (const cipher of CIPHERS) {
    for (const sign of ["assertion", "response", "both"] as const) {
      it(`are read: ${cipher}, ${sign} signed`, async () => {
        const { claims, warnings } = accepted(
          await verify(encrypted({ sign, encryption: { cipher } })),
        );
        expect(claims.nameId.value).to.equal(ask.email);
        expect(warnings).to.deep.equal([]);
      });
    }
  }

  it("are read with the key beside the data", async () => {
    accepted(await verify(encrypted({ encryption: { encryptedKey: "sibling" } })));
  });

  it("name who still encrypts to a key that is being retired, once that is verified", async () => {
    const { identity, logged } = makeIdentity({ keys: [spKey, { ...older, use: "retiring" }] });
    const read = (xml: string) => verify(xml, { identity });
    expect(accepted(await read(encrypted())).warnings).to.deep.equal([]);
    const outdated = { encryptTo: older.certificate } as const;
    await read(encrypted({ ...outdated, audience: "https://other.example" }));
    await read(encrypted({ ...outdated, sign: "none" }));
    expect(logged).to.deep.equal([]);
    const { warnings } = accepted(await read(encrypted(outdated)));
    expect(warnings.map(({ code }) => code)).to.deep.equal(["old-certificate-used"]);
    expect(logged).to.deep.equal([{ event: "saml.retiring-key-used", issuer: idp.entityId }]);
  });

  it("are read with any of the service provider's keys, while they are rotated", async () => {
    for (const { certificate } of [spKey, older]) {
      accepted(await verify(encrypted({ encryptTo: certificate }), { identity: rotating }));
    }
    refused(
      await verify(encrypted({ encryptTo: stranger.certificate }), { identity: rotating }),
      "decryption-failed",
    );
  });

  it("are refused by name without a key", async () => {
    refused(await verify(encrypted(), { identity: keyless }), "decryption-key-missing");
  });

  it("are refused without any signature", async () => {
    refused(await verify(encrypted({ sign: "none" })), "decryption-failed");
  });

  it("with 3DES need the connection's consent, and warn", async () => {
    const xml = encrypted({ encryption: { cipher: "tripledes-cbc" } });
    expect(refused(await verify(xml), "algorithm-not-allowed").detail).to.include("triple-des");
    const { warnings } = accepted(
      await verify(xml, { connection: { weakAlgorithms: ["triple-des"] } }),
    );
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      "The message uses the weak algorithm tripledes-cbc.",
    ]);
  });

  it("with RSA 1.5 need the connection's consent, and a runtime that can", async () => {
    const xml = encrypted({ sign: "response", encryption: { keyTransport: "rsa-1_5" } });
    const consent = { connection: { weakAlgorithms: ["rsa-1_5"] } } as const;
    expect(refused(await verify(xml), "algorithm-not-allowed").detail).to.include("weakAlgorithms");
    const result = await verify(xml, consent);
    if (decryptsRsa15()) {
      expect(accepted(result).warnings.map(({ values }) => values)).to.deep.equal([
        { algorithm: "rsa-1_5" },
      ]);
    } else {
      expect(refused(result, "algorithm-not-allowed").detail).to.include("this runtime");
    }
  });

  it("with RSA 1.5 in a response that is not signed are never decrypted", async () => {
    const xml = encrypted({ encryption: { keyTransport: "rsa-1_5" } });
    const result = await verify(xml, { connection: { weakAlgorithms: ["rsa-1_5"] } });
    expect(refused(result, "algorithm-not-allowed").detail).to.include("not signed");
  });

  it("are read with RSA-OAEP of XML Encryption 1.1, which saml2-js does not know", async () => {
    for (const sign of ["assertion", "response", "both"] as const) {
      accepted(await verify(encrypted({ sign, encryption: { keyTransport: "rsa-oaep" } })));
    }
  });

  for (const [from, to] of [
    ["aes256-gcm", "aes192-gcm"],
    ["rsa-oaep-mgf1p", "rsa-oaep-mgf2"],
    ["http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5"],
  ] as const) {
    it(`are refused by name with ${to}`, async () => {
      refused(await verify(encrypted().replace(from, to)), "algorithm-not-allowed");
    });
  }
});

describe("what goes wrong while decrypting", () => {
  const answers = async (
    xml: string,
    identity?: IdentityPort,
  ): Promise<Rejection | VerifiedAssertion> =>
    verify(xml, identity === undefined ? {} : { identity });
  const cbc = encrypted({ encryption: { cipher: "aes128-cbc" } });
  const gcm = encrypted({ encryption: { cipher: "aes128-gcm" } });

  const details = new Set<string>();
  const FAILURES: Readonly<Record<string, string>> = {
    "another recipient": encrypted({ encryptTo: stranger.certificate }),
    "a damaged key": damaged(cbc, 0, flipped(20)),
    "a key of half the length": damaged(cbc, 0, (octets) => octets.subarray(128)),
    "a content key of another length": encrypted({
      encryption: { cipher: "aes128-cbc", key: Buffer.alloc(16) },
    }).replace("aes128-cbc", "aes256-cbc"),
    "a damaged last block: the padding": damaged(cbc, 1, flipped(-1)),
    "no whole number of blocks": damaged(cbc, 1, (octets) => octets.subarray(0, -1)),
    "an initialization vector only": damaged(cbc, 1, (octets) => octets.subarray(0, 16)),
    "half an initialization vector": damaged(cbc, 1, (octets) => octets.subarray(0, 8)),
    "a damaged GCM tag": damaged(gcm, 1, flipped(-1)),
    "damaged GCM data": damaged(gcm, 1, flipped(40)),
    "a shortened GCM tag": damaged(gcm, 1, (octets) => octets.subarray(0, -4)),
    "what is not signed": encrypted({ sign: "none" }),
    "what is no assertion": encrypted().replace(
      /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s,
      encryptAssertion("<a></a>", { to: spKey.certificate }),
    ),
    "what is no XML": encrypted().replace(
      /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s,
      encryptAssertion("x", { to: spKey.certificate }),
    ),
    "GCM data shorter than its tag": damaged(gcm, 1, (octets) => octets.subarray(0, 20)),
  };
  for (const [what, xml] of Object.entries(FAILURES)) {
    it(`is one and the same refusal: ${what}`, async () => {
      const { code, detail, authenticated } = (await answers(xml)) as Rejection;
      expect({ code, authenticated }).to.deep.equal({
        code: "decryption-failed",
        authenticated: false,
      });
      details.add(detail);
      expect([...details]).to.have.length(1);
    });
  }

  it("is distinguished if the response around it is signed: no one else could have sent it", async () => {
    const xml = encrypted({ sign: "response", encryptTo: stranger.certificate });
    expect(refused(await verify(xml), "decryption-failed").detail).to.include("old certificate");
  });
});
