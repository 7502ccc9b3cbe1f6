import type { ProvisioningRule } from "../../../src/domain/settings.ts";
import {
  type Attack,
  type AttackOptions,
  afterSigning,
  type Outcome,
  over,
} from "../support/attack.ts";
import { type Base, type Stages, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "encrypted-both"];

/** Only managers are created. */
const MANAGERS: ProvisioningRule = { when: { attribute: "groups", anyOf: ["managers"] } };

function rules(...list: readonly ProvisioningRule[]): AttackOptions {
  return {
    settings: (settings) => ({
      ...settings,
      autoProvisioning: {
        ...settings.autoProvisioning,
        rules: list,
        whenNoRuleMatches: "refuse",
      },
    }),
  };
}

const groups = (...values: readonly string[]): Stages => ({
  content: { attributes: { groups: values } },
});

const named = (name: string): Stages => ({ content: { attributes: { [name]: "managers" } } });

const VALUE = "<saml:AttributeValue>staff</saml:AttributeValue>";
const inside = (markup: string): Stages => ({
  ...groups("staff"),
  assertion: swap("staff</saml:AttributeValue>", `${markup}</saml:AttributeValue>`),
});

type Case = readonly [string, Outcome, Stages, AttackOptions?];

/** What the identity provider signed, and what is no value `managers` of an attribute `groups`. */
const SIGNED: readonly Case[] = [
  ["no attribute", "no-rule-matched", { content: { attributes: {} } }],
  ["no value", "no-rule-matched", groups()],
  ["another case", "no-rule-matched", groups("Managers", "MANAGERS")],
  ["white space around it", "no-rule-matched", groups(" managers", "managers ", "\tmanagers")],
  ["a no-break space behind it", "no-rule-matched", groups("managers\u00A0")],
  ["a zero-width space within", "no-rule-matched", groups("mana\u200Bgers")],
  ["full-width letters", "no-rule-matched", groups("ｍanagers")],
  ["a long s", "no-rule-matched", groups("managerſ")],
  ["a list in one value", "no-rule-matched", groups("staff,managers", "staff managers")],
  ["a distinguished name with it", "no-rule-matched", groups("cn=managers,ou=groups")],
  ["the beginning of it, and more", "no-rule-matched", groups("manager", "managersx")],
  ["a pattern", "no-rule-matched", groups("*", ".*", "%")],
  ["a name in capitals", "no-rule-matched", named("Groups")],
  ["a name with a space", "no-rule-matched", named("groups ")],
  ["a name with a look-alike letter", "no-rule-matched", named("grоups")],
  ["a name with a namespace", "no-rule-matched", named("urn:x:groups")],
  [
    "only a FriendlyName",
    "no-rule-matched",
    { ...named("x"), assertion: swap('Name="x"', 'FriendlyName="groups" Name="x"') },
  ],
  ["the value as a name", "no-rule-matched", { content: { attributes: { managers: "groups" } } }],
  ["another attribute of the value", "no-rule-matched", named("department")],
  ["split by an element", "structure-invalid", inside("mana<x></x>gers")],
  ["within an element", "no-rule-matched", inside("<x>managers</x>")],
  ["beside an element", "structure-invalid", inside("managers<x></x>")],
  [
    "in an attribute of another value",
    "no-rule-matched",
    {
      ...groups("staff"),
      assertion: swap(VALUE, VALUE.replace("<saml:AttributeValue", '$& groups="managers"')),
    },
  ],
  [
    "an attribute within a value",
    "readings-disagree",
    inside(
      '<saml:Attribute Name="groups"><saml:AttributeValue>managers</saml:AttributeValue></saml:Attribute>',
    ),
  ],
  [
    "what every object has",
    "no-rule-matched",
    groups("staff"),
    rules(
      ...["constructor", "toString", "hasOwnProperty", "__proto__", "length"].map((attribute) => ({
        when: { attribute, anyOf: ["constructor", "Object", "0", "1", "true"] },
      })),
    ),
  ],
  [
    "a subdomain of a listed domain",
    "no-rule-matched",
    { content: { nameId: "mallory@customer.example.evil.example" } },
    rules({ when: { emailDomain: ["customer.example", "evil.example"] } }),
  ],
  [
    "a listed domain in an attribute",
    "no-rule-matched",
    {
      content: {
        nameId: "mallory@evil.example",
        attributes: { emailDomain: "customer.example", domain: "customer.example" },
      },
    },
    rules({ when: { emailDomain: ["customer.example"] } }),
  ],
  [
    "a connection that an attribute claims",
    "no-rule-matched",
    { content: { attributes: { connection: "second" } } },
    rules({ when: { connection: ["second"] } }),
  ],
  [
    "the marker of groups that were left out",
    "no-rule-matched",
    {
      content: {
        attributes: {
          "http://schemas.microsoft.com/claims/groups.link": "managers",
          groups: "managers",
        },
      },
    },
    rules(MANAGERS, {
      when: {
        attribute: "http://schemas.microsoft.com/claims/groups.link",
        anyOf: ["managers"],
      },
    }),
  ],
];

