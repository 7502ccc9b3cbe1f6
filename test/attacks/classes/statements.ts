import { type Attack, over } from "../support/attack.ts";
import { all, type Base, swap } from "../support/build.ts";
import { MALLORY, VICTIM } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const AUTHN = /<saml:AuthnStatement .*<\/saml:AuthnStatement>/s;
const CLASS = /<saml:AuthnContextClassRef>.*<\/saml:AuthnContextClassRef>/s;
const ADVICE = "<saml:Advice></saml:Advice>";
const ATTRIBUTES = /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/s;
const SUBJECT = /<saml:Subject>.*<\/saml:Subject>/s;
const NAME_ID = /<saml:NameID.*?<\/saml:NameID>/s;
const VICTIM_ID = "<saml:NameID>victim@customer.example</saml:NameID>";
const SUBJECT_INVALID = ["subject-invalid", "name-id-missing", "structure-invalid"] as const;

const twice = (pattern: RegExp): { readonly assertion: (xml: string) => string } => ({
  assertion: (xml) => swap(pattern, (pattern.exec(xml)?.[0] ?? "").repeat(2))(xml),
});

/** Whom and what the assertion speaks of: missing, doubled, or in places that readers differ on. */
export const statements: readonly Attack[] = [
  ...over(
    "statements: no authentication",
    "authn-statement-missing",
    { assertion: swap(AUTHN, "") },
    BASES,
  ),
  ...over(
    "statements: two authentications",
    ["authn-statement-invalid", "structure-invalid"],
    twice(AUTHN),
    BASES,
  ),
  ...over(
    "statements: an authentication without time",
    ["time-invalid", "authn-statement-invalid"],
    { assertion: swap(/ AuthnInstant="[^"]*"/, "") },
    BASES,
  ),
  ...over(
    "statements: two authentication contexts",
    "authn-statement-invalid",
    twice(/<saml:AuthnContext>.*<\/saml:AuthnContext>/s),
    BASES,
  ),
  ...over(
    "statements: two classes in one authentication context",
    "authn-statement-invalid",
    twice(CLASS),
    BASES,
  ),
  ...over(
    "statements: a class with an element in it",
    "authn-statement-invalid",
    {
      assertion: swap(CLASS, "<saml:AuthnContextClassRef><x></x></saml:AuthnContextClassRef>"),
    },
    BASES,
  ),
  ...over("statements: two lists of attributes", "structure-invalid", twice(ATTRIBUTES), BASES),
  ...over(
    "statements: advice twice",
    "structure-invalid",
    { assertion: swap("<saml:AuthnStatement", `${ADVICE.repeat(2)}<saml:AuthnStatement`) },
    BASES,
  ),
  ...over(
    "statements: an unknown one",
    "structure-invalid",
    { assertion: swap("</saml:Assertion>", "<saml:Other></saml:Other></saml:Assertion>") },
    BASES,
  ),
  ...over(
    "statements: one of another namespace",
    "structure-invalid",
    {
      assertion: swap(
        "</saml:Assertion>",
        '<x:AuthnStatement xmlns:x="urn:x"></x:AuthnStatement></saml:Assertion>',
      ),
    },
    BASES,
  ),
  ...over("subject: none", SUBJECT_INVALID, { assertion: swap(SUBJECT, "") }, BASES),
  ...over("subject: two", SUBJECT_INVALID, twice(SUBJECT), BASES),
  ...over(
    "subject: no NameID, and no attribute that holds the address",
    "email-missing",
    { assertion: swap(NAME_ID, "") },
    BASES,
    { beyondThePort: true },
  ),
  ...over(
    "subject: no NameID where that is the address",
    "email-missing",
    { content: { attributes: { mail: VICTIM } }, assertion: swap(NAME_ID, "") },
    BASES,
    {
      beyondThePort: true,
      settings: (settings) => ({
        ...settings,
        email: { ...settings.email, source: { kind: "name-id" } },
      }),
    },
  ),
  ...over(
    "subject: a NameID in the confirmation alone",
    SUBJECT_INVALID,
    {
      content: { attributes: { mail: MALLORY } },
      assertion: all(
        swap(NAME_ID, ""),
        swap("<saml:SubjectConfirmationData", `${VICTIM_ID}<saml:SubjectConfirmationData`),
      ),
    },
    BASES,
  ),
  ...over(
    "subject: an empty NameID, and no attribute that holds the address",
    "email-missing",
    { content: { nameId: "" } },
    BASES,
    { beyondThePort: true },
  ),
  ...over(
    "subject: an empty NameID where that is the address",
    "email-missing",
    { content: { nameId: "", attributes: { mail: VICTIM } } },
    BASES,
    {
      beyondThePort: true,
      settings: (settings) => ({
        ...settings,
        email: { ...settings.email, source: { kind: "name-id" } },
      }),
    },
  ),
  ...over(
    "subject: an empty NameID before the victim's",
    SUBJECT_INVALID,
    { assertion: swap("<saml:NameID", "<saml:NameID></saml:NameID><saml:NameID") },
    BASES,
  ),
  ...over(
    "subject: a NameID that holds an element only",
    SUBJECT_INVALID,
    {
      content: { attributes: { mail: VICTIM } },
      assertion: swap(/(?<=<saml:NameID[^>]*>)[^<]*/, "<saml:b></saml:b>"),
    },
    BASES,
  ),
  ...over("subject: two NameIDs", SUBJECT_INVALID, twice(NAME_ID), BASES),
  ...over(
    "subject: the victim's NameID first",
    SUBJECT_INVALID,
    { assertion: swap("<saml:NameID", `${VICTIM_ID}<saml:NameID`) },
    BASES,
  ),
  ...over(
    "subject: a BaseID",
    SUBJECT_INVALID,
    { assertion: swap(NAME_ID, "<saml:BaseID></saml:BaseID>") },
    BASES,
  ),
  ...over(
    "subject: a BaseID beside the NameID",
    SUBJECT_INVALID,
    { assertion: swap("<saml:NameID", "<saml:BaseID></saml:BaseID><saml:NameID") },
    BASES,
  ),
  ...over(
    "subject: a NameID of another namespace",
    SUBJECT_INVALID,
    { assertion: swap(NAME_ID, '<x:NameID xmlns:x="urn:x">victim@customer.example</x:NameID>') },
    BASES,
  ),
  ...over(
    "subject: a NameID outside of it",
    "structure-invalid",
    { assertion: swap("<saml:Subject>", `${VICTIM_ID}<saml:Subject>`) },
    BASES,
  ),
  ...over(
    "attributes: one without name",
    "attribute-invalid",
    { assertion: swap(' Name="displayName"', "") },
    BASES,
  ),
  ...over(
    "attributes: one with an empty name",
    "attribute-invalid",
    { content: { attributes: { "": "x" } } },
    BASES,
  ),
  ...over(
    "attributes: one named __proto__",
    "attribute-invalid",
    { assertion: swap('Name="displayName"', 'Name="__proto__"') },
    BASES,
  ),
  ...over(
    "attributes: something else among the values",
    "attribute-invalid",
    { assertion: swap("<saml:AttributeValue>", "<saml:Other></saml:Other><saml:AttributeValue>") },
    BASES,
  ),
  ...over(
    "attributes: something else among them",
    "attribute-invalid",
    { assertion: swap("<saml:Attribute ", "<saml:Other></saml:Other><saml:Attribute ") },
    BASES,
  ),
  ...over(
    "attributes: text between them",
    "structure-invalid",
    { assertion: swap("<saml:Attribute ", "text<saml:Attribute ") },
    BASES,
  ),
  ...over(
    "order: the response's issuer stands behind its status",
    "structure-invalid",
    {
      response: (xml) => {
        const written = /<saml:Issuer[^>]*>.*?<\/saml:Issuer>/s.exec(xml)?.[0] ?? "";
        return xml.replace(written, "").replace("</samlp:Status>", `</samlp:Status>${written}`);
      },
    },
    ["response"],
  ),
  ...over(
    "order: something unknown in the response",
    "structure-invalid",
    { response: swap("</samlp:Status>", "</samlp:Status><samlp:Other></samlp:Other>") },
    ["assertion", "response"],
  ),
];
