import { spawnSync } from "node:child_process";
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
} from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { makeAlgorithmPolicy } from "../../../src/adapters/saml2-js/crypto/algorithms.ts";
import { attemptDecryption } from "../../../src/adapters/saml2-js/crypto/decrypt.ts";
import { encryptedForm } from "../../../src/adapters/saml2-js/crypto/encryption-structure.ts";
import { decodeOaep, type OaepHashes } from "../../../src/adapters/saml2-js/crypto/rsa-oaep.ts";
import { serviceProviderKeys } from "../../../src/adapters/saml2-js/crypto/service-provider-keys.ts";
import { readXml } from "../../../src/adapters/saml2-js/xml/read-xml.ts";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import {
  encryptAssertion,
  encryptOctets,
  wrapKey,
  type XmlEncryptionOptions,
} from "../../../src/testing/signing-idp/encrypt-xml.ts";
import { fuzzOaep } from "../../fuzz/oaep.ts";
import { accepted, ask, idp, makeIdentity, refused, spKey, verify } from "./support/parties.ts";

interface Vectors {
  readonly groups: readonly (OaepHashes & {
    readonly file: string;
    readonly privateKey: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly valid: boolean;
      readonly message: string;
      readonly ciphertext: string;
    }[];
  })[];
}

const VECTORS: Vectors = JSON.parse(
  readFileSync(new URL("support/oaep-vectors.json", import.meta.url), "utf8"),
);
const HASHES = ["sha1", "sha256", "sha384", "sha512"] as const;
const PAIRS: readonly OaepHashes[] = HASHES.flatMap((digest) =>
  HASHES.map((mask) => ({ digest, mask })),
);
const padding = constants.RSA_NO_PADDING;
const privateKey = createPrivateKey(spKey.privateKey);

describe("the decoder of RSA-OAEP", () => {
  for (const { file, digest, mask, privateKey: der, tests } of VECTORS.groups) {
    it(`agrees with Project Wycheproof: ${file}`, () => {
      const key = createPrivateKey({
        key: Buffer.from(der, "base64"),
        format: "der",
        type: "pkcs8",
      });
      const keys = [{ privateKey: key, certificate: "" }];
      for (const { tcId, comment, valid, message, ciphertext } of tests) {
        const encryptedKey = Buffer.from(ciphertext, "base64");
        let opened: Buffer | undefined;
        try {
          opened = decodeOaep(privateDecrypt({ key, padding }, encryptedKey), { digest, mask });
        } catch {
          opened = undefined;
        }
        if (valid) expect(opened?.toString("hex"), `${tcId} ${comment}`).to.equal(message);
        // With the length of the ciphertext, which the decoder does not see.
        const contentKey = Buffer.from(message, "hex");
        const form = {
          encryption: { name: "", cipher: "aes-128-gcm", keyOctets: 16, ivOctets: 12 },
          transport: { name: "", padding: "oaep" },
          oaep: { digest, mask },
          keyIsReferenced: true,
          recipient: undefined,
          encryptedKey,
          ciphertext: Buffer.from(
            encryptOctets(
              Buffer.from("x"),
              "aes128-gcm",
              contentKey.length === 16 ? contentKey : Buffer.alloc(16),
            ),
          ),
        } as const;
        const { sound } = attemptDecryption(form, keys);
        expect(sound, `${tcId} ${comment}`).to.equal(valid && contentKey.length === 16);
        if (!valid && encryptedKey.length === 256) {
          expect(opened, `${tcId} ${comment}`).to.equal(undefined);
        }
      }
    });
  }

  for (const pair of PAIRS) {
    const { digest, mask } = pair;
    it(`opens what the signing identity provider encrypts: ${digest}, ${mask}`, () => {
      for (const length of [0, 16, 24, 32, 256 - 2 * 64 - 2]) {
        const message = Buffer.alloc(length, 7);
        const secret = Buffer.from(wrapKey(message, spKey.certificate, "rsa-oaep", pair));
        const raw = privateDecrypt({ key: privateKey, padding }, secret);
        const opened = decodeOaep(raw, pair);
        expect(opened?.equals(message), String(length)).to.equal(true);
        for (const other of PAIRS.filter((one) => one !== pair)) {
          expect(decodeOaep(raw, other)).to.equal(undefined);
        }
      }
    });
  }

  for (const hash of HASHES) {
    it(`opens what node:crypto encrypts: ${hash}`, () => {
      const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash };
      const key = createPublicKey(spKey.certificate);
      for (let times = 0; times < 20; times += 1) {
        const message = Buffer.alloc(times, times);
        const secret = publicEncrypt({ key, ...oaep }, message);
        const raw = privateDecrypt({ key: privateKey, padding }, secret);
        expect(decodeOaep(raw, { digest: hash, mask: hash })?.equals(message)).to.equal(true);
        expect(privateDecrypt({ key: privateKey, ...oaep }, secret).equals(message)).to.equal(true);
      }
    });
  }

  it("refuses a label", () => {
    const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    const secret = publicEncrypt(
      { key: createPublicKey(spKey.certificate), ...oaep, oaepLabel: Buffer.from("x") },
      Buffer.alloc(16),
    );
    const raw = privateDecrypt({ key: privateKey, padding }, secret);
    expect(decodeOaep(raw, { digest: "sha256", mask: "sha256" })).to.equal(undefined);
  });

  it("reads random and damaged encodings as RFC 8017 says", () => {
    const { runs, opened, findings } = fuzzOaep(1, (done) => done < 3000);
    expect(findings).to.deep.equal([]);
    expect(opened).to.be.within(runs / 10, (runs * 9) / 10);
  });
});

