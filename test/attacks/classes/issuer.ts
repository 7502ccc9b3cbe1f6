import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, EVERY, RESPONSE_SIGNED, swap } from "../support/build.ts";
import { idp } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const OTHERS: readonly (readonly [string, string])[] = [
  ["somebody else", "https://other-idp.example/metadata"],
  ["ours in capitals", idp.entityId.toUpperCase()],
  ["ours with a slash behind", `${idp.entityId}/`],
  ["ours and more", `${idp.entityId}/tenant`],
  ["ours, partly", idp.entityId.slice(0, -3)],
  ["nobody", ""],
];
const ISSUER = /<saml:Issuer>.*?<\/saml:Issuer>/s;
const onIssuer = (attribute: string): Edit => swap("<saml:Issuer>", `<saml:Issuer ${attribute}>`);

/** Messages of an identity provider that the tenant is not connected with, though the key is right. */
export const issuer: readonly Attack[] = [
  ...OTHERS.flatMap(([what, other], index) => [
    ...over(
      `issuer: the assertion's is ${what}`,
      "issuer-mismatch",
      { content: { issuer: other } },
      index === 0 ? EVERY : BASES,
    ),
    ...over(
      `issuer: the response's is ${what}`,
      "issuer-mismatch",
      { responseContent: { issuer: other } },
      index === 0 ? EVERY : ["assertion", "response"],
    ),
  ]),
  ...over(
    "issuer: both name somebody else",
    "issuer-mismatch",
    {
      content: { issuer: "https://other-idp.example" },
      responseContent: { issuer: "https://other-idp.example" },
    },
    [...RESPONSE_SIGNED, "assertion"],
  ),
  ...over(
    "issuer: the assertion has none",
    ["structure-invalid", "issuer-mismatch"],
    { assertion: swap(ISSUER, "") },
    BASES,
  ),
  ...over(
    "issuer: the assertion has two",
    "structure-invalid",
    { assertion: (xml) => swap(ISSUER, (ISSUER.exec(xml)?.[0] ?? "").repeat(2))(xml) },
    BASES,
  ),
  ...over(
    "issuer: an address, by its format",
    "issuer-mismatch",
    { assertion: onIssuer('Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"') },
    BASES,
  ),
  ...over(
    "issuer: elements instead of a text",
    "structure-invalid",
    { assertion: swap(ISSUER, "<saml:Issuer><saml:x></saml:x></saml:Issuer>") },
    BASES,
  ),
  ...over(
    "issuer: in an element of another namespace",
    ["structure-invalid", "issuer-mismatch"],
    {
      assertion: swap(ISSUER, `<x:Issuer xmlns:x="urn:x">${idp.entityId}</x:Issuer>`),
    },
    BASES,
  ),
];
