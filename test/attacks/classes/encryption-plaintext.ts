import { encryptAssertion, wrapKey } from "../../../src/testing/signing-idp/encrypt-xml.ts";
import { type Attack, over } from "../support/attack.ts";
import { type Base, build, type Edit, ENCRYPTED, swap } from "../support/build.ts";
import { ENTITY_ID, MALLORY, spKey, VICTIM } from "../support/parties.ts";

const UNCOVERED: readonly Base[] = ["encrypted-assertion"];
const FORM = "encryption-structure-invalid" as const;
/** What anybody may learn of a plaintext is that there is something wrong with it. */
const PLAINTEXT = [
  "decryption-failed",
  "xml-malformed",
  "xml-forbidden",
  "xml-too-complex",
  "message-not-utf8",
  "structure-invalid",
] as const;
const ENCRYPTED_DATA = /<xenc:EncryptedData.*<\/xenc:EncryptedData>/s;

const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
const SAML = ` xmlns:saml="${ASSERTION}"`;

/** The prefix of the EncryptedAssertion, which leaves the usual one to be declared otherwise. */
function asPrefix(prefix: string): Edit {
  return (xml) =>
    xml
      .replace(
        "<saml:EncryptedAssertion xmlns:saml=",
        `<${prefix}:EncryptedAssertion xmlns:${prefix}=`,
      )
      .replace("</saml:EncryptedAssertion>", `</${prefix}:EncryptedAssertion>`);
}

function onResponse(namespace: string): Edit {
  return swap("<samlp:Response ", `<samlp:Response xmlns:saml="${namespace}" `);
}

/** The assertion's namespace under one more prefix, which the response's own tag uses. */
const IN_USE: Edit = (xml) =>
  xml.replace(/<samlp:Response ([^>]*)>/, `<samlp:Response xmlns:p="${ASSERTION}" $1 p:q="r">`);

const sealed = (xml: string): string => encryptAssertion(xml, { to: spKey.certificate });
const plainAssertion = (): string =>
  /<saml:Assertion .*<\/saml:Assertion>/s.exec(build("response"))?.[0] ?? "";

