import { type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateFacts } from "../../../domain/certificate-rules.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import { refuse } from "../rejection-error.ts";

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
  const certificate = parsed(text);
  return certificate === undefined ? undefined : factsOf(certificate);
}

/**
 * Certificates of one X509Data belong to one key (XML Signature section 4.5.4): the key's own, and
 * its issuers, which sign no messages. Their order is open, so it is the first that is named as the
 * issuer of none of the others. One that cannot be read hides no other.
 *
 * @returns `undefined` if none can be read.
 */
export function certificateOfKey(texts: readonly string[]): string | undefined {
  const readable = texts.flatMap((text) => {
    const certificate = parsed(text);
    return certificate === undefined ? [] : [{ text, certificate }];
  });
  const issuers = new Set(
    readable
      .filter(({ certificate: { issuer, subject } }) => issuer !== subject)
      .map(({ certificate: { issuer } }) => issuer),
  );
  const own = readable.find(({ certificate: { subject } }) => !issuers.has(subject));
  return (own ?? readable[0])?.text;
}

/** Gives the certificates of a connection that can verify. */
export type VerificationKeys = (connection: IdentityProvider) => readonly VerificationKey[];

/** Parsing a certificate costs several times what verifying with it does. */
const MAX_KEYS_KEPT = 1000;

/**
 * Creates {@link VerificationKeys}. Broken certificates are skipped, so that a valid one next to
 * them works. Keys are cached by the text of the certificate, so that a saved connection takes
 * effect immediately.
 *
 * The result throws RejectionError `no-usable-certificate` if no certificate remains.
 */
export function makeVerificationKeys(): VerificationKeys {
  const kept = new Map<string, VerificationKey | undefined>();
  const keyOf = (text: string): VerificationKey | undefined => {
    if (!kept.has(text)) {
      if (kept.size >= MAX_KEYS_KEPT) kept.clear();
      kept.set(text, verificationKey(text));
    }
    return kept.get(text);
  };
  return ({ certificates }) => {
    const keys = certificates.map(keyOf).filter((key) => key !== undefined);
    return keys.length > 0
      ? keys
      : refuse(
          "no-usable-certificate",
          "the connection has no certificate that can verify a signature",
        );
  };
}

function verificationKey(text: string): VerificationKey | undefined {
  const certificate = parsed(text);
  if (certificate === undefined) return undefined;
  const { keyType, fingerprint, notBefore, notAfter } = factsOf(certificate);
  return keyType === "other"
    ? undefined
    : {
        key: certificate.publicKey,
        keyType,
        fingerprint,
        certificate,
        notBefore,
        notAfter,
      };
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength;
  return {
    subject: certificate.subject ?? "",
    fingerprint: certificate.fingerprint256,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    keyType:
      asymmetricKeyType === "rsa" || asymmetricKeyType === "ec" ? asymmetricKeyType : "other",
    ...(bits === undefined ? {} : { keyBits: bits }),
  };
}

function parsed(text: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pemOf(text));
    const { publicKey, validFrom, validTo } = certificate;
    // Node accepts invalid times; comparisons with them would always succeed.
    if ([validFrom, validTo].some((time) => Number.isNaN(Date.parse(time)))) return undefined;
    // Reading the key fails for a damaged certificate.
    return publicKey.type === "public" ? certificate : undefined;
  } catch {
    return undefined;
  }
}

const PEM = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/;

/** Normalizes line breaks, however the certificate was pasted. */
function pemOf(text: string): string {
  const base64 = (PEM.exec(text)?.[1] ?? text).replace(/\s+/g, "");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
