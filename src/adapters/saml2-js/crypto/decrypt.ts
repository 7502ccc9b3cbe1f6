import {
  type CipherGCMTypes,
  constants,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { Comparison, RejectionCauses } from "../../../domain/rejection.ts";
import { refuse } from "../rejection-error.ts";
import type { DataEncryption } from "./algorithms.ts";
import { fingerprint, fingerprintList } from "./certificates.ts";
import type { EncryptedForm } from "./encryption-structure.ts";
import { decodeOaep } from "./rsa-oaep.ts";

/** A key of the service provider, ready to decrypt and sign with. */
export interface ServiceProviderKey {
  readonly privateKey: KeyObject;
  /** Bare base64 of the certificate's DER form, for metadata. */
  readonly certificate: string;
  /** Whether it only decrypts what is still encrypted to it. */
  readonly retiring?: true;
}

/** Decrypted content, and the key that decrypted it. */
export interface Decrypted {
  readonly plaintext: Buffer;
  readonly openedWith: ServiceProviderKey;
}

/** Result of a decryption; `sound` says whether it succeeded. */
export interface Attempt extends Decrypted {
  readonly sound: boolean;
}

/** The raw RSA operation with a private key; it throws for what is no number below the modulus. */
export type RawRsa = (key: KeyObject, octets: Buffer) => Buffer;

const GCM_TAG_OCTETS = 16;

/**
 * Decrypts what an authentic message holds with the first of the keys that fits (several while keys
 * are rotated).
 *
 * @throws RejectionError `decryption-key-missing`, `decryption-failed` or `algorithm-not-allowed`.
 */
export function decrypt(form: EncryptedForm, keys: readonly ServiceProviderKey[]): Decrypted {
  requireKeys(keys);
  requireRuntimeSupport(form, keys);
  const found =
    form.transport.padding === "pkcs1" ? openByPkcs1(form, keys) : attemptDecryption(form, keys);
  return found?.sound === true
    ? found
    : refuse(
        "decryption-failed",
        "none of the keys of this service decrypts the assertion: the identity provider may use an old certificate",
        ...wrongKey(form, keys, "other-key"),
      );
}

/**
 * The cause of a failed decryption, from what anybody can read in the message: which certificate it
 * names, not what a key made of it.
 */
export function wrongKey(
  { recipient }: EncryptedForm,
  keys: readonly ServiceProviderKey[],
  otherwise: "other-key" | "unsigned",
): readonly [RejectionCauses["decryption-failed"], Comparison?] {
  const ours = keys.map(({ certificate }) => fingerprint(certificate) ?? "");
  if (recipient === undefined || ours.includes(recipient)) return [otherwise];
  return [
    "other-certificate",
    { sent: `certificate ${recipient}`, expected: fingerprintList(ours) },
  ];
}

/**
 * Decrypts what anybody may have sent. What fails must not be learnt from what follows (XML
 * Encryption section 6.1.5, CVE-2011-1096): every key is used once, whatever comes of it; the first
 * whose OAEP opens decides; and where anything is wrong, the work goes on with what there is, for
 * the caller to refuse at the end.
 *
 * @throws RejectionError `decryption-key-missing`.
 */
export function attemptDecryption(
  { encryption, oaep, encryptedKey, ciphertext }: EncryptedForm,
  keys: readonly ServiceProviderKey[],
  rsa: RawRsa = rawRsa,
): Attempt {
  const [first] = requireKeys(keys);
  const opened = keys.map((key) => {
    const contentKey = decodeOaep(rawResult(rsa, key.privateKey, encryptedKey), oaep);
    return { key, contentKey };
  });
  const { key: openedWith, contentKey } = opened.find((one) => one.contentKey !== undefined) ?? {
    key: first,
    contentKey: undefined,
  };
  const fits = contentKey?.length === encryption.keyOctets;
  const substitute = randomBytes(encryption.keyOctets);
  const { plaintext, sound } = decipher(
    encryption,
    contentKey !== undefined && fits ? contentKey : substitute,
    ciphertext,
  );
  return { plaintext, openedWith, sound: fits && sound };
}

/**
 * Octets of another length than the modulus, or no number below it (RFC 8017 section 7.1.2, step 1),
 * give zeros, which are no encoding: who chose them knows what they are.
 */
function rawResult(rsa: RawRsa, key: KeyObject, octets: Buffer): Buffer {
  const none = Buffer.alloc(octets.length);
  try {
    const result = rsa(key, octets);
    return result.length === octets.length ? result : none;
  } catch {
    return none;
  }
}

function rawRsa(key: KeyObject, octets: Buffer): Buffer {
  return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, octets);
}

