/** Facts about a certificate. */
export interface CertificateFacts {
  /** Distinguished name. */
  readonly subject: string;
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
}

/** A fault or warning of a certificate. */
export interface CertificateFinding {
  readonly code: string;
  /** Message for administrators. */
  readonly message: string;
}

const MIN_RSA_BITS = 2048;
const EXPIRY_WARNING_MS = 30 * 24 * 3600 * 1000;

/** Why a certificate cannot be used; `undefined` if it can. */
export function certificateFault(
  facts: CertificateFacts | undefined,
): CertificateFinding | undefined {
  if (facts === undefined) {
    return {
      code: "certificate-invalid",
      message: "This is not an X.509 certificate. Paste it as PEM or Base64.",
    };
  }
  if (facts.keyType === "other") {
    return { code: "key-unsupported", message: "Only RSA and EC keys are supported." };
  }
  return facts.keyType === "rsa" && (facts.keyBits ?? 0) < MIN_RSA_BITS
    ? { code: "key-too-short", message: `RSA keys must have at least ${MIN_RSA_BITS} bits.` }
    : undefined;
}

/** Warnings about a usable certificate. `now` is in milliseconds since the epoch. */
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
