import type { RejectionCauses } from "../../../domain/rejection.ts";
import type { WeakAlgorithm } from "../../../domain/settings.ts";
import { quote, refuse } from "../rejection-error.ts";

/** How a signature method is verified with `node:crypto`. */
export interface SignatureMethod {
  readonly name: string;
  readonly hash: "sha1" | "sha256" | "sha384" | "sha512";
  readonly keyType: "rsa" | "ec";
  /** RSASSA-PSS with MGF1 of the same hash and a salt of its length (RFC 6931 section 2.3.10). */
  readonly pss: boolean;
  readonly weakness?: WeakAlgorithm;
}

/** How a digest method is computed with `node:crypto`. */
export interface DigestMethod {
  readonly name: string;
  readonly hash: "sha1" | "sha256" | "sha384" | "sha512";
  readonly weakness?: WeakAlgorithm;
}

/** How encrypted data is decrypted with `node:crypto`. */
export interface DataEncryption {
  readonly name: string;
  readonly cipher: "aes-128-cbc" | "aes-256-cbc" | "aes-128-gcm" | "aes-256-gcm" | "des-ede3-cbc";
  readonly keyOctets: number;
  /** Length of the initialization vector, which is also the block size of a CBC cipher. */
  readonly ivOctets: number;
  readonly weakness?: WeakAlgorithm;
}

/** How the content key is decrypted. */
export interface KeyTransport {
  readonly name: string;
  readonly padding: "oaep" | "pkcs1";
  readonly weakness?: WeakAlgorithm;
}

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#";
const ENC = "http://www.w3.org/2001/04/xmlenc#";
const ENC11 = "http://www.w3.org/2009/xmlenc11#";

/** Exclusive canonicalization without comments: the only one SAML needs. */
export const EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
/** With comments. The octets are the same: messages may hold no comments. */
export const EXCLUSIVE_C14N_WITH_COMMENTS: string = `${EXCLUSIVE_C14N}WithComments`;
/** The enveloped-signature transform. */
export const ENVELOPED_SIGNATURE: string = `${DSIG}enveloped-signature`;

/** What we sign with. */
export const RSA_SHA256: string = `${MORE}rsa-sha256`;
/** What we digest with. */
export const SHA256: string = `${ENC}sha256`;

type Hash = SignatureMethod["hash"];

function rsa(hash: Hash): SignatureMethod {
  return { name: `rsa-${hash}`, hash, keyType: "rsa", pss: false };
}

function rsaPss(hash: Hash): SignatureMethod {
  return { name: `${hash}-rsa-MGF1`, hash, keyType: "rsa", pss: true };
}

function ecdsa(hash: Hash): SignatureMethod {
  return { name: `ecdsa-${hash}`, hash, keyType: "ec", pss: false };
}

/** Signature methods by identifier (RFC 9231); HMAC and DSA are not among them. */
const SIGNATURE_METHODS: ReadonlyMap<string, SignatureMethod> = new Map([
  [`${MORE}rsa-sha256`, rsa("sha256")],
  [`${MORE}rsa-sha384`, rsa("sha384")],
  [`${MORE}rsa-sha512`, rsa("sha512")],
  [`${MORE_2007}sha256-rsa-MGF1`, rsaPss("sha256")],
  [`${MORE_2007}sha384-rsa-MGF1`, rsaPss("sha384")],
  [`${MORE_2007}sha512-rsa-MGF1`, rsaPss("sha512")],
  [`${MORE}ecdsa-sha256`, ecdsa("sha256")],
  [`${MORE}ecdsa-sha384`, ecdsa("sha384")],
  [`${MORE}ecdsa-sha512`, ecdsa("sha512")],
  [`${DSIG}rsa-sha1`, { ...rsa("sha1"), weakness: "sha1" }],
]);

const DIGEST_METHODS: ReadonlyMap<string, DigestMethod> = new Map<string, DigestMethod>([
  [`${ENC}sha256`, { name: "sha256", hash: "sha256" }],
  [`${MORE}sha384`, { name: "sha384", hash: "sha384" }],
  [`${ENC}sha512`, { name: "sha512", hash: "sha512" }],
  [`${DSIG}sha1`, { name: "sha1", hash: "sha1", weakness: "sha1" }],
]);

/** AES-192 is omitted: it is no product's default, and not all runtimes support it. */
const DATA_ENCRYPTIONS: ReadonlyMap<string, DataEncryption> = new Map<string, DataEncryption>([
  [`${ENC}aes128-cbc`, { name: "aes128-cbc", cipher: "aes-128-cbc", keyOctets: 16, ivOctets: 16 }],
  [`${ENC}aes256-cbc`, { name: "aes256-cbc", cipher: "aes-256-cbc", keyOctets: 32, ivOctets: 16 }],
  [
    `${ENC11}aes128-gcm`,
    { name: "aes128-gcm", cipher: "aes-128-gcm", keyOctets: 16, ivOctets: 12 },
  ],
  [
    `${ENC11}aes256-gcm`,
    { name: "aes256-gcm", cipher: "aes-256-gcm", keyOctets: 32, ivOctets: 12 },
  ],
  [
    `${ENC}tripledes-cbc`,
    {
      name: "tripledes-cbc",
      cipher: "des-ede3-cbc",
      keyOctets: 24,
      ivOctets: 8,
      weakness: "triple-des",
    },
  ],
]);