describe("the decoder of RSA-OAEP, beside the openssl command", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "oaep-"));
    writeFileSync(join(folder, "key.pem"), spKey.privateKey);
    writeFileSync(join(folder, "message"), "sixteen octets!!");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("opens what it encrypts with any two hashes", () => {
    for (const { digest, mask } of PAIRS) {
      const options = [
        "rsa_padding_mode:oaep",
        `rsa_oaep_md:${digest}`,
        `rsa_mgf1_md:${mask}`,
      ].flatMap((option) => ["-pkeyopt", option]);
      const { status, stdout, stderr } = spawnSync("openssl", [
        "pkeyutl",
        "-encrypt",
        "-inkey",
        join(folder, "key.pem"),
        "-in",
        join(folder, "message"),
        ...options,
      ]);
      expect(status, stderr?.toString()).to.equal(0);
      const raw = privateDecrypt({ key: privateKey, padding }, stdout);
      expect(decodeOaep(raw, { digest, mask })?.toString()).to.equal("sixteen octets!!");
    }
  });
});

describe("assertions whose key is encrypted with RSA-OAEP", () => {
  const encrypted = (
    encryption: Partial<XmlEncryptionOptions>,
    sign: "assertion" | "response" | "both" = "assertion",
  ): string => idp.respond({ ...ask, sign, encryptTo: spKey.certificate, encryption }).xml;

  for (const oaep of PAIRS) {
    it(`are read: XML Encryption 1.1, ${oaep.digest} and ${oaep.mask}`, async () => {
      for (const sign of ["assertion", "response", "both"] as const) {
        accepted(await verify(encrypted({ keyTransport: "rsa-oaep", oaep }, sign)));
      }
    });
  }

  for (const digest of HASHES) {
    it(`are read: rsa-oaep-mgf1p, whose mask is SHA-1, and ${digest}`, async () => {
      for (const sign of ["assertion", "response", "both"] as const) {
        accepted(await verify(encrypted({ oaep: { digest, mask: "sha1" } }, sign)));
      }
    });
  }

  it("are refused with a label, and the reason says so", async () => {
    const xml = encrypted({}).replace(
      /(<xenc:EncryptionMethod [^>]*oaep[^>]*>)/,
      "$1<xenc:OAEPparams>eA==</xenc:OAEPparams>",
    );
    expect(refused(await verify(xml), "algorithm-not-allowed").detail).to.include("label");
  });
});

