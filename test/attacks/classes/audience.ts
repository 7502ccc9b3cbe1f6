import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";
import { ENTITY_ID } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-assertion"];
const FEWER: readonly Base[] = ["assertion", "encrypted-response"];
const RESTRICTION = /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/s;

const restriction = (...audiences: readonly string[]): string =>
  `<saml:AudienceRestriction>${audiences.map((a) => `<saml:Audience>${a}</saml:Audience>`).join("")}</saml:AudienceRestriction>`;
const restrictions = (...written: readonly string[]): { readonly assertion: Edit } => ({
  assertion: swap(RESTRICTION, written.join("")),
});

const OTHERS: readonly (readonly [string, string])[] = [
  ["another service provider", "https://other.example/metadata"],
  ["ours in capitals", ENTITY_ID.toUpperCase()],
  ["ours with a slash behind", `${ENTITY_ID}/`],
  ["ours without its last letter", ENTITY_ID.slice(0, -1)],
  ["ours and more", `${ENTITY_ID}.evil.example`],
  ["ours within another", `https://evil.example/?x=${ENTITY_ID}`],
  ["ours by http", ENTITY_ID.replace("https", "http")],
  ["ours with its port", ENTITY_ID.replace(".example", ".example:443")],
  ["ours with an escape", ENTITY_ID.replace("metadata", "metadat%61")],
  ["ours and another in one text", `${ENTITY_ID} https://other.example`],
  ["nobody", ""],
];

/** Assertions that were made for somebody else (profiles section 4.1.4.2, core section 2.5.1.4). */
export const audience: readonly Attack[] = [
  ...OTHERS.flatMap(([what, other], index) =>
    over(
      `audience: ${what}`,
      "audience-mismatch",
      { content: { audience: other } },
      index === 0 ? BASES : FEWER,
    ),
  ),
  ...over("audience: no restriction", "audience-missing", restrictions(), BASES),
  ...over(
    "audience: a restriction without members",
    "audience-mismatch",
    restrictions(restriction()),
    FEWER,
  ),
  ...over(
    "audience: a second restriction without us",
    "audience-mismatch",
    restrictions(restriction(ENTITY_ID), restriction("https://other.example")),
    BASES,
  ),
  ...over(
    "audience: a first restriction without us",
    "audience-mismatch",
    restrictions(restriction("https://other.example"), restriction(ENTITY_ID)),
    BASES,
  ),
  ...over(
    "audience: only in a proxy restriction",
    "audience-missing",
    restrictions(
      `<saml:ProxyRestriction Count="1"><saml:Audience>${ENTITY_ID}</saml:Audience></saml:ProxyRestriction>`,
    ),
    FEWER,
  ),
  ...over(
    "audience: of another namespace",
    ["audience-mismatch", "condition-unknown"],
    restrictions(
      `<saml:AudienceRestriction><x:Audience xmlns:x="urn:x">${ENTITY_ID}</x:Audience></saml:AudienceRestriction>`,
    ),
    FEWER,
  ),
  ...over(
    "audience: outside of the conditions",
    ["audience-missing", "structure-invalid"],
    {
      assertion: (xml) => {
        const written = RESTRICTION.exec(xml)?.[0] ?? "";
        return xml
          .replace(written, "")
          .replace("</saml:Conditions>", `</saml:Conditions>${written}`);
      },
    },
    FEWER,
  ),
];
