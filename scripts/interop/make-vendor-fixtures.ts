/**
 * Writes test/vendors/fixtures anew from test/vendors/templates: fresh test keys, certificates,
 * signatures (by xmlsec1, which is not ours) and encryption. Only a change of a template needs it.
 * With the name of a vendor, only that vendor's, for the service provider's key as it is.
 *
 *     tsx scripts/interop/make-vendor-fixtures.ts [VENDOR]
 */
import { execFileSync } from "node:child_process";
import { createPublicKey, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { makeTestKey, pemBody, type TestKey } from "../../src/testing/signing-idp/certificate.ts";
import { encryptOctets, wrapKey } from "../../src/testing/signing-idp/encrypt-xml.ts";

const TEMPLATES = "test/vendors/templates";
const FIXTURES = "test/vendors/fixtures";

/** Between whom and when every fixture is; test/vendors/vendors.ts says the same. */
const CONVERSATION = {
  acs: "https://app.example/saml/acs",
  audience: "https://app.example/saml/metadata",
  request: "_2f4c8a1b6d0e4f7a9c3b5d8e1f2a4c6b8d0e2f4a",
};

const folder = mkdtempSync(join(tmpdir(), "vendor-fixtures-"));
try {
  const [only] = process.argv.slice(2);
  const serviceProvider = only === undefined ? newServiceProvider() : storedServiceProvider();
  for (const file of readdirSync(TEMPLATES)) {
    const vendor = /^(.+)\.response\.xml$/.exec(file)?.[1];
    if (vendor !== undefined && (only ?? vendor) === vendor) writeVendor(vendor, serviceProvider);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function newServiceProvider(): TestKey {
  const serviceProvider = makeTestKey({ subject: "test service provider" });
  mkdirSync(FIXTURES, { recursive: true });
  writeFileSync(`${FIXTURES}/service-provider.crt`, serviceProvider.certificate);
  writeFileSync(`${FIXTURES}/service-provider.key`, serviceProvider.privateKey);
  return serviceProvider;
}

function storedServiceProvider(): TestKey {
  const read = (kind: string) => readFileSync(`${FIXTURES}/service-provider.${kind}`, "utf8");
  return { kind: "rsa-2048", certificate: read("crt"), privateKey: read("key") };
}

function writeVendor(vendor: string, serviceProvider: TestKey): void {
  const signing = makeTestKey({ subject: `test ${vendor}` });
  const next = makeTestKey({ subject: `test ${vendor}, next` });
  const values: Record<string, string> = {
    ...CONVERSATION,
    ...certificateValues("certificate", signing),
    ...certificateValues("next-certificate", next),
    ...certificateValues("sp-certificate", serviceProvider),
    modulus: modulusOf(signing),
  };
  const write = (part: string, xml: string): string => {
    mkdirSync(`${FIXTURES}/${vendor}`, { recursive: true });
    const written = signed(xml, signing);
    writeFileSync(`${FIXTURES}/${vendor}/${part}.xml`, written);
    return written;
  };
  const sent = (part: string, more: Record<string, string> = {}): string =>
    compact(expanded(template(`${vendor}.${part}`), { ...values, ...more }));
  write("metadata", expanded(template(`${vendor}.metadata`), values));
  if (has(`${vendor}.assertion`)) {
    // Encrypted by default: the response is signed around it.
    write(
      "response",
      sent("response", encryptedTo(serviceProvider, "aes128-gcm", sent("assertion"))),
    );
    return;
  }
  const response = write("response", sent("response"));
  if (has(`${vendor}.encrypted`)) {
    // The same assertion, signed before it is encrypted.
    const [assertion = ""] = /<Assertion[\s\S]*<\/Assertion>/.exec(response) ?? [];
    write("encrypted", sent("encrypted", encryptedTo(serviceProvider, "aes256-cbc", assertion)));
  }
}

function certificateValues(name: string, { certificate }: TestKey): Record<string, string> {
  const body = pemBody(certificate);
  return { [name]: body, [`${name}-lines`]: (body.match(/.{1,76}/g) ?? []).join("\n") };
}

function modulusOf({ certificate }: TestKey): string {
  const { n = "" } = createPublicKey(certificate).export({ format: "jwk" });
  return Buffer.from(n, "base64url").toString("base64");
}

/** The values of an EncryptedData. */
function encryptedTo(
  { certificate }: TestKey,
  cipher: "aes128-gcm" | "aes256-cbc",
  assertion: string,
): Record<string, string> {
  const key = randomBytes(cipher === "aes128-gcm" ? 16 : 32);
  const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString("base64");
  return {
    ciphertext: base64(encryptOctets(Buffer.from(assertion, "utf8"), cipher, key)),
    "wrapped-key": base64(wrapKey(key, certificate, "rsa-oaep-mgf1p")),
  };
}

function has(name: string): boolean {
  return readdirSync(TEMPLATES).includes(`${name}.xml`);
}

function template(name: string): string {
  return readFileSync(`${TEMPLATES}/${name}.xml`, "utf8");
}

function expanded(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`a template asks for ${name}`);
    return value;
  });
}

