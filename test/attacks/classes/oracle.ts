import {
  encryptOctets,
  type XmlEncryptionOptions,
} from "../../../src/testing/signing-idp/encrypt-xml.ts";
import { type Attack, once, posting } from "../support/attack.ts";
import { build, swap } from "../support/build.ts";

const KEY = Buffer.alloc(16, 7);
const CBC: Partial<XmlEncryptionOptions> = { cipher: "aes128-cbc", key: KEY };
const CIPHER_VALUE = /(<xenc:CipherValue>)[^<]*(<\/xenc:CipherValue>(?!.*<xenc:CipherValue>))/s;

/** A response whose ciphertext decrypts to `octets`, or is `cipher` as it stands. */
function holding(octets: Uint8Array, cipher?: Uint8Array): string {
  const encrypted = Buffer.from(cipher ?? encryptOctets(octets, "aes128-cbc", KEY));
  return build("encrypted-assertion", {
    encryption: CBC,
    encrypted: swap(
      CIPHER_VALUE,
      `<xenc:CipherValue>${encrypted.toString("base64")}</xenc:CipherValue>`,
    ),
  });
}

const text = (content: string): string => holding(Buffer.from(content));

/** One for each way in which a decryption can go wrong (XML Encryption section 6.1.5, CVE-2011-1096). */
const WAYS: readonly (readonly [string, () => string])[] = [
  ["bad padding", () => holding(Buffer.alloc(0), Buffer.alloc(64, 3))],
  ["no whole blocks", () => holding(Buffer.alloc(0), Buffer.alloc(63, 3))],
  ["nothing", () => holding(Buffer.alloc(0))],
  ["no UTF-8", () => holding(Buffer.from([0x3c, 0xff, 0xfe, 0x3e]))],
  ["a byte order mark", () => text("\uFEFF<a/>")],
  ["no XML", () => text("hello")],
  ["XML that is cut off", () => text("<a><b>")],
  ["a document type", () => text("<!DOCTYPE a><a/>")],
  ["a character that XML has not", () => text("<a>\u0001</a>")],
  ["another element", () => text("<a/>")],
  ["too many levels", () => text("<a>".repeat(1000))],
  ["an assertion without a signature", () => text(UNSIGNED)],
  ["an assertion with a prefix of its surroundings", () => text('<saml:Assertion ID="_a"/>')],
  ["an assertion with a prefix of nowhere", () => text('<x:Assertion ID="_a"/>')],
  [
    "a signature in the namespace of its surroundings",
    () => text('<saml:Assertion ID="_a"><samlp:Signature/></saml:Assertion>'),
  ],
];

const UNSIGNED =
  '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0"/>';

/** Questions to a decryption that nobody may ask: all of them have one answer, also in the audit. */
export const oracle: readonly Attack[] = WAYS.map(([way, xml]) =>
  once(`oracle: a ciphertext that holds ${way}`, "decryption-failed", () => posting(xml())),
);
