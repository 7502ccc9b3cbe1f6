import type { IdentityProvider } from "./settings.ts";

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
export interface CertificateFinding {
  readonly code: string;
  /** Message for administrators. */
  readonly message: string;
}

const MIN_RSA_BITS = 2048;
/** FIPS 186-5 section A.1.1 demands an odd exponent above 2^16; with 1, anybody can sign. */
const MIN_RSA_EXPONENT = 65_537;
const CURVES: readonly string[] = ["P-256", "P-384", "P-521"];
const EXPIRY_WARNING_MS = 30 * 24 * 3600 * 1000;

/** The fault of a text that cannot be read. */
export const NOT_A_CERTIFICATE: CertificateFinding = {
  code: "certificate-invalid",
  message: "This is not an X.509 certificate. Paste it as PEM or Base64.",
};

/** Why a certificate cannot be used; `undefined` if it can. */
export function certificateFault(
  facts: CertificateFacts | undefined,
): CertificateFinding | undefined {
  if (facts === undefined) return NOT_A_CERTIFICATE;
  if (facts.keyType === "other") {
    return { code: "key-unsupported", message: "Only RSA and EC keys are supported." };
  }
  return facts.keyType === "rsa" ? rsaFault(facts) : curveFault(facts);
}

function rsaFault({
  keyBits = 0,
  keyExponent = 0,
}: CertificateFacts): CertificateFinding | undefined {
  if (keyBits < MIN_RSA_BITS) {
    return { code: "key-too-short", message: `RSA keys must have at least ${MIN_RSA_BITS} bits.` };
  }
  return keyExponent < MIN_RSA_EXPONENT || keyExponent % 2 === 0
    ? {
        code: "key-exponent-weak",
        message: "The public exponent of RSA keys must be odd, and 65,537 or greater.",
      }
    : undefined;
}

function curveFault({ curve = "" }: CertificateFacts): CertificateFinding | undefined {
  return CURVES.includes(curve)
    ? undefined
    : { code: "curve-unsupported", message: `EC keys must be on ${CURVES.join(", ")}.` };
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
  return length > 1
    ? {
        code: "several-certificates",
        message: `This contains ${length} certificates. Enter each one by itself, without those of their issuers.`,
      }
    : certificateFault(facts);
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

const OF_ISSUER: CertificateFinding = {
  code: "certificate-of-issuer",
  message: "This certificate issued another one of the list. Its key signs no messages: remove it.",
};
const OF_AUTHORITY: CertificateFinding = {
  code: "certificate-of-authority",
  message:
    "This is the certificate of a certificate authority, whose key rarely signs messages. If sign-ins are refused, replace it with the identity provider's own certificate.",
};

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
    return [
      {
        code: "certificate-not-yet-valid",
        message: `This certificate is not valid before ${new Date(notBefore).toISOString()}.`,
      },
    ];
  }
  const end = new Date(notAfter).toISOString();
  if (notAfter < now) {
    return [{ code: "certificate-expired", message: `This certificate expired at ${end}.` }];
  }
  return notAfter - now < EXPIRY_WARNING_MS
    ? [{ code: "certificate-expiring", message: `This certificate expires at ${end}.` }]
    : [];
}

/** Whether the certificates of `idp` verify nothing outside their validity period. */
export function keepsValidityPeriod(
  idp: Pick<IdentityProvider, "acceptExpiredCertificates">,
): boolean {
  return !idp.acceptExpiredCertificates;
}