/** The vendors send no line breaks between elements; the templates have them to be read. */
function compact(xml: string): string {
  return xml.trim().replace(/>\s+</g, "><");
}

/** Fills in every empty signature, the innermost first, with what xmlsec1 computes. */
function signed(xml: string, key: TestKey): string {
  const references = [...xml.matchAll(/<(?:\w+:)?Reference URI="#([^"]+)"/g)].map(
    ([, id = ""]) => id,
  );
  return references.reduceRight((document, id) => signedOne(document, id, key), xml);
}

function signedOne(xml: string, id: string, key: TestKey): string {
  const input = join(folder, "input.xml");
  const output = join(folder, "output.xml");
  const privateKey = join(folder, "key.pem");
  writeFileSync(input, withoutKeyInfo(xml, id));
  writeFileSync(privateKey, key.privateKey);
  const options = [
    "sign",
    "--privkey-pem",
    privateKey,
    "--output",
    output,
    ...["protocol:Response", "assertion:Assertion", "metadata:EntityDescriptor"].flatMap((name) => [
      "--id-attr:ID",
      `urn:oasis:names:tc:SAML:2.0:${name}`,
    ]),
    "--node-xpath",
    `//*[local-name()='Signature'][.//*[@URI='#${id}']]`,
    input,
  ];
  execFileSync("xmlsec1", options, { stdio: "ignore" });
  const result = readFileSync(output, "utf8");
  return ["DigestValue", "SignatureValue"].reduce(
    (document, name) => withValue(document, id, name, computedValue(result, id, name)),
    xml,
  );
}

/** xmlsec1 would look for its key there; what an enveloped signature holds itself is not signed. */
function withoutKeyInfo(xml: string, id: string): string {
  const keyInfo =
    /(<(?:\w+:)?SignatureValue><\/(?:\w+:)?SignatureValue>\s*)<((?:\w+:)?KeyInfo)[\s\S]*?<\/\2>/;
  const at = xml.indexOf(`URI="#${id}"`);
  return xml.slice(0, at) + xml.slice(at).replace(keyInfo, "$1");
}

/** Only the values are taken over: xmlsec1 writes quotes and empty elements in its own way. */
function computedValue(xml: string, id: string, name: string): string {
  const value = placeOf(id, name).exec(xml)?.[2];
  if (value === undefined || value === "") throw new Error(`no ${name} for ${id}`);
  return value.replace(/\s/g, "");
}

function withValue(xml: string, id: string, name: string, value: string): string {
  return xml.replace(placeOf(id, name), (_, before: string) => `${before}${value}`);
}

function placeOf(id: string, name: string): RegExp {
  return new RegExp(`(URI="#${id}"[\\s\\S]*?<(?:\\w+:)?${name}>)([^<]*)`);
}
