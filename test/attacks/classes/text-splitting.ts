import { type Attack, afterSigning, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";
import { VICTIM } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];

/** Texts that are read, each as it stands in the assertion or response. */
const TEXTS = [
  { where: "NameID", whole: "mallory@customer.example</saml:NameID>" },
  { where: "Audience", whole: "https://app.example/saml/metadata</saml:Audience>" },
  { where: "Issuer", whole: "https://idp.example/metadata</saml:Issuer>" },
  { where: "AttributeValue", whole: "Mallory</saml:AttributeValue>" },
] as const;

/** What may stand in the middle of a text, and how it is refused. */
const SPLITTERS = [
  { what: "a comment", splitter: "<!--x-->", refused: ["xml-forbidden"] },
  { what: "a processing instruction", splitter: "<?x y?>", refused: ["xml-forbidden"] },
  { what: "an empty CDATA section", splitter: "<![CDATA[]]>", refused: ["xml-forbidden"] },
] as const;

/** Comments are not canonical: they can be put into what is signed (the advisories of 2018). */
function splitAfterSigning(whole: string, splitter: string): Edit {
  const middle = Math.floor(whole.indexOf("<") / 2);
  return swap(whole, whole.slice(0, middle) + splitter + whole.slice(middle));
}

const suffixed = `${VICTIM}<!---->.mallory.example`;

/** Texts that different readers cut at different places. */
export const textSplitting: readonly Attack[] = [
  ...TEXTS.flatMap(({ where, whole }) =>
    SPLITTERS.flatMap(({ what, splitter, refused }) =>
      over(
        `text: ${what} in the ${where}`,
        refused,
        afterSigning(splitAfterSigning(whole, splitter)),
        where === "NameID" ? BASES : ["assertion", "encrypted-assertion"],
      ),
    ),
  ),
  ...over(
    "text: the victim's address before a comment, the rest Mallory's own",
    "xml-forbidden",
    (base) => ({
      content: { nameId: `${VICTIM}.mallory.example` },
      ...afterSigning(swap(`${VICTIM}.mallory.example`, suffixed))(base),
    }),
    ["assertion", "response", "both", "encrypted-assertion"],
  ),
  ...over(
    "text: a child element in the NameID",
    ["structure-invalid", "subject-invalid"],
    { assertion: swap(/mallory@(?=[^<]*<\/saml:NameID>)/, "mallory<saml:x></saml:x>@") },
    BASES,
  ),
  ...over(
    "text: a child element in the Audience",
    ["structure-invalid", "audience-mismatch", "condition-unknown"],
    { assertion: swap("saml/metadata</saml:Audience>", "saml/<x></x>metadata</saml:Audience>") },
    BASES,
  ),
  ...over(
    "text: a child element in the assertion's Issuer",
    ["structure-invalid", "issuer-mismatch"],
    { assertion: swap("metadata</saml:Issuer>", "meta<x></x>data</saml:Issuer>") },
    BASES,
  ),
  ...over(
    "text: a child element in the address's AttributeValue",
    ["attribute-invalid", "email-missing", "structure-invalid", "email-invalid"],
    {
      content: {
        nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        attributes: { mail: VICTIM },
      },
      assertion: swap("victim@", "victim<x></x>@"),
    },
    BASES,
    { beyondThePort: true },
  ),
  ...over(
    "text: an entity that is nowhere declared",
    ["xml-forbidden", "xml-malformed"],
    afterSigning(swap("mallory@customer", "mallory@&evil;customer")),
    BASES,
  ),
  ...over(
    "text: a comment in the DigestValue",
    "xml-forbidden",
    afterSigning(swap("<ds:DigestValue>", "<ds:DigestValue><!--x-->")),
    BASES,
  ),
  ...over(
    "text: a comment in the SignatureValue",
    "xml-forbidden",
    afterSigning(swap("<ds:SignatureValue>", "<ds:SignatureValue><!--x-->")),
    BASES,
  ),
  ...over(
    "text: comments outside of the root",
    "xml-forbidden",
    { sent: (xml) => `<!--x-->${xml}` },
    ["assertion", "response"],
  ),
];
