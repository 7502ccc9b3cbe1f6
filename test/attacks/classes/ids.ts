import { type Attack, over } from "../support/attack.ts";
import { type Base, EVERY, RESPONSE_SIGNED, type Stages, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "both"];

/** `attribute` on the Status, which is not signed with the assertion alone. */
function onStatus(attribute: string): Stages {
  return { response: swap("<samlp:Status>", `<samlp:Status ${attribute}>`) };
}

const SAME: readonly string[] = ["ID", "Id", "id", "iD"];

const NAMES: readonly (readonly [string, string])[] = [
  ["empty", ""],
  ["of white space", " "],
  ["with a space in it", "_a b"],
  ["with white space around it", " _a "],
  ["with a hash", "_a#b"],
  ["with a percent sign", "_a%62"],
  ["with a slash", "_a/b"],
  ["with a bracket", "_a]b"],
  ["with a quote", "_a'b"],
  ["beyond ASCII", "_ä"],
  ["of 300 characters", `_${"a".repeat(300)}`],
];

/** IDs that could make one reference mean two elements. */
export const ids: readonly Attack[] = [
  ...SAME.flatMap((spelling) =>
    over(
      `ID: the assertion's, again as ${spelling} on the Status`,
      "id-invalid",
      { ...onStatus(`${spelling}="_same"`), content: { id: "_same" } },
      BASES,
    ),
  ),
  ...over(
    "ID: the assertion's, again as xml:id on the Status",
    ["id-invalid", "structure-invalid"],
    { ...onStatus('xml:id="_same"'), content: { id: "_same" } },
    BASES,
  ),
  ...over(
    "ID: response and assertion share one",
    "id-invalid",
    { content: { id: "_same" }, responseContent: { id: "_same" } },
    BASES,
  ),
  ...over(
    "ID: on an element inside an attribute's value",
    "id-invalid",
    {
      assertion: swap(
        "<saml:AttributeValue>Mallory",
        '<saml:AttributeValue><o:o xmlns:o="urn:o" id="a17"></o:o>',
      ),
    },
    EVERY,
  ),
  ...over(
    "ID: on the NameID",
    "id-invalid",
    { assertion: swap("<saml:NameID ", '<saml:NameID ID="_x" ') },
    EVERY,
  ),
  ...over(
    "ID: a second one in lower case beside the first",
    "id-invalid",
    {
      assertion: swap(
        /( ID="[^"]*")(.*?Version="2.0")/,
        ' ID="_x" IssueInstant="2026-06-01T12:00:00.000Z" Version="2.0" id="_x"',
      ),
    },
    ["assertion", "response"],
  ),
  ...over(
    "ID: under a prefix",
    ["id-invalid", "structure-invalid"],
    {
      response: swap("<samlp:Status>", '<samlp:Status xmlns:x="urn:x" x:ID="_same">'),
      content: { id: "_same" },
    },
    BASES,
  ),
  ...over(
    "ID: the assertion has none",
    ["signature-reference-invalid", "id-invalid", "structure-invalid"],
    { assertion: (xml) => xml.replace(/ ID="[^"]*"/, "") },
    EVERY,
  ),
  ...over(
    "ID: the signed response has none",
    ["signature-reference-invalid", "id-invalid", "structure-invalid"],
    { response: (xml) => xml.replace(/ ID="[^"]*"/, "") },
    RESPONSE_SIGNED,
  ),
  ...NAMES.flatMap(([what, id]) =>
    over(
      `ID: ${what}`,
      ["id-invalid", "signature-reference-invalid", "xml-malformed"],
      { content: { id } },
      ["assertion", "response"],
    ),
  ),
];
