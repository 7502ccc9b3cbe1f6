import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";

/** A DER element (X.690 section 8.1): tag, length, contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), lengthOctets(body.length), body]);
}

/** SEQUENCE. */
export function sequence(...members: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...members);
}

/** OBJECT IDENTIFIER, from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** INTEGER that is not negative, from its big-endian octets. */
export function unsignedInteger(octets: Uint8Array): Uint8Array {
  const negative = (octets[0] ?? 0) >= 0x80;
  return negative ? der(0x02, Uint8Array.of(0), octets) : der(0x02, octets);
}

/** BIT STRING of whole octets. */
export function bitString(octets: Uint8Array): Uint8Array {
  return der(0x03, Uint8Array.of(0), octets);
}

/** UTF8String. */
export function utf8String(text: string): Uint8Array {
  return der(0x0c, Buffer.from(text, "utf8"));
}

/** UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5). */
export function time(ms: number): Uint8Array {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return digits < "2050"
    ? der(0x17, Buffer.from(digits.slice(2), "ascii"))
    : der(0x18, Buffer.from(digits, "ascii"));
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.from([0x80 | octets.length, ...octets]);
}

function base128(value: number): readonly number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(0x80 | (rest % 128));
  }
  return octets;
}

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

/**
 * A certificate over any public key, PEM, signed by another key: of keys too weak to sign with, or of
 * those whose private half is elsewhere.
 *
 * @param publicKey SubjectPublicKeyInfo, DER.
 */
export function certify(publicKey: Uint8Array, by: TestKey, options: TestKeyOptions = {}): string {
  return certificateOver(publicKey, by, options);
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
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return certificateOver(publicKey, { privateKey, kind }, options);
}

function certificateOver(
  publicKey: Uint8Array,
  { privateKey, kind }: Pick<TestKey, "privateKey" | "kind">,
  options: TestKeyOptions,
): string {
  const algorithm = kind.startsWith("rsa") ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256;
  const commonName = sequence(COMMON_NAME, utf8String(options.subject ?? "test identity provider"));
  const name = sequence(der(0x31, commonName));
  const validity = sequence(
    time(options.notBefore ?? Date.UTC(2020, 0, 1)),
    time(options.notAfter ?? Date.UTC(2120, 0, 1)),
  );
  const serial = randomBytes(8);
  serial[0] = 0x40;
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
