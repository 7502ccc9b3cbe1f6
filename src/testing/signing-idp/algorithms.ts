import { constants, createHash, createHmac, sign } from "node:crypto";
import type { KeyKind } from "./certificate.ts";

/** Signature algorithms by short name. */
export type SignatureAlgorithm =
  | "rsa-sha1"
  | "rsa-sha256"
  | "rsa-sha384"
  | "rsa-sha512"
  | "rsa-pss-sha256"
  | "ecdsa-sha256"
  | "ecdsa-sha384"
  | "hmac-sha256";

/** Digest algorithms by short name. */
export type DigestAlgorithm = "sha1" | "sha256" | "sha384" | "sha512";

/** Algorithm URIs of signatures (XML Signature section 6, RFC 6931, RFC 9231). */
export const SIGNATURE_URIS: Readonly<Record<SignatureAlgorithm, string>> = {
  "rsa-sha1": "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
  "rsa-sha256": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "rsa-sha384": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
  "rsa-sha512": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
  "rsa-pss-sha256": "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
  "ecdsa-sha256": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
  "ecdsa-sha384": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
  "hmac-sha256": "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
};

/** Algorithm URIs of digests. */
export const DIGEST_URIS: Readonly<Record<DigestAlgorithm, string>> = {
  sha1: "http://www.w3.org/2000/09/xmldsig#sha1",
  sha256: "http://www.w3.org/2001/04/xmlenc#sha256",
  sha384: "http://www.w3.org/2001/04/xmldsig-more#sha384",
  sha512: "http://www.w3.org/2001/04/xmlenc#sha512",
};

/** `http://www.w3.org/2001/10/xml-exc-c14n#`. */
export const EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
/** `http://www.w3.org/2000/09/xmldsig#enveloped-signature`. */
export const ENVELOPED_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/** The kind of key that an algorithm needs. */
export function keyKindFor(algorithm: SignatureAlgorithm): KeyKind {
  if (algorithm === "ecdsa-sha256") return "ec-p256";
  return algorithm === "ecdsa-sha384" ? "ec-p384" : "rsa-2048";
}

/** The digest of `octets`, base64. */
export function digestOf(octets: string | Uint8Array, algorithm: DigestAlgorithm): string {
  return createHash(algorithm).update(octets).digest("base64");
}

/**
 * The signature value over `octets`, base64.
 *
 * @param privateKey PEM; for `hmac-sha256` the secret itself.
 */
export function signatureValue(
  octets: string,
  algorithm: SignatureAlgorithm,
  privateKey: string,
): string {
  const data = Buffer.from(octets, "utf8");
  if (algorithm === "hmac-sha256") {
    return createHmac("sha256", privateKey).update(data).digest("base64");
  }
  const hash = `sha${algorithm.replace(/^.*sha/, "")}`;
  if (algorithm.startsWith("ecdsa")) {
    // r and s side by side, not DER (XML Signature section 6.4.3).
    return sign(hash, data, { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64");
  }
  if (algorithm === "rsa-pss-sha256") {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign(hash, data, { key: privateKey, padding, saltLength: 32 }).toString("base64");
  }
  return sign(hash, data, privateKey).toString("base64");
}