/** What hides in the plaintext, and what was encrypted or exchanged by others than the identity provider. */
export const encryptionPlaintext: readonly Attack[] = [
  ...over(
    "encryption: nothing signed inside or outside",
    "signature-missing",
    { signedAssertion: () => plainAssertion() },
    UNCOVERED,
  ),
  ...over(
    "encryption: a forgery around the signed assertion, inside",
    "structure-invalid",
    {
      signedAssertion: (xml) =>
        plainAssertion()
          .replaceAll(MALLORY, VICTIM)
          .replace(
            "<saml:AuthnStatement",
            () => `<saml:Advice>${xml}</saml:Advice><saml:AuthnStatement`,
          ),
    },
    UNCOVERED,
  ),
  ...over(
    "encryption: a response inside",
    PLAINTEXT,
    { signedAssertion: () => build("response") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an encrypted assertion inside",
    PLAINTEXT,
    { signedAssertion: sealed },
    ENCRYPTED,
  ),
  ...over("encryption: no XML inside", PLAINTEXT, { signedAssertion: () => "hello" }, ENCRYPTED),
  ...over(
    "encryption: only white space inside",
    PLAINTEXT,
    { signedAssertion: () => "   " },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a document type inside",
    PLAINTEXT,
    { signedAssertion: (xml) => `<!DOCTYPE x [<!ENTITY y "z">]>${xml}` },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a comment in the NameID inside",
    PLAINTEXT,
    { signedAssertion: swap("mallory@customer", "mallory@<!---->customer") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a processing instruction inside",
    PLAINTEXT,
    { signedAssertion: (xml) => `<?x y?>${xml}` },
    ENCRYPTED,
  ),
  ...over(
    "encryption: text before the assertion inside",
    PLAINTEXT,
    { signedAssertion: (xml) => `x${xml}` },
    ENCRYPTED,
  ),
  ...over(
    "encryption: deep nesting inside",
    PLAINTEXT,
    { signedAssertion: () => "<a>".repeat(3000) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a prefix that is declared nowhere",
    PLAINTEXT,
    { signedAssertion: swap(" Version=", ' x:y="z" Version=') },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a prefix of the assertion's elements that now stands for something else",
    [...PLAINTEXT, "signature-invalid"],
    { signedAssertion: swap(SAML, ""), encrypted: asPrefix("e"), sent: onResponse("urn:x") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a prefix within the assertion that now stands for something else",
    [...PLAINTEXT, "signature-invalid"],
    {
      assertion: swap("Mallory<", `<x:y xmlns:x="urn:x">Mallory</x:y><`),
      signedAssertion: swap(' xmlns:x="urn:x"', ""),
      sent: swap("<samlp:Response ", '<samlp:Response xmlns:x="urn:evil" '),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a prefix declared where no signature covers it",
    PLAINTEXT,
    {
      assertion: swap("Mallory<", `<x:y xmlns:x="urn:x">Mallory</x:y><`),
      signedAssertion: swap(' xmlns:x="urn:x"', ""),
      sent: swap("<samlp:Response ", '<samlp:Response xmlns:x="urn:x" '),
    },
    ["encrypted-response"],
  ),
  ...over(
    "encryption: a declaration taken away that no signature covers, before another of its prefix",
    PLAINTEXT,
    {
      // Made with xmlns:p="urn:x" on the EncryptedAssertion: for another audience than us.
      content: { audience: "https://other.example/metadata" },
      signedAssertion: swap(
        "</saml:Audience>",
        `</saml:Audience><p:Audience>${ENTITY_ID}</p:Audience>`,
      ),
      response: IN_USE,
    },
    ["encrypted-response"],
  ),
  ...over(
    "encryption: encrypted after the response was signed",
    "signature-invalid",
    {
      sent: (xml) =>
        xml.replace(/<saml:Assertion .*<\/saml:Assertion>/s, (assertion) => sealed(assertion)),
    },
    ["response", "both"],
  ),
  ...over(
    "encryption: the ciphertext was exchanged under the signature",
    "signature-invalid",
    {
      sent: (xml) =>
        xml.replace(/<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s, () =>
          sealed(plainAssertion().replaceAll(MALLORY, VICTIM)),
        ),
    },
    ["encrypted-response", "encrypted-both"],
  ),
  ...over(
    "encryption: an encrypted key of absurd length",
    FORM,
    {
      encrypted: swap(
        /(<xenc:EncryptedKey.*?<xenc:CipherValue>)[^<]*/s,
        `<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"></xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>${Buffer.alloc(3000).toString("base64")}`,
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a content key of the wrong length",
    "decryption-failed",
    {
      encrypted: swap(
        /(<xenc:EncryptedKey.*?<xenc:CipherValue>)[^<]*/s,
        `<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"></xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>${Buffer.from(wrapKey(Buffer.alloc(16), spKey.certificate, "rsa-oaep-mgf1p")).toString("base64")}`,
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: the NameID is encrypted",
    ["name-id-encrypted", "structure-invalid"],
    {
      assertion: (xml) =>
        xml.replace(
          /<saml:NameID.*<\/saml:NameID>/s,
          () =>
            `<saml:EncryptedID>${ENCRYPTED_DATA.exec(sealed("<x></x>"))?.[0] ?? ""}</saml:EncryptedID>`,
        ),
    },
    ["assertion", "response", "both"],
  ),
  ...over(
    "encryption: an attribute is encrypted",
    ["attribute-invalid", "structure-invalid"],
    {
      assertion: (xml) =>
        xml.replace(
          /<saml:Attribute .*<\/saml:Attribute>/s,
          () =>
            `<saml:EncryptedAttribute>${ENCRYPTED_DATA.exec(sealed("<x></x>"))?.[0] ?? ""}</saml:EncryptedAttribute>`,
        ),
    },
    ["assertion", "response", "both"],
  ),
  ...over(
    "encryption: what would be an assertion under another name",
    "structure-invalid",
    { signedAssertion: (xml) => xml.replaceAll("saml:Assertion", "saml:Statement") },
    ["encrypted-response"],
  ),
];
