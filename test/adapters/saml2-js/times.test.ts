import { expect } from "chai";
import { describe, it } from "mocha";
import { DEFAULT_TIME_LIMITS } from "../../../src/adapters/saml2-js/identity.ts";
import type { RejectionCode } from "../../../src/domain/rejection.ts";
import type { ResponseOptions } from "../../../src/testing/signing-idp.ts";
import { inAssertion, inResponse, setAttribute } from "./support/edits.ts";
import { accepted, ask, idp, NOW, refused, verify } from "./support/parties.ts";

const { clockSkewMs, maxAgeMs, maxUnsolicitedAgeMs } = DEFAULT_TIME_LIMITS;
const REQUEST = "_request";

interface Window {
  readonly what: string;
  /** A response whose time is `at`, in milliseconds since the epoch. */
  readonly at: (moment: string) => Partial<ResponseOptions>;
  /** The last moment that is accepted, or the first. */
  readonly edge: number;
  /** From the edge towards what is refused. */
  readonly beyond: 1 | -1;
  readonly code: RejectionCode;
  readonly solicited?: boolean;
}

const inBoth = (value: string): Partial<ResponseOptions> => ({
  inResponseTo: REQUEST,
  ...inAssertion(setAttribute("saml:Assertion", "IssueInstant", value)),
});

const WINDOWS: readonly Window[] = [
  {
    what: "NotBefore of the conditions",
    at: (value) => inAssertion(setAttribute("saml:Conditions", "NotBefore", value)),
    edge: NOW + clockSkewMs,
    beyond: 1,
    code: "not-yet-valid",
  },
  {
    what: "NotOnOrAfter of the conditions",
    at: (value) =>
      inAssertion(
        setAttribute("saml:Conditions", "NotBefore", "2026-06-01T11:00:00Z"),
        setAttribute("saml:Conditions", "NotOnOrAfter", value),
      ),
    edge: NOW - clockSkewMs + 1,
    beyond: -1,
    code: "expired",
  },
  {
    what: "NotOnOrAfter of the confirmation",
    at: (value) => inAssertion(setAttribute("saml:SubjectConfirmationData", "NotOnOrAfter", value)),
    edge: NOW - clockSkewMs + 1,
    beyond: -1,
    code: "expired",
  },
  {
    what: "the age of an assertion that was asked for",
    at: inBoth,
    edge: NOW - maxAgeMs - clockSkewMs + 1,
    beyond: -1,
    code: "too-old",
    solicited: true,
  },
  {
    what: "the age of an assertion that nobody asked for",
    at: (value) => inAssertion(setAttribute("saml:Assertion", "IssueInstant", value)),
    edge: NOW - maxUnsolicitedAgeMs - clockSkewMs + 1,
    beyond: -1,
    code: "too-old",
  },
  {
    what: "the assertion's IssueInstant in the future",
    at: (value) => inAssertion(setAttribute("saml:Assertion", "IssueInstant", value)),
    edge: NOW + clockSkewMs,
    beyond: 1,
    code: "not-yet-valid",
  },
  {
    what: "the response's IssueInstant in the future",
    at: (value) => inResponse(setAttribute("samlp:Response", "IssueInstant", value)),
    edge: NOW + clockSkewMs,
    beyond: 1,
    code: "not-yet-valid",
  },
  {
    what: "AuthnInstant in the future",
    at: (value) => inAssertion(setAttribute("saml:AuthnStatement", "AuthnInstant", value)),
    edge: NOW + clockSkewMs,
    beyond: 1,
    code: "not-yet-valid",
  },
  {
    what: "the end of the session",
    at: (value) => inAssertion(setAttribute("saml:AuthnStatement", "SessionNotOnOrAfter", value)),
    edge: NOW - clockSkewMs + 1,
    beyond: -1,
    code: "session-expired",
  },
];