const ATTRIBUTE = `<saml:Attribute Name="groups">${VALUE.replace("staff", "managers")}</saml:Attribute>`;
const SAML = ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const statement = (declared = "") =>
  `<saml:AttributeStatement${declared}>${ATTRIBUTE}</saml:AttributeStatement>`;

/** Attributes that nobody has signed, or that are signed where they say nothing of the user. */
const ELSEWHERE: readonly (readonly [string, readonly Outcome[], Stages])[] = [
  [
    "in the Extensions of an unsigned response",
    ["no-rule-matched", "structure-invalid"],
    {
      sent: swap(
        "<samlp:Status>",
        `<samlp:Extensions>${statement(SAML)}</samlp:Extensions><samlp:Status>`,
      ),
    },
  ],
  [
    "beside the signed assertion",
    ["structure-invalid"],
    { sent: swap("</samlp:Response>", `${statement(SAML)}</samlp:Response>`) },
  ],
  [
    "in the Advice of the assertion",
    ["readings-disagree", "second-reading-failed"],
    {
      assertion: swap(
        "<saml:AuthnStatement",
        `<saml:Advice>${statement()}</saml:Advice><saml:AuthnStatement`,
      ),
    },
  ],
  [
    "beside the statements of the assertion",
    ["structure-invalid"],
    { assertion: swap("</saml:Assertion>", `${ATTRIBUTE}</saml:Assertion>`) },
  ],
];

/** A user whom a rule refuses, and who hides it. */
const REFUSED: readonly (readonly [string, Stages])[] = [
  ["among other values", groups("managers", "blocked")],
  [
    "in a second attribute of the name",
    {
      ...groups("managers"),
      assertion: swap(
        "<saml:Attribute ",
        '<saml:Attribute Name="groups"><saml:AttributeValue>blocked</saml:AttributeValue></saml:Attribute><saml:Attribute ',
      ),
    },
  ],
  [
    "beside the marker of groups that were left out",
    {
      content: {
        attributes: {
          groups: ["managers", "blocked"],
          "http://schemas.microsoft.com/claims/groups.link": "https://graph.example",
        },
      },
    },
  ],
];

/** Rules match what the identity provider signed, exactly, and nothing like it. */
export const rulesForNewUsers: readonly Attack[] = [
  ...SIGNED.flatMap(([what, expected, stages, options]) =>
    over(`rules: ${what}`, expected, stages, BASES, {
      ...(options ?? rules(MANAGERS)),
      beyondThePort: expected === "no-rule-matched",
    }),
  ),
  ...REFUSED.flatMap(([what, stages]) =>
    over(`rules: a refused group ${what}`, "refused-by-rule", stages, BASES, {
      ...rules(MANAGERS, {
        when: { attribute: "groups", anyOf: ["blocked"] },
        refuse: true,
      }),
      beyondThePort: true,
    }),
  ),
  ...ELSEWHERE.flatMap(([what, expected, stages]) =>
    over(
      `rules: attributes ${what}`,
      expected,
      { ...groups("staff"), ...stages },
      ["assertion", "encrypted-assertion"],
      { ...rules(MANAGERS), beyondThePort: expected.includes("no-rule-matched") },
    ),
  ),
  ...over(
    "rules: an attribute added after signing",
    "signature-invalid",
    (base) => ({
      ...groups("staff"),
      ...afterSigning(swap("</saml:AttributeStatement>", `${ATTRIBUTE}</saml:AttributeStatement>`))(
        base,
      ),
    }),
    ["assertion", "response", "encrypted-assertion"],
    rules(MANAGERS),
  ),
  ...over(
    "rules: a value changed after signing",
    "signature-invalid",
    (base) => ({
      ...groups("staff"),
      ...afterSigning(swap("staff</saml:AttributeValue>", "managers</saml:AttributeValue>"))(base),
    }),
    ["assertion", "response", "encrypted-assertion"],
    rules(MANAGERS),
  ),
  ...over(
    "rules: a value split by a comment after signing",
    "xml-forbidden",
    (base) => ({
      ...groups("managers-not"),
      ...afterSigning(swap("managers-not", "managers<!---->-not"))(base),
    }),
    ["assertion", "encrypted-assertion"],
    rules(MANAGERS),
  ),
];
