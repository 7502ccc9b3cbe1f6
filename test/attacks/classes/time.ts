import { type Attack, over } from "../support/attack.ts";
import { at, type Base, type Edit, type Stages, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const FEWER: readonly Base[] = ["assertion", "response"];
const MINUTE = 60_000;

type Window = readonly [string, Attack["expected"], Stages];

const WINDOWS: readonly Window[] = [
  ["the conditions are over", ["expired"], { content: { notOnOrAfter: at(-MINUTE) } }],
  [
    "only the conditions are over",
    ["expired"],
    {
      assertion: swap(
        /(?<=<saml:Conditions [^>]*)NotOnOrAfter="[^"]*"/,
        `NotOnOrAfter="${at(-MINUTE)}"`,
      ),
      content: { notBefore: at(-2 * MINUTE) },
    },
  ],
  [
    "the conditions were over a year ago",
    ["expired"],
    { content: { notBefore: at(-3e10), notOnOrAfter: at(-2e10) } },
  ],
  ["the conditions have not begun", ["not-yet-valid"], { content: { notBefore: at(MINUTE + 1) } }],
  [
    "the conditions begin next year",
    ["not-yet-valid"],
    { content: { notBefore: at(3e10), notOnOrAfter: at(4e10) } },
  ],
  [
    "the conditions end before they begin",
    ["time-invalid"],
    { content: { notBefore: at(10_000), notOnOrAfter: at(5000) } },
  ],
  [
    "the conditions have no length",
    ["time-invalid"],
    { content: { notBefore: at(0), notOnOrAfter: at(0) } },
  ],
  [
    "the assertion is of the future",
    ["not-yet-valid"],
    { content: { issueInstant: at(MINUTE + 1) } },
  ],
  [
    "the assertion is an hour old",
    ["too-old"],
    { content: { issueInstant: at(-60 * MINUTE), notBefore: at(-60 * MINUTE) } },
  ],
  [
    "an unsolicited assertion is six minutes old",
    ["too-old"],
    { content: { issueInstant: at(-6 * MINUTE) } },
  ],
  [
    "the response is of the future",
    ["not-yet-valid"],
    { responseContent: { issueInstant: at(MINUTE + 1) } },
  ],
  ["the session is over", ["session-expired"], { content: { sessionNotOnOrAfter: at(-MINUTE) } }],
  [
    "the authentication is of the future",
    ["not-yet-valid"],
    { assertion: swap(`AuthnInstant="${at(0)}"`, `AuthnInstant="${at(MINUTE + 1)}"`) },
  ],
];

const FORMATS: readonly (readonly [string, string])[] = [
  ["no time", "garbage"],
  ["empty", ""],
  ["without zone", "2026-06-01T12:04:00"],
  ["of another zone", "2026-06-01T14:04:00+02:00"],
  ["of zone zero by numbers", "2026-06-01T12:04:00+00:00"],
  ["a date", "2026-06-01"],
  ["a month 13", "2026-13-01T12:04:00Z"],
  ["the 30th of February", "2027-02-30T12:04:00Z"],
  ["25 o'clock", "2026-06-01T25:04:00Z"],
  ["a minute 60", "2026-06-01T12:60:00Z"],
  ["a year of six digits", "+012026-06-01T12:04:00Z"],
  ["a negative year", "-2026-06-01T12:04:00Z"],
  ["in small letters", "2026-06-01t12:04:00z"],
  ["with a space", "2026-06-01 12:04:00Z"],
  ["a number", "1780315440000"],
  ["infinity", "Infinity"],
  ["digits of another script", "२०२६-06-01T12:04:00Z"],
  ["a comma", "2026-06-01T12:04:00,5Z"],
  ["followed by more", "2026-06-01T12:04:00Z; x"],
];

const without =
  (attribute: string): Edit =>
  (xml) =>
    xml.replace(new RegExp(` ${attribute}="[^"]*"`), "");

const PLACES: readonly (readonly [string, (text: string) => Stages])[] = [
  ["NotBefore", (notBefore) => ({ content: { notBefore } })],
  ["SessionNotOnOrAfter", (sessionNotOnOrAfter) => ({ content: { sessionNotOnOrAfter } })],
  ["the response's IssueInstant", (issueInstant) => ({ responseContent: { issueInstant } })],
  ["the assertion's IssueInstant", (issueInstant) => ({ content: { issueInstant } })],
  [
    "the confirmation's NotOnOrAfter",
    (text) => ({
      assertion: swap(
        /(?<=<saml:SubjectConfirmationData )NotOnOrAfter="[^"]*"/,
        `NotOnOrAfter="${text}"`,
      ),
    }),
  ],
];

/** Every window, before it and after it, and what is no time in UTC (core section 1.3.3). */
export const time: readonly Attack[] = [
  ...WINDOWS.flatMap(([what, expected, stages]) => over(`time: ${what}`, expected, stages, BASES)),
  ...FORMATS.flatMap(([what, text]) =>
    over(
      `time: NotOnOrAfter ${what}`,
      "time-invalid",
      {
        assertion: swap(
          /(?<=<saml:Conditions [^>]*)NotOnOrAfter="[^"]*"/,
          `NotOnOrAfter="${text}"`,
        ),
      },
      FEWER,
    ),
  ),
  ...PLACES.flatMap(([where, stages]) =>
    over(`time: ${where} is no time`, "time-invalid", stages("tomorrow"), BASES),
  ),
  ...over(
    "time: the assertion says not when",
    "time-invalid",
    { assertion: without("IssueInstant") },
    BASES,
  ),
  ...over(
    "time: the response says not when",
    "time-invalid",
    { response: without("IssueInstant") },
    BASES,
  ),
  ...over(
    "time: a solicited assertion is twelve minutes old",
    "too-old",
    { content: { issueInstant: at(-12 * MINUTE) } },
    BASES,
    { solicited: true },
  ),
];