const instantFormats: Readonly<Record<string, string>> = {
  "whole seconds": "2026-06-01T12:00:00Z",
  "one digit": "2026-06-01T12:00:00.1Z",
  milliseconds: "2026-06-01T12:00:00.123Z",
  "seven digits, as .NET has": "2026-06-01T12:00:00.1234567Z",
  "nine digits": "2026-06-01T12:00:00.123456789Z",
  "white space around, which the schema collapses": " 2026-06-01T12:00:00Z ",
};

const NO_INSTANTS: Readonly<Record<string, string>> = {
  nothing: "",
  words: "soon",
  "no time zone": "2026-06-01T12:00:00",
  "another time zone": "2026-06-01T14:00:00+02:00",
  "UTC as an offset": "2026-06-01T12:00:00+00:00",
  "a small z": "2026-06-01T12:00:00z",
  "a date": "2026-06-01",
  "a space for the T": "2026-06-01 12:00:00Z",
  "30 February": "2026-02-30T12:00:00Z",
  "month 13": "2026-13-01T12:00:00Z",
  "hour 24": "2026-06-01T24:00:00Z",
  "minute 60": "2026-06-01T12:60:00Z",
  "a leap second": "2026-06-30T23:59:60Z",
  "an empty fraction": "2026-06-01T12:00:00.Z",
  "a fraction with a comma": "2026-06-01T12:00:00,5Z",
  "a year of five digits": "12026-06-01T12:00:00Z",
  "a year before Christ": "-2026-06-01T12:00:00Z",
  "Arabic digits": "٢٠٢٦-٠٦-٠١T١٢:٠٠:٠٠Z",
  "milliseconds since the epoch": String(NOW),
  "an HTTP date": "Mon, 01 Jun 2026 12:00:00 GMT",
};

const TIMED: readonly (readonly [element: string, attribute: string])[] = [
  ["saml:Conditions", "NotBefore"],
  ["saml:Conditions", "NotOnOrAfter"],
  ["saml:SubjectConfirmationData", "NotOnOrAfter"],
  ["saml:Assertion", "IssueInstant"],
  ["saml:AuthnStatement", "AuthnInstant"],
  ["saml:AuthnStatement", "SessionNotOnOrAfter"],
];

describe("times", () => {
  for (const { what, at, edge, beyond, code, solicited = false } of WINDOWS) {
    const pending = solicited ? [REQUEST] : [];
    const send = (moment: number): ReturnType<typeof verify> =>
      verify(idp.respond({ ...ask, ...at(new Date(moment).toISOString()) }).xml, { pending });

    it(`${what}: accepted up to the edge, refused a millisecond beyond`, async () => {
      accepted(await send(edge - beyond));
      accepted(await send(edge));
      refused(await send(edge + beyond), code);
    });
  }

  for (const [what, text] of Object.entries(instantFormats)) {
    it(`reads ${what}`, async () => {
      const edit = inAssertion(setAttribute("saml:Assertion", "IssueInstant", text));
      accepted(await verify(idp.respond({ ...ask, ...edit }).xml));
    });
  }

  for (const [what, text] of Object.entries(NO_INSTANTS)) {
    it(`refuses ${what} wherever a time stands`, async () => {
      for (const [element, attribute] of TIMED) {
        const edit = inAssertion(setAttribute(element, attribute, text));
        const rejection = refused(
          await verify(idp.respond({ ...ask, ...edit }).xml),
          "time-invalid",
        );
        expect(rejection.detail).to.include(attribute);
      }
    });
  }

  it("refuses conditions that end before they begin", async () => {
    const edit = inAssertion(
      setAttribute("saml:Conditions", "NotBefore", "2026-06-01T12:00:30Z"),
      setAttribute("saml:Conditions", "NotOnOrAfter", "2026-06-01T12:00:30Z"),
    );
    refused(await verify(idp.respond({ ...ask, ...edit }).xml), "time-invalid");
  });

  it("tells the replay ledger to remember for as long as the age check would accept", async () => {
    const { replayableUntil } = accepted(await verify(idp.respond(ask).xml));
    expect(replayableUntil).to.be.at.least(
      NOW + Math.max(maxAgeMs, maxUnsolicitedAgeMs) + clockSkewMs,
    );
  });
});
