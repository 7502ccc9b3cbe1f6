import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import {
  type CertificateFacts,
  type CertificateFinding,
  certificateFault,
  issuersIn,
  NOT_A_CERTIFICATE,
} from "../../../domain/certificate-rules.ts";
import { defined } from "../../../domain/defined.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import { worded } from "../../../domain/texts/faults.ts";
import { refuse } from "../rejection-error.ts";
import { strictBase64 } from "../wire/lexical-forms.ts";
import { NS } from "../xml/names.ts";
import { childrenNamed, textOf, type XmlElement } from "../xml/tree.ts";

/** A certificate of the connection, ready to verify with. */
export interface VerificationKey {
  readonly key: KeyObject;
  readonly keyType: "rsa" | "ec";
  readonly fingerprint: string;
  readonly certificate: X509Certificate;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Parses a certificate (PEM or Base64 of DER); `undefined` if it is invalid. */
export function inspectCertificate(text: string): CertificateFacts | undefined {
  const certificate = parseCertificate(text);
  return certificate === undefined ? undefined : factsOf(certificate);
}

/** What to take of the certificates of one X509Data. */
interface CertificateOfKey {
  /** Text of the certificate to verify with; absent if there is none. */
  readonly own: string | undefined;
  readonly leftOut: readonly LeftOut[];
}

/** A certificate that is not taken, and why. */
interface LeftOut extends CertificateFinding {
  readonly index: number;
  /** Absent if it cannot be read. */
  readonly subject?: string;
}

/**
 * Certificates of one X509Data belong to one key (XML Signature section 4.5.4): the key's own, and
 * its issuers, which sign no messages. Their order is open, so it is the first that is named as the
 * issuer of none of the others, and no authority's if there is a choice. One that cannot be read
 * hides no other.
 */
export function certificateOfKey(texts: readonly string[]): CertificateOfKey {
  const all = texts.map((text, index) => {
    const certificate = parseCertificate(text);
    const facts = certificate === undefined ? undefined : factsOf(certificate);
    const fault = certificateFault(facts);
    return { text, index, facts, fault, isAuthority: facts?.authority === true };
  });
  const issuers = issuersIn(all.map(({ facts }) => facts));
  const usable = all.filter(({ index, fault }) => fault === undefined && !issuers.has(index));
  const own = usable.find(({ isAuthority }) => !isAuthority) ?? usable[0];
  const leftOut = all
    .filter((one) => one !== own && !isSame(one.facts, own?.facts))
    .map(({ index, facts, fault }) => ({
      index,
      ...(facts === undefined ? {} : { subject: facts.subject }),
      ...(fault ?? NOT_OF_KEY),
    }));
  return { own: own?.text, leftOut };
}

function isSame(one: CertificateFacts | undefined, other: CertificateFacts | undefined): boolean {
  return one !== undefined && one.fingerprint === other?.fingerprint;
}

const NOT_OF_KEY: CertificateFinding = worded("certificate-of-issuer:key");

/** Gives the certificates of a connection that can verify. */
export type VerificationKeys = (connection: IdentityProvider) => readonly VerificationKey[];

/** Parsing a certificate costs several times what verifying with it does. */
const MAX_KEYS_KEPT = 1000;

/**
 * Creates {@link VerificationKeys}. Broken certificates, and those of weak keys, are skipped, so that
 * a valid one next to them works. Keys are cached by the text of the certificate, so that a saved
 * connection takes effect immediately.
 *
 * The result throws RejectionError `no-usable-certificate` if no certificate remains.
 */
export function makeVerificationKeys(): VerificationKeys {
  const kept = new Map<string, VerificationKey | CertificateFinding>();
  const keyOf = (text: string): VerificationKey | CertificateFinding => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size >= MAX_KEYS_KEPT) kept.clear();
    const made = verificationKey(text);
    kept.set(text, made);
    return made;
  };
  return ({ certificates }) => {
    const all = certificates.map(keyOf);
    const keys = all.filter((key) => "key" in key);
    if (keys.length > 0) return keys;
    const reasons = all.flatMap((one, index) =>
      "code" in one ? [`; certificate ${index + 1}: ${one.message}`] : [],
    );
    return refuse(
      "no-usable-certificate",
      `the connection has no certificate that can verify a signature${reasons.join("")}`,
    );
  };
}

