import { all, at, type Base, type Edit, type Stages, swap } from "../support/build.ts";
import { ACS_URL, ENTITY_ID, MALLORY } from "../support/parties.ts";
import { type Legitimate, onElement, taken } from "./legitimate.ts";

const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-both"];
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const RESTRICTION = /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/s;
const MINUTE = 60_000;

const restriction = (...audiences: readonly string[]): string =>
  `<saml:AudienceRestriction>${audiences.map((a) => `<saml:Audience>${a}</saml:Audience>`).join("")}</saml:AudienceRestriction>`;
const conditions = (...written: readonly string[]): Stages => ({
  assertion: swap(RESTRICTION, written.join("")),
});
const named = (name: string, more: Stages = {}): Stages => ({
  content: { nameIdFormat: PERSISTENT, nameId: "_p", attributes: { [name]: MALLORY } },
  ...more,
});
const value = (content: string): Edit =>
  swap("<saml:AttributeValue>Mallory</saml:AttributeValue>", content);
const confirmation = (attributes: string): string =>
  `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData ${attributes}></saml:SubjectConfirmationData></saml:SubjectConfirmation>`;
const everyTime =
  (change: (time: string) => string): Edit =>
  (xml) =>
    xml.replace(/2026-\d\d-\d\dT[\d:.]+Z/g, (time) => change(time));

const ADDRESS_NAMES: readonly string[] = [
  "mail",
  "email",
  "emailAddress",
  "urn:oid:0.9.2342.19200300.100.1.3",
  `${CLAIMS}/emailaddress`,
];

const MFA = "https://refeds.org/profile/mfa";

