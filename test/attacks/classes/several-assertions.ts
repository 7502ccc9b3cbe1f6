import { encryptAssertion } from "../../../src/testing/signing-idp/encrypt-xml.ts";
import { type Attack, over } from "../support/attack.ts";
import { build, type Edit, swap } from "../support/build.ts";
import { MALLORY, spKey, VICTIM } from "../support/parties.ts";

const refused = ["structure-invalid", "id-invalid"] as const;
const ASSERTION = /<saml:Assertion .*<\/saml:Assertion>/s;
const ENCRYPTED = /<saml:EncryptedAssertion .*<\/saml:EncryptedAssertion>/s;

const assertionOf = (xml: string): string => ASSERTION.exec(xml)?.[0] ?? "";
const forged: Edit = (xml) =>
  xml
    .replaceAll(MALLORY, VICTIM)
    .replace(/<ds:Signature .*?<\/ds:Signature>/s, "")
    .replace(/ ID="[^"]*"/, ' ID="_forged"');

const end = "</samlp:Response>";
const other = (): string => assertionOf(build("assertion"));
const sealed = (xml: string): string => encryptAssertion(xml, { to: spKey.certificate });

/** More than one assertion, plain or encrypted: which of them is read is anybody's guess. */
export const severalAssertions: readonly Attack[] = [
  ...over(
    "several: two assertions, each signed by the identity provider",
    refused,
    { sent: (xml) => swap(end, other() + end)(xml) },
    ["assertion"],
  ),
  ...over(
    "several: two assertions under one response signature",
    refused,
    { response: (xml) => swap(end, other() + end)(xml) },
    ["response", "both"],
  ),
  ...over(
    "several: an encrypted forgery behind the signed assertion",
    refused,
    { sent: (xml) => swap(end, sealed(forged(assertionOf(xml))) + end)(xml) },
    ["assertion"],
  ),
  ...over(
    "several: an encrypted forgery before the signed assertion",
    refused,
    {
      sent: (xml) =>
        swap("<saml:Assertion", `${sealed(forged(assertionOf(xml)))}<saml:Assertion`)(xml),
    },
    ["assertion"],
  ),
  ...over(
    "several: a plain forgery behind the encrypted assertion",
    refused,
    { sent: (xml) => swap(end, forged(other()) + end)(xml) },
    ["encrypted-assertion"],
  ),
  ...over(
    "several: a plain forgery before the encrypted assertion",
    refused,
    {
      sent: (xml) =>
        swap("<saml:EncryptedAssertion", `${forged(other())}<saml:EncryptedAssertion`)(xml),
    },
    ["encrypted-assertion"],
  ),
  ...over(
    "several: two encrypted assertions",
    refused,
    { sent: (xml) => swap(end, sealed(other()) + end)(xml) },
    ["encrypted-assertion"],
  ),
  ...over(
    "several: the encrypted assertion twice",
    refused,
    { sent: (xml) => swap(end, (ENCRYPTED.exec(xml)?.[0] ?? "") + end)(xml) },
    ["encrypted-assertion"],
  ),
  ...over(
    "several: two assertions in one ciphertext",
    [...refused, "xml-malformed", "decryption-failed"],
    { signedAssertion: (xml) => forged(xml) + xml },
    ["encrypted-assertion"],
  ),
  ...over(
    "several: an assertion in the Advice of the other, both signed",
    refused,
    {
      assertion: swap(
        "<saml:AuthnStatement",
        `<saml:Advice>${assertionOf(build("assertion"))}</saml:Advice><saml:AuthnStatement`,
      ),
    },
    ["assertion", "response", "both", "encrypted-both"],
  ),
  ...over(
    "several: an assertion of another namespace beside the real one",
    refused,
    { response: swap(end, `<Assertion xmlns="urn:x"></Assertion>${end}`) },
    ["assertion", "response", "both"],
  ),
  ...over(
    "several: no assertion at all",
    ["structure-invalid", "signature-missing"],
    { sent: (xml) => xml.replace(ASSERTION, "") },
    ["assertion"],
  ),
  ...over(
    "several: something else where the assertion belongs",
    "structure-invalid",
    { response: swap(ASSERTION, "<samlp:Other></samlp:Other>") },
    ["response"],
  ),
  ...over(
    "several: no assertion under a response signature",
    "structure-invalid",
    { response: (xml) => xml.replace(ASSERTION, "") },
    ["response"],
  ),
];
