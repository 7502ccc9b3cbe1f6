import { all, type Base, type Edit, ENCRYPTED, swap } from "../support/build.ts";
import { ACS_URL, MALLORY } from "../support/parties.ts";
import { type Legitimate, taken } from "./legitimate.ts";

const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-both"];
const UNSIGNED_HEAD: readonly Base[] = ["assertion", "encrypted-assertion"];
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const WITH_COMMENTS = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
const EXCLUSIVE = /http:\/\/www\.w3\.org\/2001\/10\/xml-exc-c14n#(?=")/;
const SPACED = ` \n\t${ACS_URL} `;
const mail = { nameIdFormat: PERSISTENT, nameId: "_p", attributes: { mail: MALLORY } };
const repeated = (value: string): Edit =>
  swap(
    "<saml:Attribute ",
    `<saml:Attribute Name="mail"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute><saml:Attribute `,
  );

/** What products send that is more, less or other than the standard, and that has one meaning. */
export const leniencies: readonly Legitimate[] = [
  ...taken(
    "the address in two attributes of one name",
    {
      content: mail,
      assertion: repeated(MALLORY),
    },
    BASES,
  ),
  ...taken(
    "the address in two attributes of one name, in capitals and with space",
    {
      content: mail,
      assertion: repeated(` ${MALLORY.toUpperCase()}\n`),
    },
    BASES,
  ),
  ...taken(
    "the address twice in one attribute",
    {
      content: { ...mail, attributes: { mail: [MALLORY, MALLORY] } },
    },
    BASES,
  ),
  ...taken(
    "an empty NameID, the address in an attribute",
    { content: { ...mail, nameId: "" } },
    BASES,
  ),
  ...taken(
    "an empty InResponseTo",
    {
      content: { inResponseTo: "" },
      responseContent: { inResponseTo: "" },
    },
    BASES,
  ),
  ...taken(
    "an empty InResponseTo on the response alone",
    { responseContent: { inResponseTo: "" } },
    BASES,
  ),
  ...taken(
    "an InResponseTo of white space on the confirmation alone",
    { content: { inResponseTo: " " } },
    BASES,
  ),
  ...taken(
    "an empty Destination on a response that is not signed",
    { responseContent: { destination: "" } },
    UNSIGNED_HEAD,
  ),
  ...taken(
    "white space around Destination and Recipient",
    {
      content: { recipient: SPACED },
      responseContent: { destination: SPACED },
    },
    BASES,
  ),
  ...taken(
    "white space around the format of the NameID",
    {
      assertion: swap(/(?<=<saml:NameID Format=")/, " "),
    },
    BASES,
  ),
  ...taken(
    "white space around the method of the confirmation",
    {
      assertion: swap(/(?<=<saml:SubjectConfirmation Method=")/, " "),
    },
    BASES,
  ),
  ...["sha256", "sha384"].flatMap((digest) =>
    taken(
      `canonicalization with comments, of which there are none, digest ${digest}`,
      {
        signature: {
          digest: digest === "sha256" ? "sha256" : "sha384",
          editSignedInfo: all(
            (info) => info.replace(EXCLUSIVE, WITH_COMMENTS),
            (info) => info.replace(EXCLUSIVE, WITH_COMMENTS),
          ),
        },
      },
      BASES,
    ),
  ),
  ...taken(
    "the key beside the data, without KeyInfo",
    {
      encryption: { encryptedKey: "sibling" },
      encrypted: swap(/<ds:KeyInfo.*?<\/ds:KeyInfo>/s, ""),
    },
    ENCRYPTED,
  ),
  ...taken(
    "the key beside the data, which names another key only",
    {
      encryption: { encryptedKey: "sibling" },
      encrypted: swap(
        /<ds:RetrievalMethod.*?<\/ds:RetrievalMethod>/s,
        "<ds:KeyName>k</ds:KeyName>",
      ),
    },
    ENCRYPTED,
  ),
  ...["1abc", "0", "_a:b", "a+b", "-a", ".a", "12:34-56.78+90_"].flatMap((id) =>
    // One ID for each: an assertion is accepted once.
    BASES.flatMap((base, index) =>
      taken(
        `an ID that is no NCName: ${id}`,
        { content: { id: `${id}${index}` }, responseContent: { id: `${id}r` } },
        [base],
      ),
    ),
  ),
  ...taken(
    "a subject without NameID, the address in an attribute",
    {
      content: { attributes: { mail: MALLORY } },
      assertion: swap(/<saml:NameID.*?<\/saml:NameID>/s, ""),
    },
    BASES,
  ),
  ...taken("an empty SessionIndex", { assertion: swap(/(?<=SessionIndex=")[^"]*/, "") }, BASES),
  ...taken(
    "empty qualifiers of the NameID",
    {
      assertion: swap(/(?<=<saml:NameID Format="[^"]*")/, ' NameQualifier="" SPNameQualifier=""'),
    },
    BASES,
  ),
  ...taken(
    "encrypted data of an empty Type",
    { encrypted: swap(/(?<=<xenc:EncryptedData [^>]*Type=")[^"]*/, "") },
    ENCRYPTED,
  ),
  ...taken(
    "a key transport with an empty label, which is the usual one",
    {
      encrypted: swap(/(?<=xmlenc#rsa-oaep-mgf1p">)/, "<xenc:OAEPparams></xenc:OAEPparams>"),
    },
    ENCRYPTED,
  ),
  ...taken(
    "a first name whose first value is empty",
    {
      content: { attributes: { givenName: ["", "Mallory"] } },
    },
    BASES,
  ),
];
