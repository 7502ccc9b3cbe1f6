import { createHash } from "node:crypto";
import { certify, pemBody } from "../../../src/testing/signing-idp/certificate.ts";
import { element } from "../../../src/testing/signing-idp/xml-text.ts";
import { exponentOne } from "../../support/weak-keys.ts";
import { type Attack, afterSigning, over } from "../support/attack.ts";
import { type Base, type Edit, type Stages, swap } from "../support/build.ts";
import { early, expired, foreignIdp, idp, malloryKey, p256 } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-assertion"];
const FEWER: readonly Base[] = ["assertion", "response"];

function keyOf(key: { privateKey: string; certificate: string }): Stages {
  return { signature: { privateKey: key.privateKey, certificate: key.certificate } };
}

const VALUE = /<ds:SignatureValue>([^<]*)<\/ds:SignatureValue>/;

function signatureValue(change: (value: string) => string): (base: Base) => Stages {
  const edit: Edit = (xml) => {
    const value = VALUE.exec(xml)?.[1] ?? "";
    return swap(VALUE, `<ds:SignatureValue>${change(value)}</ds:SignatureValue>`)(xml);
  };
  return afterSigning(edit);
}

function flipped(value: string): string {
  const octets = Buffer.from(value, "base64");
  octets[7] = (octets[7] ?? 0) ^ 1;
  return octets.toString("base64");
}

const KEY_INFO = /<ds:KeyInfo>.*?<\/ds:KeyInfo>/s;
const inKeyInfo = (content: string): Edit => swap(KEY_INFO, element("ds:KeyInfo", {}, content));
const KEY_VALUE =
  "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>";

const SHA256_DIGEST_INFO = "3031300d060960864801650304020105000420";

/** With the public exponent 1, the padded digest is its own signature: nobody needs a private key. */
function signedByNobody(base: Base): Stages {
  let padded = Buffer.alloc(0);
  const editSignedInfo: Edit = (signedInfo) => {
    const digest = createHash("sha256").update(signedInfo).digest();
    const info = Buffer.concat([Buffer.from(SHA256_DIGEST_INFO, "hex"), digest]);
    const head = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(253 - info.length, 0xff)]);
    padded = Buffer.concat([head, Buffer.of(0), info]);
    return signedInfo;
  };
  const forged: Edit = (xml) =>
    swap(VALUE, `<ds:SignatureValue>${padded.toString("base64")}</ds:SignatureValue>`)(xml);
  return { signature: { ...malloryKey, editSignedInfo }, ...afterSigning(forged)(base) };
}

const exponentOneCertificate = certify(exponentOne(malloryKey), malloryKey);

/** Signatures by keys that the connection does not hold, and values that are no signatures. */
export const keys: readonly Attack[] = [
  ...over("key: Mallory's, embedded in KeyInfo", "signature-invalid", keyOf(malloryKey), BASES),
  ...over(
    "key: Mallory's, under the identity provider's certificate",
    "signature-invalid",
    { signature: { privateKey: malloryKey.privateKey, certificate: idp.certificate } },
    BASES,
  ),
  ...over(
    "key: another tenant's identity provider's",
    "signature-invalid",
    keyOf(foreignIdp.key),
    BASES,
  ),
  ...over(
    "key: another tenant's, with its own issuer",
    ["signature-invalid", "issuer-mismatch"],
    {
      ...keyOf(foreignIdp.key),
      content: { issuer: foreignIdp.entityId },
      responseContent: { issuer: foreignIdp.entityId },
    },
    BASES,
  ),
  ...over(
    "key: Mallory's signs the response, the identity provider's the assertion",
    "signature-invalid",
    { ...keyOf(malloryKey), assertionSignature: { privateKey: idp.key.privateKey } },
    ["both", "encrypted-both"],
  ),
  ...over(
    "key: Mallory's signs the assertion, the identity provider's the response",
    "signature-invalid",
    { assertionSignature: { privateKey: malloryKey.privateKey } },
    ["both", "encrypted-both"],
  ),
  ...over(
    "key: an elliptic one of somebody else",
    "signature-invalid",
    { signature: { privateKey: p256.key.privateKey, algorithm: "ecdsa-sha256" } },
    BASES,
  ),
  ...over(
    "key: its value beside the certificate",
    "signature-invalid",
    (base) => ({
      ...keyOf(malloryKey),
      ...afterSigning(inKeyInfo(KEY_VALUE))(base),
    }),
    FEWER,
  ),
  ...over(
    "key: to be fetched from the web",
    "signature-invalid",
    (base) => ({
      ...keyOf(malloryKey),
      ...afterSigning(
        inKeyInfo('<ds:RetrievalMethod URI="http://attacker.example/key"></ds:RetrievalMethod>'),
      )(base),
    }),
    FEWER,
  ),
  ...over("key: its certificate has expired", "certificate-expired", {}, BASES, {
    connection: { certificates: [expired.certificate] },
  }),
  ...over("key: its certificate is not valid yet", "certificate-expired", {}, BASES, {
    connection: { certificates: [early.certificate] },
  }),
  ...over("key: no certificate can be used", "no-usable-certificate", {}, FEWER, {
    connection: { certificates: ["garbage", pemBody(idp.certificate).slice(0, 200)] },
  }),
  ...over("key: a certificate's public exponent is 1", "signature-invalid", signedByNobody, FEWER, {
    connection: { certificates: [idp.certificate, exponentOneCertificate] },
  }),
  ...over("key: the only certificate's is 1", "no-usable-certificate", signedByNobody, FEWER, {
    connection: { certificates: [exponentOneCertificate] },
  }),
  ...over("key: there is no certificate", "no-usable-certificate", {}, FEWER, {
    connection: { certificates: [] },
  }),
  ...over("signature value: one bit flipped", "signature-invalid", signatureValue(flipped), BASES),
  ...over(
    "signature value: cut short",
    ["signature-invalid", "signature-structure-invalid"],
    signatureValue((value) => value.slice(0, 64)),
    BASES,
  ),
  ...over(
    "signature value: empty",
    "signature-structure-invalid",
    signatureValue(() => ""),
    BASES,
  ),
  ...over(
    "signature value: no base64",
    "signature-structure-invalid",
    signatureValue((value) => `!${value.slice(1)}`),
    BASES,
  ),
  ...over(
    "signature value: all zero",
    "signature-invalid",
    signatureValue(() => Buffer.alloc(256).toString("base64")),
    FEWER,
  ),
  ...over(
    "signature value: one",
    "signature-invalid",
    signatureValue(() => Buffer.concat([Buffer.alloc(255), Buffer.from([1])]).toString("base64")),
    FEWER,
  ),
  ...over(
    "signature value: elliptic, all zero",
    "signature-invalid",
    (base) => ({
      signature: { privateKey: p256.key.privateKey, algorithm: "ecdsa-sha256" },
      ...signatureValue(() => Buffer.alloc(64).toString("base64"))(base),
    }),
    FEWER,
    { connection: { certificates: [p256.certificate] } },
  ),
];
