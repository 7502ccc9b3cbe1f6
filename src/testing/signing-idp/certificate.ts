import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";
import {
  bitString,
  der,
  objectIdentifier,
  sequence,
  time,
  unsignedInteger,
  utf8String,
} from "./der.ts";

/** The kinds of key that a test identity provider signs with. */
export type KeyKind = "rsa-2048" | "rsa-1024" | "ec-p256" | "ec-p384";

/** A private key and a certificate for it, both PEM. For tests only. */
export interface TestKey {
  /** RSA, or which curve. */
  readonly kind: KeyKind;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** Self-signed X.509, PEM. */
  readonly certificate: string;
}

/** Options of {@link makeTestKey}. */
export interface TestKeyOptions {
  /** Default `rsa-2048`. */
  readonly kind?: KeyKind;
  /** Common name of the subject; default `test identity provider`. */
  readonly subject?: string;
  /** Start of validity in milliseconds since the epoch; default 2020-01-01. */
  readonly notBefore?: number;
  /** End of validity in milliseconds since the epoch; default 2120-01-01. */
  readonly notAfter?: number;
}

const CURVES = { "ec-p256": "prime256v1", "ec-p384": "secp384r1" } as const;
const RSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.113549.1.1.11"), der(0x05));
const ECDSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const COMMON_NAME = objectIdentifier("2.5.4.3");

/** A fresh key pair with a self-signed certificate (RFC 5280 section 4.1). For tests only. */
export function makeTestKey(options: TestKeyOptions = {}): TestKey {
  const kind = options.kind ?? "rsa-2048";
  const privateKey = generatePrivateKey(kind);
  return { kind, privateKey, certificate: selfSigned(privateKey, kind, options) };
}

/** Another self-signed certificate over the private key of `key`. */
export function reissue(key: TestKey, options: Omit<TestKeyOptions, "kind">): TestKey {
  return { ...key, certificate: selfSigned(key.privateKey, key.kind, options) };
}

/** The base64 of a PEM document, on one line. */
export function pemBody(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, "");
}

function generatePrivateKey(kind: KeyKind): string {
  const { privateKey } =
    kind === "rsa-2048" || kind === "rsa-1024"
      ? generateKeyPairSync("rsa", { modulusLength: kind === "rsa-2048" ? 2048 : 1024 })
      : generateKeyPairSync("ec", { namedCurve: CURVES[kind] });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function selfSigned(privateKey: string, kind: KeyKind, options: TestKeyOptions): string {
  const algorithm = kind.startsWith("rsa") ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256;
  const commonName = sequence(COMMON_NAME, utf8String(options.subject ?? "test identity provider"));
  const name = sequence(der(0x31, commonName));
  const validity = sequence(
    time(options.notBefore ?? Date.UTC(2020, 0, 1)),
    time(options.notAfter ?? Date.UTC(2120, 0, 1)),
  );
  const serial = randomBytes(8);
  serial[0] = 0x40;
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const version3 = der(0xa0, unsignedInteger(Uint8Array.of(2)));
  const toBeSigned = sequence(
    version3,
    unsignedInteger(serial),
    algorithm,
    name,
    validity,
    name,
    publicKey,
  );
  const signature = sign("sha256", toBeSigned, createPrivateKey(privateKey));
  return pem("CERTIFICATE", sequence(toBeSigned, algorithm, bitString(signature)));
}

function pem(label: string, octets: Uint8Array): string {
  const lines =
    Buffer.from(octets)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
