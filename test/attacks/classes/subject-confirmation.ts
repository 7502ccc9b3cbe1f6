import { type Attack, over } from "../support/attack.ts";
import { at, type Base, type Edit, swap } from "../support/build.ts";
import { ACS_URL } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];
const CONFIRMATION = /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/s;
const DATA = /<saml:SubjectConfirmationData .*<\/saml:SubjectConfirmationData>/s;
const INVALID = "subject-confirmation-invalid" as const;
const UNMET = [INVALID, "recipient-mismatch", "expired"] as const;

const data = (attributes: string): Edit =>
  swap(DATA, `<saml:SubjectConfirmationData ${attributes}></saml:SubjectConfirmationData>`);
const method = (name: string): Edit => swap("cm:bearer", `cm:${name}`);
const confirmation = (attributes: string): string =>
  `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData ${attributes}></saml:SubjectConfirmationData></saml:SubjectConfirmation>`;

const GOOD_TIME = `NotOnOrAfter="${at(300_000)}"`;
const GOOD_RECIPIENT = `Recipient="${ACS_URL}"`;
const BAD_TIME = `NotOnOrAfter="${at(-300_000)}"`;
const BAD_RECIPIENT = 'Recipient="https://other.example/acs"';

const RECIPIENTS: readonly (readonly [string, string])[] = [
  ["another service provider's", "https://other.example/saml/acs"],
  ["ours in capitals", ACS_URL.toUpperCase()],
  ["ours with a slash behind", `${ACS_URL}/`],
  ["ours by http", ACS_URL.replace("https", "http")],
  ["empty", ""],
];

/** Bearer confirmations that do not let this bearer in here and now (profiles section 4.1.4.2). */
export const subjectConfirmation: readonly Attack[] = [
  ...RECIPIENTS.flatMap(([what, recipient]) =>
    over(
      `confirmation: the recipient is ${what}`,
      "recipient-mismatch",
      { content: { recipient } },
      BASES,
    ),
  ),
  ...over(
    "confirmation: no recipient",
    ["recipient-mismatch", INVALID],
    { assertion: data(GOOD_TIME) },
    BASES,
  ),
  ...over("confirmation: without end", INVALID, { assertion: data(GOOD_RECIPIENT) }, BASES),
  ...over(
    "confirmation: over",
    "expired",
    { assertion: data(`${BAD_TIME} ${GOOD_RECIPIENT}`) },
    BASES,
  ),
  ...over(
    "confirmation: with a beginning",
    INVALID,
    { assertion: data(`NotBefore="${at(-1000)}" ${GOOD_TIME} ${GOOD_RECIPIENT}`) },
    BASES,
  ),
  ...over(
    "confirmation: none",
    [INVALID, "in-response-to-mismatch"],
    { assertion: swap(CONFIRMATION, "") },
    BASES,
  ),
  ...over("confirmation: without data", UNMET, { assertion: swap(DATA, "") }, BASES),
  ...over(
    "confirmation: holder of key",
    [INVALID, "in-response-to-mismatch"],
    { assertion: method("holder-of-key") },
    BASES,
  ),
  ...over(
    "confirmation: sender vouches",
    [INVALID, "in-response-to-mismatch"],
    { assertion: method("sender-vouches") },
    BASES,
  ),
  ...over(
    "confirmation: bearer in capitals",
    [INVALID, "in-response-to-mismatch"],
    { assertion: method("BEARER") },
    BASES,
  ),
  ...over(
    "confirmation: two, each right in half",
    UNMET,
    {
      assertion: swap(
        CONFIRMATION,
        confirmation(`${BAD_TIME} ${GOOD_RECIPIENT}`) +
          confirmation(`${GOOD_TIME} ${BAD_RECIPIENT}`),
      ),
    },
    BASES,
  ),
  ...over(
    "confirmation: right, but of a method that is not bearer",
    UNMET,
    {
      assertion: (xml) =>
        swap(
          CONFIRMATION,
          confirmation(`${GOOD_TIME} ${GOOD_RECIPIENT}`).replace("cm:bearer", "cm:sender-vouches") +
            confirmation(`${GOOD_TIME} ${BAD_RECIPIENT}`),
        )(xml),
    },
    BASES,
  ),
  ...over(
    "confirmation: two data elements",
    ["subject-invalid", INVALID],
    {
      assertion: (xml) => swap(DATA, (DATA.exec(xml)?.[0] ?? "").repeat(2))(xml),
    },
    BASES,
  ),
  ...over(
    "confirmation: a second NameID inside",
    ["subject-invalid", INVALID],
    {
      assertion: swap(
        "<saml:SubjectConfirmationData",
        "<saml:NameID>victim@customer.example</saml:NameID><saml:SubjectConfirmationData",
      ),
    },
    BASES,
  ),
  ...over(
    "confirmation: the only NameID inside",
    ["subject-invalid", "name-id-missing"],
    {
      assertion: (xml) =>
        xml
          .replace(/<saml:NameID.*?<\/saml:NameID>/s, "")
          .replace(
            "<saml:SubjectConfirmationData",
            "<saml:NameID>victim@customer.example</saml:NameID><saml:SubjectConfirmationData",
          ),
    },
    BASES,
  ),
];
