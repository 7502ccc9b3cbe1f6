import { createPublicKey, generateKeyPairSync } from "node:crypto";
import {
  bitString,
  der,
  objectIdentifier,
  sequence,
  type TestKey,
  unsignedInteger,
} from "../../src/testing/signing-idp/certificate.ts";

// In DER (RFC 3279 section 2.3.1), because not every runtime makes an object of such a key.

/** The modulus of a key with another public exponent, as SubjectPublicKeyInfo. */
export function withExponent(key: Pick<TestKey, "privateKey">, exponent: number): Uint8Array {
  const { n = "" } = createPublicKey(key.privateKey).export({ format: "jwk" });
  const hex = exponent.toString(16);
  const numbers = sequence(
    unsignedInteger(Buffer.from(n, "base64url")),
    unsignedInteger(Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex")),
  );
  const rsaEncryption = sequence(objectIdentifier("1.2.840.113549.1.1.1"), der(0x05));
  return sequence(rsaEncryption, bitString(numbers));
}

/** With the exponent 1, every padded digest is its own signature. */
export function exponentOne(key: Pick<TestKey, "privateKey">): Uint8Array {
  return withExponent(key, 1);
}

/** A key on a curve by OpenSSL's name, as SubjectPublicKeyInfo. */
export function onCurve(namedCurve: string): Uint8Array {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve });
  return publicKey.export({ type: "spki", format: "der" });
}

/** A key on brainpoolP256r1, which not every runtime can make. */
export const BRAINPOOL: Uint8Array = Buffer.from(
  "MFowFAYHKoZIzj0CAQYJKyQDAwIIAQEHA0IABHQTQjgJO2DteeayCsBj3SZwFqNh7xYCxCp8B3yOPoUUeLZ1/H2093CKR6w8ithSfBOiSohBMTf0LVRcyRWj/ns=",
  "base64",
);
