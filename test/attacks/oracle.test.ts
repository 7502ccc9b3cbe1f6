import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import {
  encryptOctets,
  type XmlEncryptionOptions,
} from "../../src/testing/signing-idp/encrypt-xml.ts";
import { posting } from "./support/attack.ts";
import { build, swap } from "./support/build.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";

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
];

const UNSIGNED =
  '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0"/>';

describe("what an encrypted message can be asked", () => {
  let endpoint: Endpoint;
  before(async () => {
    endpoint = await startEndpoint();
  });
  after(() => endpoint.close());

  it("is nothing: every failure after the key was used has one answer", async () => {
    const answers = new Map<string, string>();
    for (const [way, xml] of WAYS) {
      const { status, body } = await endpoint.send({ name: way, request: () => posting(xml()) });
      answers.set(way, `${status} ${body.replace(/[A-Z0-9]{4,}(?:-[A-Z0-9]{4,})*/g, "REFERENCE")}`);
    }
    const [usual] = answers.values();
    for (const [way, answer] of answers) expect(answer, way).to.equal(usual);
  });
});