function requireKeys(
  keys: readonly ServiceProviderKey[],
): readonly [ServiceProviderKey, ...ServiceProviderKey[]] {
  const [first, ...more] = keys;
  return first === undefined
    ? refuse(
        "decryption-key-missing",
        "the assertion is encrypted, but this service has no decryption key",
      )
    : [first, ...more];
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
      "key-transport",
    );
  }
}

/**
 * RSA 1.5 is allowed in authentic messages only. Newer OpenSSL answers a wrong padding with a
 * made-up key, so that only the whole decryption says which of our keys fits.
 */
function openByPkcs1(
  { encryption, encryptedKey, ciphertext }: EncryptedForm,
  keys: readonly ServiceProviderKey[],
): Attempt | undefined {
  for (const openedWith of keys) {
    const padding = constants.RSA_PKCS1_PADDING;
    try {
      const contentKey = privateDecrypt({ key: openedWith.privateKey, padding }, encryptedKey);
      if (contentKey.length !== encryption.keyOctets) continue;
      const { plaintext, sound } = decipher(encryption, contentKey, ciphertext);
      if (sound) return { plaintext, openedWith, sound };
    } catch {
      // The next key may fit.
    }
  }
  return undefined;
}

type Deciphered = Pick<Attempt, "plaintext" | "sound">;

const NOTHING: Deciphered = { plaintext: Buffer.alloc(0), sound: false };

function decipher(encryption: DataEncryption, key: Buffer, data: Buffer): Deciphered {
  try {
    const { cipher, ivOctets } = encryption;
    return cipher === "aes-128-gcm" || cipher === "aes-256-gcm"
      ? decipherByGcm(cipher, ivOctets, key, data)
      : decipherByCbc(cipher, ivOctets, key, data);
  } catch {
    return NOTHING;
  }
}

/** Nothing is done with a plaintext whose tag is wrong. */
function decipherByGcm(
  cipher: CipherGCMTypes,
  ivOctets: number,
  key: Buffer,
  data: Buffer,
): Deciphered {
  if (data.length <= ivOctets + GCM_TAG_OCTETS) return NOTHING;
  const decipher = createDecipheriv(cipher, key, data.subarray(0, ivOctets), {
    authTagLength: GCM_TAG_OCTETS,
  });
  decipher.setAuthTag(data.subarray(-GCM_TAG_OCTETS));
  const octets = decipher.update(data.subarray(ivOctets, -GCM_TAG_OCTETS));
  return { plaintext: Buffer.concat([octets, decipher.final()]), sound: true };
}

function decipherByCbc(cipher: string, blockOctets: number, key: Buffer, data: Buffer): Deciphered {
  const iv = data.subarray(0, blockOctets);
  const decipher = createDecipheriv(cipher, key, iv).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(data.subarray(blockOctets)), decipher.final()]);
  // XML Encryption section 5.2: the last octet counts the padding, the others are arbitrary.
  const count = padded[padded.length - 1] ?? 0;
  const sound = count >= 1 && count <= blockOctets;
  return { plaintext: padded.subarray(0, padded.length - (sound ? count : 0)), sound };
}
