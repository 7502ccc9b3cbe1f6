import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { TestKey } from "../../src/testing/signing-idp/certificate.ts";

/** The modulus of a key with another public exponent; with 1, every number is its own signature. */
export function withExponent(key: Pick<TestKey, "privateKey">, exponent: number): KeyObject {
  const jwk = createPublicKey(key.privateKey).export({ format: "jwk" });
  const hex = exponent.toString(16);
  const e = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url");
  return createPublicKey({ key: { ...jwk, e }, format: "jwk" });
}

export function exponentOne(key: Pick<TestKey, "privateKey">): KeyObject {
  return withExponent(key, 1);
}

/** A key on a curve by OpenSSL's name. */
export function onCurve(namedCurve: string): KeyObject {
  return generateKeyPairSync("ec", { namedCurve }).publicKey;
}
