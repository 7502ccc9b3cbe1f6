import { pemBody } from "../../../src/testing/signing-idp/certificate.ts";
import type { DataCipher } from "../../../src/testing/signing-idp/encrypt-xml.ts";
import { all, type Base, ENCRYPTED, swap } from "../support/build.ts";
import { spKey } from "../support/parties.ts";
import { type Legitimate, onElement, prefixed, taken } from "./legitimate.ts";

const CIPHERS: readonly DataCipher[] = ["aes128-cbc", "aes256-cbc", "aes128-gcm", "aes256-gcm"];
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const INNER: readonly Base[] = ["encrypted-assertion", "encrypted-both"];
const INSIDE_KEY_INFO = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${pemBody(spKey.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;

/** Encrypted assertions in every form that identity providers use. */
export const encrypted: readonly Legitimate[] = [
  ...CIPHERS.flatMap((cipher) =>
    taken(`encrypted with ${cipher}`, { encryption: { cipher } }, ENCRYPTED),
  ),
  ...CIPHERS.slice(0, 2).flatMap((cipher) =>
    taken(
      `${cipher}, the key beside the data`,
      { encryption: { cipher, encryptedKey: "sibling" } },
      ENCRYPTED,
    ),
  ),
  ...taken("the key beside the data", { encryption: { encryptedKey: "sibling" } }, ENCRYPTED),
  ...taken(
    "key transport that leaves its digest out",
    { encrypted: swap(/<ds:DigestMethod[^>]*><\/ds:DigestMethod>/, "") },
    ENCRYPTED,
  ),
  ...taken(
    "our certificate named in the EncryptedKey",
    {
      encrypted: swap(
        /(?<=<xenc:EncryptedKey>.*?)<xenc:CipherData>/s,
        `${INSIDE_KEY_INFO}<xenc:CipherData>`,
      ),
    },
    ENCRYPTED,
  ),
  ...taken(
    "the EncryptedKey names its recipient",
    {
      encrypted: swap(
        "<xenc:EncryptedKey",
        '<xenc:EncryptedKey Recipient="https://app.example/saml/metadata"',
      ),
    },
    ENCRYPTED,
  ),
  ...taken(
    "IDs on data and key",
    {
      encrypted: (xml) =>
        xml
          .replace("<xenc:EncryptedData ", "<xenc:EncryptedData ")
          .replace(' Type="', ' Id="_data" Type="')
          .replace("<xenc:EncryptedKey", '<xenc:EncryptedKey Id="_key"'),
    },
    ENCRYPTED,
  ),
  ...taken("no type on the data", { encrypted: swap(/ Type="[^"]*"/, "") }, ENCRYPTED),
  ...taken(
    "values in lines",
    {
      encrypted: (xml) =>
        xml.replace(
          /<xenc:CipherValue>([^<]*)/g,
          (_, value: string) => `<xenc:CipherValue>\n${value.replace(/.{1,64}/g, "$&\n")}`,
        ),
    },
    ENCRYPTED,
  ),
  ...taken("the encryption's prefix is another", { encrypted: prefixed("xenc", "e") }, ENCRYPTED),
  ...taken(
    "an XML declaration inside",
    { signedAssertion: (xml) => `<?xml version="1.0" encoding="UTF-8"?>${xml}` },
    INNER,
  ),
  ...taken(
    "white space around the assertion inside",
    { signedAssertion: (xml) => `\n  ${xml}\n` },
    INNER,
  ),
  ...taken("key transport with SHA-256", { encryption: { keyTransport: "rsa-oaep" } }, ENCRYPTED),
  ...taken(
    "in its place, with a prefix that is declared around it",
    { signedAssertion: swap(' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"', "") },
    ENCRYPTED,
  ),
  ...taken(
    "in its place, with prefixes that the response declares",
    {
      assertion: (xml) =>
        swap("<saml:AttributeValue>", `<saml:AttributeValue ${XSI} xsi:type="xs:string">`)(xml),
      signedAssertion: all(
        swap(' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"', ""),
        swap(` ${XSI}`, ""),
      ),
      sent: onElement("samlp:Response", `${XSI} xmlns:xs="http://www.w3.org/2001/XMLSchema"`),
    },
    INNER,
  ),
  ...taken(
    "in its place, key transport with SHA-256",
    {
      signedAssertion: swap(' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"', ""),
      encryption: { keyTransport: "rsa-oaep" },
    },
    ENCRYPTED,
  ),
  ...taken(
    "triple DES where the connection allows it",
    { encryption: { cipher: "tripledes-cbc" } },
    ENCRYPTED,
    {
      connection: { weakAlgorithms: ["triple-des"] },
    },
  ),
];
