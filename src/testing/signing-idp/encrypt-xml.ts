import {
  type CipherGCMTypes,
  constants,
  createCipheriv,
  createHash,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import { DIGEST_URIS, type DigestAlgorithm } from "./algorithms.ts";
import { element, NAMESPACES, type XmlAttributes } from "./xml-text.ts";

/** Algorithms that encrypt the assertion (XML Encryption 1.1 section 5.2), by short name. */
export type DataCipher =
  | "aes128-cbc"
  | "aes192-cbc"
  | "aes256-cbc"
  | "aes128-gcm"
  | "aes192-gcm"
  | "aes256-gcm"
  | "tripledes-cbc";

/** Algorithms that encrypt the key (XML Encryption 1.1 section 5.5), by short name. */
export type KeyTransport = "rsa-oaep-mgf1p" | "rsa-oaep" | "rsa-1_5";

/** Hashes of RSA-OAEP (XML Encryption 1.1 section 5.5.2). */
export interface OaepOptions {
  /** Of the label. */
  readonly digest: DigestAlgorithm;
  /** Of the mask generation; `rsa-oaep-mgf1p` sends no other than `sha1`. */
  readonly mask: DigestAlgorithm;
}

/** How to encrypt one element. */
export interface XmlEncryptionOptions {
  /** The receiver's X.509 certificate or public key, PEM. */
  readonly to: string;
  /** Default `aes256-gcm`. */
  readonly cipher?: DataCipher;
  /** Default `rsa-oaep-mgf1p`. */
  readonly keyTransport?: KeyTransport;
  /**
   * Hashes of RSA-OAEP. Default: what the key transport is usually sent with (SHA-1 twice, or
   * SHA-256 twice for `rsa-oaep`).
   */
  readonly oaep?: OaepOptions;
  /**
   * Where the EncryptedKey stands: in KeyInfo (default), or beside EncryptedData and referred to.
   */
  readonly encryptedKey?: "in-key-info" | "sibling";
  /** Content-encryption key; random by default. */
  readonly key?: Uint8Array;
}

interface CipherFacts {
  readonly node: string;
  readonly uri: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
  readonly blockBytes: number;
}

const CIPHERS: Readonly<Record<DataCipher, CipherFacts>> = {
  "aes128-cbc": cbc("aes-128-cbc", `${NAMESPACES.xenc}aes128-cbc`, 16, 16),
  "aes192-cbc": cbc("aes-192-cbc", `${NAMESPACES.xenc}aes192-cbc`, 24, 16),
  "aes256-cbc": cbc("aes-256-cbc", `${NAMESPACES.xenc}aes256-cbc`, 32, 16),
  "tripledes-cbc": cbc("des-ede3-cbc", `${NAMESPACES.xenc}tripledes-cbc`, 24, 8),
  "aes128-gcm": gcm("aes-128-gcm", `${NAMESPACES.xenc11}aes128-gcm`, 16),
  "aes192-gcm": gcm("aes-192-gcm", `${NAMESPACES.xenc11}aes192-gcm`, 24),
  "aes256-gcm": gcm("aes-256-gcm", `${NAMESPACES.xenc11}aes256-gcm`, 32),
};

/**
 * An EncryptedAssertion around `xml` (SAML core section 2.3.4), in canonical form.
 *
 * @param xml the assertion, declaring every prefix that it uses.
 */
export function encryptAssertion(xml: string, options: XmlEncryptionOptions): string {
  return encryptElement("saml:EncryptedAssertion", xml, options);
}

/**
 * An EncryptedID around `xml` (SAML core section 2.2.4), in canonical form.
 *
 * @param xml the NameID, declaring every prefix that it uses.
 */
export function encryptNameId(xml: string, options: XmlEncryptionOptions): string {
  return encryptElement("saml:EncryptedID", xml, options);
}

function encryptElement(name: string, xml: string, options: XmlEncryptionOptions): string {
  const { cipher = "aes256-gcm", keyTransport = "rsa-oaep-mgf1p" } = options;
  const oaep = options.oaep ?? usualOaep(keyTransport);
  const key = options.key ?? randomBytes(CIPHERS[cipher].keyBytes);
  const sibling = options.encryptedKey === "sibling";
  const encryptedKey = encryptedKeyXml(
    wrapKey(key, options.to, keyTransport, oaep),
    { transport: keyTransport, oaep },
    sibling,
  );
  const keyInfo = sibling
    ? element("ds:RetrievalMethod", {
        Type: `${NAMESPACES.xenc}EncryptedKey`,
        URI: "#_encrypted-key",
      })
    : encryptedKey;
  const data = element(
    "xenc:EncryptedData",
    { "xmlns:xenc": NAMESPACES.xenc, Type: `${NAMESPACES.xenc}Element` },
    element("xenc:EncryptionMethod", { Algorithm: CIPHERS[cipher].uri }),
    element("ds:KeyInfo", { "xmlns:ds": NAMESPACES.ds }, keyInfo),
    cipherData(encryptOctets(Buffer.from(xml, "utf8"), cipher, key)),
  );
  return element(name, { "xmlns:saml": NAMESPACES.saml }, data, ...(sibling ? [encryptedKey] : []));
}

/** IV, ciphertext and, for GCM, tag (XML Encryption 1.1 section 5.2). */
export function encryptOctets(octets: Uint8Array, cipher: DataCipher, key: Uint8Array): Uint8Array {
  const { node, ivBytes, blockBytes } = CIPHERS[cipher];
  const iv = randomBytes(ivBytes);
  if (node.endsWith("gcm")) {
    const encryptor = createCipheriv(asGcm(node), key, iv);
    return Buffer.concat([iv, encryptor.update(octets), encryptor.final(), encryptor.getAuthTag()]);
  }
  // XML Encryption's own padding: only the last octet says how much (section 5.2.1).
  const padding = blockBytes - (octets.length % blockBytes);
  const padded = Buffer.concat([octets, Buffer.alloc(padding - 1), Uint8Array.of(padding)]);
  const encryptor = createCipheriv(node, key, iv).setAutoPadding(false);
  return Buffer.concat([iv, encryptor.update(padded), encryptor.final()]);
}

/** `key` encrypted to the public key in `to`. */
export function wrapKey(
  key: Uint8Array,
  to: string,
  transport: KeyTransport,
  { digest, mask }: OaepOptions = usualOaep(transport),
): Uint8Array {
  const publicKey = createPublicKey(to);
  if (transport === "rsa-1_5") {
    return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key);
  }
  if (digest === mask) {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return publicEncrypt({ key: publicKey, padding, oaepHash: digest }, key);
  }
  const octets = (publicKey.asymmetricKeyDetails?.modulusLength ?? 2048) / 8;
  const padding = constants.RSA_NO_PADDING;
  return publicEncrypt({ key: publicKey, padding }, encodeOaep(key, octets, { digest, mask }));
}

