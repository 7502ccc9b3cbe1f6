import {
  constants,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from "node:crypto";
import { refuse } from "../rejection-error.ts";
import type { DataEncryption } from "./algorithms.ts";
import type { EncryptedForm } from "./encryption-structure.ts";

/** A key of the service provider, ready to decrypt and sign with. */
export interface ServiceProviderKey {
  readonly privateKey: KeyObject;
  /** PKCS #8 PEM, for saml2-js. */
  readonly privateKeyPem: string;
  /** Bare base64 of the certificate's DER form, for metadata. */
  readonly certificate: string;
}

/** Decrypted content, and the key that decrypted it. */
export interface Decrypted {
  readonly plaintext: Buffer;
  readonly openedWith: ServiceProviderKey;
}

const GCM_TAG_OCTETS = 16;

/**
 * Decrypts with the first of the keys that fits (several while keys are rotated). Whatever goes
 * wrong is one and the same refusal: what failed must not be learnt from it (XML Encryption
 * section 6.1.5, CVE-2011-1096). Only what this runtime cannot do at all is told apart.
 *
 * @throws Refusal `decryption-key-missing`, `decryption-failed` or `algorithm-not-allowed`.
 */
export function decrypted(form: EncryptedForm, keys: readonly ServiceProviderKey[]): Decrypted {
  if (keys.length === 0) {
    refuse(
      "decryption-key-missing",
      "the assertion is encrypted, but this service has no decryption key",
    );
  }
  requireRuntimeSupport(form, keys);
  for (const openedWith of keys) {
    const plaintext = opened(form, openedWith);
    if (plaintext !== undefined) return { plaintext, openedWith };
  }
  return refuse(
    "decryption-failed",
    "none of the keys of this service decrypts the assertion: the identity provider may use an old certificate",
  );
}

/** Node without implicit rejection in its OpenSSL refuses RSA 1.5 itself (CVE-2023-46809). */
function requireRuntimeSupport(
  { transport }: EncryptedForm,
  [key]: readonly ServiceProviderKey[],
): void {
  if (transport.padding !== "pkcs1" || key === undefined) return;
  const padding = constants.RSA_PKCS1_PADDING;
  try {
    const { privateKey } = key;
    const sample = publicEncrypt({ key: createPublicKey(privateKey), padding }, Buffer.alloc(16));
    privateDecrypt({ key: privateKey, padding }, sample);
  } catch {
    refuse(
      "algorithm-not-allowed",
      `this runtime does not support key transport ${transport.name}: select RSA-OAEP at the identity provider`,
    );
  }
}

function opened(form: EncryptedForm, { privateKey }: ServiceProviderKey): Buffer | undefined {
  try {
    const contentKey = transported(form, privateKey);
    if (contentKey.length !== form.encryption.keyOctets) return undefined;
    return deciphered(form.encryption, contentKey, form.ciphertext);
  } catch {
    return undefined;
  }
}

function transported({ transport, oaepHash, encryptedKey }: EncryptedForm, key: KeyObject): Buffer {
  return transport.padding === "oaep"
    ? privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encryptedKey)
    : privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encryptedKey);
}

function deciphered(
  { cipher, ivOctets }: DataEncryption,
  key: Buffer,
  data: Buffer,
): Buffer | undefined {
  const iv = data.subarray(0, ivOctets);
  if (cipher === "aes-128-gcm" || cipher === "aes-256-gcm") {
    const tag = data.subarray(-GCM_TAG_OCTETS);
    if (data.length <= ivOctets + GCM_TAG_OCTETS) return undefined;
    const decipher = createDecipheriv(cipher, key, iv, { authTagLength: GCM_TAG_OCTETS });
    decipher.setAuthTag(tag);
    return Buffer.concat([
      decipher.update(data.subarray(ivOctets, -GCM_TAG_OCTETS)),
      decipher.final(),
    ]);
  }
  const decipher = createDecipheriv(cipher, key, iv).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(data.subarray(ivOctets)), decipher.final()]);
  return withoutPadding(padded, ivOctets);
}

/** XML Encryption section 5.2: the last octet counts the padding, the others are arbitrary. */
function withoutPadding(padded: Buffer, blockOctets: number): Buffer | undefined {
  const count = padded[padded.length - 1] ?? 0;
  return count < 1 || count > blockOctets ? undefined : padded.subarray(0, padded.length - count);
}
