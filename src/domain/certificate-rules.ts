import type { IdentityProvider } from "./settings.ts";
import { type Worded, worded } from "./texts/faults.ts";

/** Facts about a certificate. */
export interface CertificateFacts {
  /** Distinguished name. */
  readonly subject: string;
  /** Distinguished name of the issuer; its own in a self-signed certificate. */
  readonly issuer: string;
  /** SHA-256 of the DER form, upper-case hex in pairs. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** Type of the public key. */
  readonly keyType: "rsa" | "ec" | "other";
  /** Length of an RSA modulus in bits. */
  readonly keyBits?: number;
  /** Public exponent of an RSA key; absent above 2^53. */
  readonly keyExponent?: number;
  /** Curve of an EC key: `P-256`, or OpenSSL's name of others; absent if it has no name. */
  readonly curve?: string;
  /**
   * Whether it says that its key issues certificates (RFC 5280 section 4.2.1.9), as many self-signed
   * ones do. Default: false.
   */
  readonly authority?: true;
}

/** A fault or warning of a certificate. */
export type CertificateFinding = Worded;

const MIN_RSA_BITS = 2048;
/** FIPS 186-5 section A.1.1 demands an odd exponent above 2^16; with 1, anybody can sign. */
const MIN_RSA_EXPONENT = 65_537;
const CURVES: readonly string[] = ["P-256", "P-384", "P-521"];
const EXPIRY_WARNING_MS = 30 * 24 * 3600 * 1000;

/** The fault of a text that cannot be read. */
export const NOT_A_CERTIFICATE: CertificateFinding = worded("certificate-invalid");

/** Why a certificate cannot be used; `undefined` if it can. */
export function certificateFault(
  facts: CertificateFacts | undefined,
): CertificateFinding | undefined {
  if (facts === undefined) return NOT_A_CERTIFICATE;
  if (facts.keyType === "other") {
    return worded("key-unsupported");
  }
  return facts.keyType === "rsa" ? rsaFault(facts) : curveFault(facts);
}

function rsaFault({
  keyBits = 0,
  keyExponent = 0,
}: CertificateFacts): CertificateFinding | undefined {
  if (keyBits < MIN_RSA_BITS) {
    return worded("key-too-short", { least: MIN_RSA_BITS });
  }
  return keyExponent < MIN_RSA_EXPONENT || keyExponent % 2 === 0
    ? worded("key-exponent-weak")
    : undefined;
}

function curveFault({ curve = "" }: CertificateFacts): CertificateFinding | undefined {
  return CURVES.includes(curve)
    ? undefined
    : worded("curve-unsupported", { curves: CURVES.join(", ") });
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates of a text, each by itself: people paste files that hold several. */
export function separateCertificates(text: string): readonly string[] {
  const found = text.match(PEM) ?? [];
  return found.length > 1 ? found : [text];
}

/** Why the text of a certificate cannot be saved; `undefined` if it can. */
export function certificateTextFault(
  text: string,
  facts: CertificateFacts | undefined,
): CertificateFinding | undefined {
  const { length } = separateCertificates(text);
  return length > 1 ? worded("several-certificates", { count: length }) : certificateFault(facts);
}

/**
 * Indexes of certificates that issued another one of the list, whose key signs no messages. Names
 * decide: a self-signed certificate does not count as its own issuer.
 */
export function issuersIn(
  certificates: readonly (Pick<CertificateFacts, "subject" | "issuer"> | undefined)[],
): ReadonlySet<number> {
  const issuers = new Set(
    certificates.flatMap((one) =>
      one === undefined || one.issuer === one.subject ? [] : [one.issuer],
    ),
  );
  return new Set(
    certificates.flatMap((one, index) =>
      one !== undefined && issuers.has(one.subject) ? [index] : [],
    ),
  );
}

const OF_ISSUER: CertificateFinding = worded("certificate-of-issuer:list");
const OF_AUTHORITY: CertificateFinding = worded("certificate-of-authority");

/**
 * Warnings about each of a connection's certificates, in order; none about those that cannot be read.
 *
 * @param now milliseconds since the epoch.
 */
export function certificateListWarnings(
  certificates: readonly (CertificateFacts | undefined)[],
  now: number,
): readonly (readonly CertificateFinding[])[] {
  const issuers = issuersIn(certificates);
  return certificates.map((facts, index) => {
    if (facts === undefined) return [];
    const isOfAuthority = facts.authority === true && facts.issuer !== facts.subject;
    const role = issuers.has(index) ? [OF_ISSUER] : isOfAuthority ? [OF_AUTHORITY] : [];
    return [...certificateWarnings(facts, now), ...role];
  });
}

/** Warnings about the validity of a usable certificate. `now` is in milliseconds since the epoch. */
export function certificateWarnings(
  { notBefore, notAfter }: CertificateFacts,
  now: number,
): readonly CertificateFinding[] {
  if (notBefore > now) {
    return [worded("certificate-not-yet-valid", { time: new Date(notBefore) })];
  }
  const time = new Date(notAfter);
  if (notAfter < now) return [worded("certificate-expired", { time })];
  return notAfter - now < EXPIRY_WARNING_MS ? [worded("certificate-expiring", { time })] : [];
}

/** Whether the certificates of `idp` verify nothing outside their validity period. */
export function keepsValidityPeriod(
  idp: Pick<IdentityProvider, "acceptExpiredCertificates">,
): boolean {
  return !idp.acceptExpiredCertificates;
}