/** What we ask identity providers to encrypt with, best first; authenticated ciphers lead. */
export const DATA_ENCRYPTION_OFFER: readonly string[] = [
  `${ENC11}aes128-gcm`,
  `${ENC11}aes256-gcm`,
  `${ENC}aes128-cbc`,
  `${ENC}aes256-cbc`,
];

/**
 * Key transports to ask for, in the order of how many products know them. Without a mask generation
 * function: the schema of metadata knows no element of XML Encryption 1.1.
 */
export const KEY_TRANSPORT_OFFER: readonly {
  readonly transport: string;
  readonly digest: string;
}[] = [
  { transport: `${ENC}rsa-oaep-mgf1p`, digest: `${DSIG}sha1` },
  { transport: `${ENC}rsa-oaep-mgf1p`, digest: `${ENC}sha256` },
  { transport: `${ENC11}rsa-oaep`, digest: `${ENC}sha256` },
];

const KEY_TRANSPORTS: ReadonlyMap<string, KeyTransport> = new Map<string, KeyTransport>([
  [`${ENC}rsa-oaep-mgf1p`, { name: "rsa-oaep-mgf1p", padding: "oaep" }],
  [`${ENC11}rsa-oaep`, { name: "rsa-oaep", padding: "oaep" }],
  [`${ENC}rsa-1_5`, { name: "rsa-1_5", padding: "pkcs1", weakness: "rsa-1_5" }],
]);

/** Hashes of RSA-OAEP; SHA-1 is its default and sound there (XML Encryption section 5.5.2). */
export type OaepHash = "sha1" | "sha256" | "sha384" | "sha512";

/** Digest methods inside RSA-OAEP. */
export const OAEP_DIGESTS: ReadonlyMap<string, OaepHash> = new Map<string, OaepHash>([
  [`${DSIG}sha1`, "sha1"],
  [`${ENC}sha256`, "sha256"],
  [`${MORE}sha384`, "sha384"],
  [`${ENC}sha512`, "sha512"],
]);

/** Mask generation functions inside RSA-OAEP (XML Encryption 1.1 section 5.5.2). */
export const OAEP_MASKS: ReadonlyMap<string, OaepHash> = new Map<string, OaepHash>([
  [`${ENC11}mgf1sha1`, "sha1"],
  [`${ENC11}mgf1sha256`, "sha256"],
  [`${ENC11}mgf1sha384`, "sha384"],
  [`${ENC11}mgf1sha512`, "sha512"],
]);

/** The algorithms that a connection lets pass. */
export interface AlgorithmPolicy {
  signature(identifier: string | undefined): SignatureMethod;
  digest(identifier: string | undefined): DigestMethod;
  dataEncryption(identifier: string | undefined): DataEncryption;
  keyTransport(identifier: string | undefined): KeyTransport;
}

/**
 * The closed list of algorithms, less the weak ones that the connection does not allow by name.
 * Each method refuses with `algorithm-not-allowed`, naming the algorithm and the setting.
 */
export function makeAlgorithmPolicy(allowed: readonly WeakAlgorithm[]): AlgorithmPolicy {
  const pick =
    <T extends { readonly name: string; readonly weakness?: WeakAlgorithm }>(
      list: ReadonlyMap<string, T>,
      what: string,
      cause: RejectionCauses["algorithm-not-allowed"],
    ) =>
    (identifier: string | undefined): T => {
      const method = identifier === undefined ? undefined : list.get(identifier);
      if (method === undefined) {
        return refuse(
          "algorithm-not-allowed",
          `${what} ${quote(identifier)} is not supported`,
          cause,
        );
      }
      const { weakness } = method;
      return weakness === undefined || allowed.includes(weakness)
        ? method
        : refuse(
            "algorithm-not-allowed",
            `${what} ${method.name} is weak; the setting connection.weakAlgorithms can allow ${weakness}`,
            cause,
          );
    };
  return {
    signature: pick(SIGNATURE_METHODS, "signature method", "signature"),
    digest: pick(DIGEST_METHODS, "digest method", "digest"),
    dataEncryption: pick(DATA_ENCRYPTIONS, "data encryption", "data-encryption"),
    keyTransport: pick(KEY_TRANSPORTS, "key transport", "key-transport"),
  };
}
