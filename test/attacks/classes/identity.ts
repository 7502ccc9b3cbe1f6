import { type Attack, type AttackOptions, type Outcome, over } from "../support/attack.ts";
import { type Base, type Stages, swap } from "../support/build.ts";
import { MALLORY, VICTIM } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "encrypted-both"];
const TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/** NameIDs in the emailAddress format that are no address of exactly one person. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ["a dotless i", VICTIM.replaceAll("i", "ı")],
  ["the Kelvin sign", "\u212Aictim@customer.example"],
  ["a long s", "victimſ@customer.example"],
  ["full-width letters", "ｖictim@customer.example"],
  ["a full-width at sign", VICTIM.replace("@", "＠")],
  ["a Cyrillic c", VICTIM.replace("c", "с")],
  ["a zero-width space", VICTIM.replace("@", "\u200B@")],
  ["a zero-width joiner", VICTIM.replace("@", "\u200D@")],
  ["a soft hyphen", VICTIM.replace("@", "\u00AD@")],
  ["writing from the right", `\u202E${VICTIM}`],
  ["a no-break space before it", `\u00A0${VICTIM}`],
  ["a combining accent", VICTIM.replace("v", "v\u0301")],
  ["a full-width dot in the domain", VICTIM.replace(".example", "．example")],
  ["a name before it", `Victim <${VICTIM}>`],
  ["a quoted local part", `"victim"@customer.example`],
  ["a comment", `victim(x)@customer.example`],
  ["two at signs", `victim@customer.example@evil.example`],
  ["an inner at sign in quotes", `"victim@customer.example"@evil.example`],
  ["two addresses", `${VICTIM},${MALLORY}`],
  ["two addresses by space", `${VICTIM} ${MALLORY}`],
  ["a new line within", `victim@customer.example\nmallory@customer.example`],
  ["a space within", "vic tim@customer.example"],
  ["a scheme", `mailto:${VICTIM}`],
  ["no at sign", "victim"],
  ["no local part", "@customer.example"],
  ["no domain", "victim@"],
  ["a dot behind the domain", `${VICTIM}.`],
  ["two dots in the domain", "victim@customer..example"],
  ["a dot behind the local part", "victim.@customer.example"],
  ["a number as domain", "victim@[127.0.0.1]"],
  [
    "an address of 300 characters",
    `${"v".repeat(60)}@${"c".repeat(60)}.${"c".repeat(60)}.${"c".repeat(60)}.${"c".repeat(60)}.example`,
  ],
  ["a local part of 65 characters", `${"v".repeat(65)}@customer.example`],
  ["a percent route", "victim%customer.example@evil@example"],
  ["a backslash", "victim\\@customer.example"],
  ["a prototype's name", "__proto__"],
];

type Case = readonly [string, Outcome, Stages, AttackOptions?];

const mail = (...values: readonly string[]): Stages => ({
  content: { nameIdFormat: TRANSIENT, nameId: "_transient", attributes: { mail: values } },
});

const CASES: readonly Case[] = [
  ["NameID and attribute differ", "email-ambiguous", { content: { attributes: { mail: VICTIM } } }],
  [
    "two attributes differ",
    "email-ambiguous",
    { content: { nameIdFormat: TRANSIENT, attributes: { mail: VICTIM, email: MALLORY } } },
  ],
  ["one attribute with two addresses", "email-ambiguous", mail(MALLORY, VICTIM)],
  [
    "one attribute twice, of two addresses",
    "email-ambiguous",
    {
      ...mail(MALLORY),
      assertion: swap(
        "<saml:Attribute ",
        `<saml:Attribute Name="mail"><saml:AttributeValue>${VICTIM}</saml:AttributeValue></saml:Attribute><saml:Attribute `,
      ),
    },
  ],
  ["one attribute of an address and of none", "email-invalid", mail(MALLORY, "nobody")],
  [
    "a transient NameID that looks like one",
    "email-missing",
    { content: { nameIdFormat: TRANSIENT, nameId: VICTIM, attributes: {} } },
  ],
  [
    "an unspecified NameID that looks like one",
    "email-missing",
    { content: { nameIdFormat: UNSPECIFIED, nameId: VICTIM, attributes: {} } },
  ],
  [
    "an attribute whose name is in capitals",
    "email-missing",
    { content: { nameIdFormat: TRANSIENT, attributes: { MAIL: VICTIM } } },
  ],
  [
    "an attribute with a space in its name",
    "email-missing",
    { content: { nameIdFormat: TRANSIENT, attributes: { "mail ": VICTIM } } },
  ],
  [
    "only in a FriendlyName",
    "email-missing",
    {
      content: { nameIdFormat: TRANSIENT, attributes: { x: VICTIM } },
      assertion: swap('Name="x"', 'FriendlyName="mail" Name="x"'),
    },
  ],
  [
    "an attribute named constructor",
    "email-missing",
    { content: { nameIdFormat: TRANSIENT, attributes: { constructor: VICTIM, toString: VICTIM } } },
  ],
  ["an attribute without values", "email-missing", mail()],
  ["an attribute of white space", "email-missing", mail(" \t ")],
  [
    "a domain that is not allowed",
    "domain-not-allowed",
    { content: { nameId: "mallory@evil.example" } },
    {
      settings: (settings) => ({
        ...settings,
        email: { ...settings.email, allowedDomains: ["customer.example"] },
      }),
    },
  ],
  [
    "a sub-domain of an allowed domain",
    "domain-not-allowed",
    { content: { nameId: "mallory@x.customer.example" } },
    {
      settings: (settings) => ({
        ...settings,
        email: { ...settings.email, allowedDomains: ["customer.example"] },
      }),
    },
  ],
  [
    "the NameID claim does not stand for the NameID",
    "email-missing",
    {
      content: {
        nameIdFormat: TRANSIENT,
        attributes: {
          "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier": VICTIM,
        },
      },
    },
  ],
  [
    "the configured attribute is not there",
    "email-missing",
    { content: { nameId: VICTIM } },
    {
      settings: (settings) => ({
        ...settings,
        email: { ...settings.email, source: { kind: "attribute", name: "upn" } },
      }),
    },
  ],
  [
    "unknown, and nobody is created",
    "jit-disabled",
    {},
    {
      settings: (settings) => ({
        ...settings,
        autoProvisioning: { ...settings.autoProvisioning, enabled: false },
      }),
    },
  ],
  [
    "sign-on is switched off",
    "sso-disabled",
    {},
    {
      settings: (settings) => ({ ...settings, enabled: false }),
    },
  ],
];

/** Rightly signed, and yet nobody whom the plugin may look up or create. */
export const identity: readonly Attack[] = [
  ...ADDRESSES.flatMap(([what, nameId]) =>
    over(`address: ${what}`, "email-invalid", { content: { nameId } }, BASES, {
      beyondThePort: true,
    }),
  ),
  ...CASES.flatMap(([what, expected, stages, options]) =>
    over(`identity: ${what}`, expected, stages, BASES, { ...options, beyondThePort: true }),
  ),
];
