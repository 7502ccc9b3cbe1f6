import { digestOf } from "../../../src/testing/signing-idp/algorithms.ts";
import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];
const URI = / URI="[^"]*"/;

/** The identity provider signs a reference to `uri` instead. */
function referringTo(uri: string): { readonly editSignedInfo: Edit } {
  return { editSignedInfo: swap(URI, uri === "" ? ' URI=""' : ` URI="${uri}"`) };
}

const WRONG: readonly (readonly [string, string])[] = [
  ["nothing (the whole document)", ""],
  ["an address on the web", "http://attacker.example/x.xml"],
  ["a file", "file:///etc/passwd"],
  ["an XPointer to the root", "#xpointer(/)"],
  ["an XPointer by ID", "#xpointer(id('_id'))"],
  ["an ID that is not there", "#_nobody"],
  ["an ID with white space", "# _id"],
  ["only a hash", "#"],
  ["an address with our fragment", "https://app.example/#_id"],
];

const REFERENCE = /<ds:Reference .*?<\/ds:Reference>/s;

function repeated(count: number): { readonly editSignedInfo: Edit } {
  return {
    editSignedInfo: (info) =>
      swap(REFERENCE, (REFERENCE.exec(info)?.[0] ?? "").repeat(count))(info),
  };
}

/** References to anything but the element that holds the signature. */
export const references: readonly Attack[] = [
  ...WRONG.flatMap(([what, uri]) =>
    over(
      `reference: to ${what}`,
      "signature-reference-invalid",
      { signature: referringTo(uri) },
      BASES,
    ),
  ),
  ...over(
    "reference: without URI",
    "signature-reference-invalid",
    { signature: { editSignedInfo: swap(URI, "") } },
    BASES,
  ),
  ...over("reference: none", "signature-structure-invalid", { signature: repeated(0) }, BASES),
  ...over("reference: two", "signature-structure-invalid", { signature: repeated(2) }, BASES),
  ...over("reference: fifty", "signature-structure-invalid", { signature: repeated(50) }, BASES),
  ...over(
    "reference: the assertion's signature covers the response",
    "signature-reference-invalid",
    (base) => ({
      content: { id: "_a" },
      responseContent: { id: "_r" },
      signature: referringTo(base === "response" ? "#_a" : "#_r"),
    }),
    ["assertion", "response"],
  ),
  ...over(
    "reference: a Manifest",
    ["signature-reference-invalid", "signature-structure-invalid"],
    {
      signature: {
        editSignedInfo: swap(URI, ' Type="http://www.w3.org/2000/09/xmldsig#Manifest" URI="#_m"'),
      },
    },
    BASES,
  ),
  ...over(
    "reference: the digest of nothing",
    "signature-invalid",
    {
      signature: {
        editSignedInfo: (info) =>
          info.replace(/(<ds:DigestValue>)[^<]*/, `$1${digestOf("", "sha256")}`),
      },
    },
    BASES,
  ),
];