function usualOaep(transport: KeyTransport): OaepOptions {
  return transport === "rsa-oaep"
    ? { digest: "sha256", mask: "sha256" }
    : { digest: "sha1", mask: "sha1" };
}

/** RFC 8017 section 7.1.1, step 2; node:crypto supports one hash only. */
function encodeOaep(message: Uint8Array, octets: number, { digest, mask }: OaepOptions): Buffer {
  const label = createHash(digest).digest();
  const zeros = Buffer.alloc(octets - message.length - 2 * label.length - 2);
  const block = Buffer.concat([label, zeros, Uint8Array.of(1), message]);
  const seed = randomBytes(label.length);
  const maskedBlock = masked(block, seed, mask);
  return Buffer.concat([Uint8Array.of(0), masked(seed, maskedBlock, mask), maskedBlock]);
}

/** With MGF1 (RFC 8017 appendix B.2.1). */
function masked(octets: Buffer, seed: Buffer, hash: DigestAlgorithm): Buffer {
  const mask: Buffer[] = [];
  for (let made = 0; Buffer.concat(mask).length < octets.length; made += 1) {
    mask.push(
      createHash(hash)
        .update(seed)
        .update(Uint8Array.of(0, 0, 0, made))
        .digest(),
    );
  }
  const whole = Buffer.concat(mask);
  return Buffer.from(octets.map((octet, at) => octet ^ (whole[at] ?? 0)));
}

function encryptedKeyXml(
  wrapped: Uint8Array,
  { transport, oaep }: { readonly transport: KeyTransport; readonly oaep: OaepOptions },
  alone: boolean,
): string {
  // Within ds:KeyInfo both prefixes are declared already: repeating them would not be canonical.
  const declared = (prefix: "ds" | "xenc"): XmlAttributes =>
    alone ? { [`xmlns:${prefix}`]: NAMESPACES[prefix] } : {};
  const digestMethod = element("ds:DigestMethod", {
    ...declared("ds"),
    Algorithm: DIGEST_URIS[oaep.digest],
  });
  const maskGeneration = element("xenc11:MGF", {
    "xmlns:xenc11": NAMESPACES.xenc11,
    Algorithm: `${NAMESPACES.xenc11}mgf1${oaep.mask}`,
  });
  return element(
    "xenc:EncryptedKey",
    { ...declared("xenc"), Id: alone ? "_encrypted-key" : undefined },
    element(
      "xenc:EncryptionMethod",
      { Algorithm: TRANSPORT_URIS[transport] },
      ...(transport === "rsa-1_5" ? [] : [digestMethod]),
      ...(transport === "rsa-oaep" ? [maskGeneration] : []),
    ),
    cipherData(wrapped),
  );
}

const TRANSPORT_URIS: Readonly<Record<KeyTransport, string>> = {
  "rsa-oaep-mgf1p": `${NAMESPACES.xenc}rsa-oaep-mgf1p`,
  "rsa-oaep": `${NAMESPACES.xenc11}rsa-oaep`,
  "rsa-1_5": `${NAMESPACES.xenc}rsa-1_5`,
};

function asGcm(node: string): CipherGCMTypes {
  if (node === "aes-128-gcm" || node === "aes-192-gcm" || node === "aes-256-gcm") return node;
  throw new TypeError(`${node} is not a GCM cipher`);
}

function cipherData(octets: Uint8Array): string {
  const value = element("xenc:CipherValue", {}, Buffer.from(octets).toString("base64"));
  return element("xenc:CipherData", {}, value);
}

function cbc(node: string, uri: string, keyBytes: number, blockBytes: number): CipherFacts {
  return { node, uri, keyBytes, ivBytes: blockBytes, blockBytes };
}

function gcm(node: string, uri: string, keyBytes: number): CipherFacts {
  return { node, uri, keyBytes, ivBytes: 12, blockBytes: 16 };
}