describe("private keys of the service provider", () => {
  const older = makeTestKey();
  const keys = serviceProviderKeys([spKey, { ...older, use: "retiring" }]).all;
  const key = Buffer.alloc(16, 7);
  const cbc = { cipher: "aes128-cbc", key } as const;

  /** What the ways of failing look like: each encrypted to the first or the second key. */
  const WAYS: Readonly<Record<string, (to: string) => string>> = {
    success: (to) => encryptAssertion("<a></a>", { to, ...cbc }),
    "wrong padding": (to) => withData(encryptAssertion("<a></a>", { to, ...cbc }), 64),
    "no whole blocks": (to) => withData(encryptAssertion("<a></a>", { to, ...cbc }), 63),
    "a content key of another length": (to) =>
      encryptAssertion("<a></a>", { to, ...cbc }).replace("aes128-cbc", "aes256-cbc"),
    "a wrong tag": (to) => withData(encryptAssertion("<a></a>", { to, cipher: "aes128-gcm" }), 64),
    "no XML": (to) => encryptAssertion("hello", { to, ...cbc }),
    "an OAEP that does not open": () =>
      encryptAssertion("<a></a>", { to: makeTestKey().certificate, ...cbc }),
  };

  function withData(xml: string, length: number): string {
    return xml.replace(
      /(<xenc:CipherValue>)[^<]*(?=<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
      (_, before: string) => before + Buffer.alloc(length, 3).toString("base64"),
    );
  }

  it("open nothing of another length than the modulus, and fail alike", () => {
    const larger = generateKeyPairSync("rsa", { modulusLength: 3072 });
    const sizes = [...keys, { privateKey: larger.privateKey, certificate: "" }];
    const publicKey = larger.publicKey.export({ type: "spki", format: "pem" }).toString();
    const formOf = (to: string) =>
      encryptedForm(readXml(encryptAssertion("<a></a>", { to, ...cbc })), makeAlgorithmPolicy([]), {
        authentic: false,
      });
    for (const to of [spKey.certificate, older.certificate, publicKey]) {
      const form = formOf(to);
      expect(attemptDecryption(form, sizes).sound, "its own length").to.equal(true);
      const { encryptedKey } = form;
      for (const octets of [
        encryptedKey.subarray(1),
        encryptedKey.subarray(0, -1),
        Buffer.concat([Uint8Array.of(0), encryptedKey]),
        Buffer.concat([encryptedKey, Uint8Array.of(0)]),
        Buffer.alloc(1),
        Buffer.alloc(encryptedKey.length),
        Buffer.alloc(encryptedKey.length, 0xff),
        Buffer.alloc(1024, 1),
      ]) {
        let operations = 0;
        const { sound } = attemptDecryption(
          { ...form, encryptedKey: octets },
          sizes,
          (one, value) => {
            operations += 1;
            return privateDecrypt({ key: one, padding }, value);
          },
        );
        expect([sound, operations]).to.deep.equal([false, sizes.length]);
      }
    }
  });

  for (const [way, encrypt] of Object.entries(WAYS)) {
    it(`are each used once, whatever comes of it: ${way}`, () => {
      for (const { certificate } of [spKey, older]) {
        const form = encryptedForm(readXml(encrypt(certificate)), makeAlgorithmPolicy([]), {
          authentic: false,
        });
        let operations = 0;
        attemptDecryption(form, keys, (one, octets) => {
          operations += 1;
          return privateDecrypt({ key: one, padding }, octets);
        });
        expect(operations).to.equal(2);
      }
    });

    it(`give one and the same refusal, whichever fits: ${way}`, async () => {
      const { identity } = makeIdentity({ keys: [spKey, { ...older, use: "retiring" }] });
      for (const { certificate } of [spKey, older]) {
        const { xml } = idp.respond({ ...ask, encryptTo: certificate });
        const sent = xml.replace(
          /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s,
          encrypt(certificate),
        );
        expect(await verify(sent, { identity })).to.deep.equal({
          kind: "rejected",
          code: "decryption-failed",
          cause: "unsigned",
          authenticated: false,
          detail:
            "the encrypted assertion cannot be used: it is encrypted for another key or not signed as required",
        });
      }
    });
  }
});