/** What identity providers say, within the standard. */
export const contents: readonly Legitimate[] = [
  ...taken(
    "an authentication as old as the clock skew allows, where it is forced",
    { content: { authnInstant: at(-MINUTE) } },
    BASES,
    { solicited: true, connection: { forceAuthn: true } },
  ),
  ...taken(
    "an authentication of an accepted class, with white space around it",
    { content: { authnContextClassRef: `\n  ${MFA}\n` } },
    BASES,
    { connection: { acceptedAuthnContextClasses: ["urn:other", MFA] } },
  ),
  ...taken(
    "an authentication without a class",
    { assertion: swap(/<saml:AuthnContext>.*<\/saml:AuthnContext>/s, "") },
    BASES,
  ),
  ...ADDRESS_NAMES.flatMap((name) =>
    taken(`the address in ${name}, a persistent NameID`, named(name), [
      "assertion",
      "encrypted-both",
    ]),
  ),
  ...taken(
    "a transient NameID and the address in mail",
    { content: { nameIdFormat: TRANSIENT, nameId: "_t", attributes: { mail: MALLORY } } },
    BASES,
  ),
  ...taken(
    "a NameID without format and the address in mail",
    {
      content: { nameId: "mallory", attributes: { mail: MALLORY } },
      assertion: swap(/ Format="[^"]*"/, ""),
    },
    BASES,
  ),
  ...taken(
    "the address in the NameID and, equal, in two attributes",
    { content: { attributes: { mail: MALLORY, email: MALLORY.toUpperCase() } } },
    BASES,
  ),
  ...taken("the address in capitals", { content: { nameId: "Mallory@Customer.Example" } }, BASES),
  ...taken("white space around the address", { content: { nameId: ` ${MALLORY}\n` } }, BASES),
  ...taken(
    "an unspecified NameID where the settings say so",
    { content: { nameIdFormat: UNSPECIFIED } },
    BASES,
    {
      settings: (settings) => ({
        ...settings,
        email: { ...settings.email, source: { kind: "name-id" } },
      }),
    },
  ),
  ...taken("an attribute of the administrator's choice", named("login"), BASES, {
    settings: (settings) => ({
      ...settings,
      email: { ...settings.email, source: { kind: "attribute", name: "login" } },
    }),
  }),
  ...taken(
    "a nameidentifier claim beside the NameID, of another value",
    {
      content: {
        attributes: {
          [`${CLAIMS}/nameidentifier`]: "0b0f-77",
          [`${CLAIMS}/emailaddress`]: MALLORY,
          [`${CLAIMS}/upn`]: "mallory@ad",
        },
      },
    },
    BASES,
  ),
  ...["", ["", "0b0f-77"]].flatMap((value) =>
    taken(
      `a nameidentifier claim whose first value is empty, of ${value.length} values`,
      { content: { attributes: { [`${CLAIMS}/nameidentifier`]: value } } },
      BASES,
    ),
  ),
  ...taken(
    "a nameidentifier claim with an element for a value",
    {
      content: { attributes: { [`${CLAIMS}/nameidentifier`]: "x" } },
      assertion: swap(">x<", '><a:b xmlns:a="urn:a">c</a:b><'),
    },
    BASES,
  ),
  ...taken(
    "several roles under one name",
    {
      assertion: value(
        '<saml:AttributeValue>a</saml:AttributeValue></saml:Attribute><saml:Attribute Name="Role"><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute><saml:Attribute Name="Role"><saml:AttributeValue>c</saml:AttributeValue>',
      ),
    },
    BASES,
  ),
  ...taken(
    "a value with a NameID in it",
    {
      assertion: value(
        `<saml:AttributeValue><saml:NameID Format="${PERSISTENT}">abc</saml:NameID></saml:AttributeValue>`,
      ),
    },
    BASES,
  ),
  ...taken("an attribute without values", { content: { attributes: { groups: [] } } }, BASES),
  ...taken("an empty value", { content: { attributes: { department: "" } } }, BASES),
  ...taken(
    "a nil value",
    {
      assertion: value(
        '<saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></saml:AttributeValue>',
      ),
    },
    BASES,
  ),
  ...taken(
    "a FriendlyName and a NameFormat",
    { assertion: onElement("saml:Attribute", 'FriendlyName="name"') },
    BASES,
  ),
  ...taken(
    "names beyond the basic plane",
    { content: { attributes: { displayName: "Mällöry 🦄 𝒵 مرحبا 山田" } } },
    BASES,
  ),
  ...taken(
    "five hundred groups",
    { content: { attributes: { groups: Array.from({ length: 500 }, (_, i) => `group-${i}`) } } },
    BASES,
  ),
  ...taken("no attributes", { content: { attributes: {} } }, BASES),
  ...taken(
    "a list without attributes",
    { assertion: swap(/<saml:Attribute .*<\/saml:Attribute>/s, "") },
    BASES,
  ),
  ...taken(
    "several audiences",
    conditions(restriction("https://other.example", ENTITY_ID, "urn:x")),
    BASES,
  ),
  ...taken(
    "several restrictions, all of them with us",
    conditions(restriction(ENTITY_ID), restriction("urn:x", ENTITY_ID)),
    BASES,
  ),
  ...taken("white space around the audience", conditions(restriction(`\n  ${ENTITY_ID}\n`)), BASES),
  ...taken(
    "OneTimeUse",
    conditions(restriction(ENTITY_ID), "<saml:OneTimeUse></saml:OneTimeUse>"),
    BASES,
  ),
  ...taken(
    "a proxy restriction",
    conditions(restriction(ENTITY_ID), '<saml:ProxyRestriction Count="0"></saml:ProxyRestriction>'),
    BASES,
  ),
  ...taken(
    "conditions without times",
    { assertion: swap(/<saml:Conditions [^>]*>/, "<saml:Conditions>") },
    BASES,
  ),
  ...taken(
    "Advice",
    {
      assertion: swap(
        "<saml:AuthnStatement",
        "<saml:Advice><saml:AssertionIDRef>_x</saml:AssertionIDRef></saml:Advice><saml:AuthnStatement",
      ),
    },
    BASES,
  ),
  ...taken(
    "Extensions",
    {
      response: swap(
        "<samlp:Status>",
        '<samlp:Extensions><x:y xmlns:x="urn:x">1</x:y></samlp:Extensions><samlp:Status>',
      ),
    },
    BASES,
  ),
  ...taken(
    "a status message",
    {
      response: swap(
        "</samlp:Status>",
        "<samlp:StatusMessage>OK</samlp:StatusMessage></samlp:Status>",
      ),
    },
    BASES,
  ),
  ...taken(
    "a Consent",
    {
      response: swap(
        " Destination=",
        ' Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination=',
      ),
    },
    BASES,
  ),
  ...taken(
    "the issuer's format",
    {
      assertion: swap(
        "<saml:Issuer>",
        '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">',
      ),
    },
    BASES,
  ),
  ...taken(
    "no issuer on the response",
    { response: swap(/<saml:Issuer [^>]*>[^<]*<\/saml:Issuer>/, "") },
    ["assertion", "encrypted-assertion"],
  ),
  ...taken(
    "no destination where the response is not signed",
    { response: swap(/ Destination="[^"]*"/, "") },
    ["assertion", "encrypted-assertion"],
  ),
  ...taken("no session index", { assertion: swap(/ SessionIndex="[^"]*"/, "") }, BASES),
  ...taken(
    "the end of the session",
    { content: { sessionNotOnOrAfter: at(8 * 60 * MINUTE) } },
    BASES,
  ),
  ...taken(
    "where the authentication took place",
    {
      assertion: swap(
        "<saml:AuthnContext>",
        '<saml:SubjectLocality Address="192.0.2.1"></saml:SubjectLocality><saml:AuthnContext>',
      ),
    },
    BASES,
  ),
  ...taken(
    "an authentication of yesterday",
    { assertion: swap(`AuthnInstant="${at(0)}"`, `AuthnInstant="${at(-24 * 60 * MINUTE)}"`) },
    BASES,
  ),
  ...taken(
    "two confirmations, the second one right",
    {
      assertion: swap(
        "<saml:SubjectConfirmation ",
        `${confirmation(`NotOnOrAfter="${at(-MINUTE * 10)}" Recipient="${ACS_URL}"`)}<saml:SubjectConfirmation `,
      ),
    },
    BASES,
  ),
  ...taken(
    "an address in the confirmation",
    { assertion: onElement("saml:SubjectConfirmationData", 'Address="192.0.2.1"') },
    BASES,
  ),
  ...taken(
    "a confirmation of another method beside the bearer's",
    {
      assertion: swap(
        "<saml:SubjectConfirmation ",
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"></saml:SubjectConfirmation><saml:SubjectConfirmation ',
      ),
    },
    BASES,
  ),
  ...taken(
    "qualifiers on the NameID",
    {
      assertion: swap(
        /(<saml:NameID Format="[^"]*")/,
        '<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" NameQualifier="https://idp.example/metadata" SPNameQualifier="https://app.example/saml/metadata"',
      ),
    },
    BASES,
  ),
  ...taken(
    "statements before the others",
    {
      assertion: all((xml) => {
        const statement =
          /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/s.exec(xml)?.[0] ?? "";
        return xml
          .replace(statement, "")
          .replace("<saml:AuthnStatement", `${statement}<saml:AuthnStatement`);
      }),
    },
    BASES,
  ),
  ...taken(
    "seven digits of a second",
    { assertion: everyTime((time) => time.replace(/\.\d+Z/, ".1234567Z")) },
    BASES,
  ),
  ...taken(
    "no fractions of a second",
    {
      assertion: everyTime((time) => time.replace(/\.\d+Z/, "Z")),
      response: everyTime((time) => time.replace(/\.\d+Z/, "Z")),
    },
    BASES,
  ),
  ...taken(
    "a clock that is 59 seconds ahead",
    {
      content: { issueInstant: at(59_000), notBefore: at(59_000) },
      responseContent: { issueInstant: at(59_000) },
    },
    BASES,
  ),
  ...taken(
    "a clock that is 59 seconds behind",
    { content: { notBefore: at(-360_000), notOnOrAfter: at(-59_000), issueInstant: at(-359_000) } },
    BASES,
  ),
  ...taken("an answer to this browser's request", {}, BASES, { solicited: true }),
  ...taken("an answer where only those are taken", {}, BASES, {
    solicited: true,
    connection: { idpInitiated: false },
  }),
  ...taken("an answer nine minutes old", { content: { issueInstant: at(-9 * MINUTE) } }, BASES, {
    solicited: true,
  }),
  ...taken(
    "an entity ID that is no address",
    { content: { issuer: "urn:idp:a&b" }, responseContent: { issuer: "urn:idp:a&b" } },
    BASES,
    {
      connection: { entityId: "urn:idp:a&b" },
    },
  ),
];
