import { type KeyObject, X509Certificate } from "node:crypto";
import type { Connection } from "../../domain/settings.ts";
import type { CertificateFacts } from "../../domain/settings-rules.ts";
import { refuse } from "./refusal.ts";

/** A certificate of the connection, ready to verify with. */
export interface VerificationKey {
  readonly key: KeyObject;
  readonly keyType: "rsa" | "ec";
  readonly fingerprint: string;
  /** For saml2-js. */
  readonly pem: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** What a certificate (PEM or bare base64 of DER) is; `undefined` for what is none. */
export function inspectCertificate(text: string): CertificateFacts | undefined {
  const certificate = parsed(text);
  if (certificate === undefined) return undefined;
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

/**
 * The certificates of a connection that can verify. A broken one is passed over: it must not keep a
 * good one beside it from working.
 *
 * @throws Refusal `no-usable-certificate` when none is left.
 */
export function verificationKeys(connection: Connection): readonly VerificationKey[] {
  const keys = connection.certificates.flatMap((text) => {
    const certificate = parsed(text);
    const facts = inspectCertificate(text);
    if (certificate === undefined || facts === undefined || facts.keyType === "other") return [];
    return [
      {
        key: certificate.publicKey,
        keyType: facts.keyType,
        fingerprint: facts.fingerprint,
        pem: certificate.toString(),
        notBefore: facts.notBefore,
        notAfter: facts.notAfter,
      },
    ];
  });
  return keys.length > 0
    ? keys
    : refuse("no-usable-certificate", "the connection has no certificate that can verify");
}

function parsed(text: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pemOf(text));
    // Reading the key is what fails for a damaged one.
    return certificate.publicKey.type === "public" ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function pemOf(text: string): string {
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  const lines = text.replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