function verificationKey(text: string): VerificationKey | CertificateFinding {
  const certificate = parseCertificate(text);
  if (certificate === undefined) return NOT_A_CERTIFICATE;
  const facts = factsOf(certificate);
  const { keyType, fingerprint, notBefore, notAfter } = facts;
  const weak = certificateFault(facts);
  if (weak !== undefined || keyType === "other") return weak ?? NOT_A_CERTIFICATE;
  return {
    key: certificate.publicKey,
    keyType,
    fingerprint,
    certificate,
    notBefore,
    notAfter,
  };
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { asymmetricKeyType, asymmetricKeyDetails = {} } = certificate.publicKey;
  const { modulusLength, publicExponent, namedCurve } = asymmetricKeyDetails;
  const exponent = Number(publicExponent);
  return {
    subject: certificate.subject ?? "",
    issuer: certificate.issuer ?? "",
    fingerprint: certificate.fingerprint256,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    keyType:
      asymmetricKeyType === "rsa" || asymmetricKeyType === "ec" ? asymmetricKeyType : "other",
    ...defined({ keyBits: modulusLength }),
    ...(Number.isSafeInteger(exponent) ? { keyExponent: exponent } : {}),
    ...(namedCurve === undefined ? {} : { curve: CURVE_NAMES.get(namedCurve) ?? namedCurve }),
    ...(certificate.ca ? { authority: true } : {}),
  };
}

/** OpenSSL's names of the curves that have one of NIST's. */
const CURVE_NAMES: ReadonlyMap<string, string> = new Map([
  ["prime256v1", "P-256"],
  ["secp384r1", "P-384"],
  ["secp521r1", "P-521"],
]);

function parseCertificate(text: string): X509Certificate | undefined {
  try {
    const base64 = base64In(text);
    const certificate = new X509Certificate(pemOf(base64));
    const { publicKey, validFrom, validTo } = certificate;
    // Node accepts invalid times; comparisons with them would always succeed.
    if ([validFrom, validTo].some((time) => Number.isNaN(Date.parse(time)))) return undefined;
    if (!isOneElement(Buffer.from(base64, "base64"))) return undefined;
    // Reading the key fails for a damaged certificate.
    return publicKey.type === "public" ? certificate : undefined;
  } catch {
    return undefined;
  }
}

const PEM = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/;

/** Whether nothing follows the first element in DER (X.690 section 8.1.3): parsers ignore the rest. */
function isOneElement(octets: Buffer): boolean {
  const first = octets.readUInt8(1);
  if (first < 0x80) return octets.length === 2 + first;
  const count = first - 0x80;
  return octets.length === 2 + count + octets.readUIntBE(2, count);
}

/** What stands between the first armor, or everything, without white space. */
function base64In(text: string): string {
  return (PEM.exec(text)?.[1] ?? text).replace(/\s+/g, "");
}

/** With line breaks where OpenSSL wants them, however the certificate was pasted. */
function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/**
 * SHA-256 fingerprint of the first certificate in the KeyInfo of a signature or an encrypted key.
 * Anybody may have written it: it is shown to administrators, and nothing is verified with it.
 */
export function namedCertificate(element: XmlElement): string | undefined {
  const [certificate] = childrenNamed(element, NS.ds, "KeyInfo")
    .flatMap((keyInfo) => childrenNamed(keyInfo, NS.ds, "X509Data"))
    .flatMap((data) => childrenNamed(data, NS.ds, "X509Certificate"));
  return certificate === undefined ? undefined : fingerprint(textOf(certificate) ?? "");
}

/** The fingerprint of a certificate in Base64, as `X509Certificate.fingerprint256` writes it. */
export function fingerprint(base64: string): string | undefined {
  const octets = strictBase64(base64);
  if (octets === undefined) return undefined;
  const hex = createHash("sha256").update(octets).digest("hex").toUpperCase();
  return hex.match(/../g)?.join(":");
}

/** Fingerprints for display; there are few, but a connection may have more than fit. */
export function fingerprintList(fingerprints: readonly string[]): string {
  const [first, second, third, ...more] = fingerprints;
  const shown = [first, second, third].filter((one) => one !== undefined).join(" or ");
  return more.length === 0 ? shown : `${shown} or ${more.length} others`;
}
