import type { RejectionCauses } from "../../../domain/rejection.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import { quote, RejectionError, refuse } from "../rejection-error.ts";
import { instant } from "../wire/lexical-forms.ts";
import { NS } from "../xml/names.ts";
import { attributeOf, childrenNamed, elementsOf, textOf, trimXmlSpace } from "../xml/tree.ts";
import type { AssertionReading, ConfirmationReading } from "./assertion-reading.ts";
import { compareTexts, early, iso, late, type Moment } from "./comparisons.ts";
import type { ResponseReading } from "./response-reading.ts";

/** Input of the checks of a verified message. */
export interface CheckInput {
  readonly response: ResponseReading;
  readonly assertion: AssertionReading;
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  readonly pendingRequestIds: readonly string[];
  /** When each of them was made, by ID. */
  readonly requestTimes?: ReadonlyMap<string, number>;
  readonly outdatedRequestIds?: readonly string[];
  readonly cookiesCame?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly limits: TimeLimits;
}

/** Time limits, in milliseconds. */
export interface TimeLimits {
  /** Tolerated clock difference to the identity provider. Default: 60,000. */
  readonly clockSkewMs: number;
  /** Maximum age of a requested assertion since its IssueInstant. Default: 600,000. */
  readonly maxAgeMs: number;
  /** Maximum age of an unsolicited assertion. Default: 300,000. */
  readonly maxUnsolicitedAgeMs: number;
}

/** One thing that saml2-js does not check. It refuses or returns. */
export type Check = (input: CheckInput) => void;

const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const KNOWN_CONDITIONS: ReadonlySet<string> = new Set([
  "AudienceRestriction",
  "OneTimeUse",
  "ProxyRestriction",
]);

/** Every check, in the order in which the first that fails is reported. */
export const CHECKS: readonly Check[] = [
  checkVersions,
  checkIssuers,
  checkDestination,
  checkInResponseTo,
  checkUnsolicited,
  checkSubjectConfirmation,
  checkConditionsPresent,
  checkKnownConditions,
  checkAudience,
  checkConditionsTime,
  checkAge,
  checkResponseTime,
  checkAuthnInstant,
  checkForcedAuthn,
  checkAuthnContext,
  checkSession,
];

/** SAML core sections 2.3.3 and 3.2.2. */
function checkVersions({ response, assertion }: CheckInput): void {
  for (const version of [response.version, assertion.version]) {
    if (version !== "2.0") refuse("version-unsupported", `SAML version ${quote(version)}`);
  }
}

/** Exactly the connection's entity ID, wherever an Issuer stands (profiles section 4.1.4.2). */
function checkIssuers({ response, assertion, connection }: CheckInput): void {
  const issuers = [assertion.issuer, ...(response.issuer === undefined ? [] : [response.issuer])];
  for (const issuer of issuers) {
    if (issuer !== connection.entityId) {
      refuse(
        "issuer-mismatch",
        `Issuer ${quote(issuer)}, expected ${quote(connection.entityId)}`,
        "entity-id",
        compareTexts(issuer, connection.entityId),
      );
    }
  }
}

/** Bindings section 3.5.5.2: required when the message is signed. */
function checkDestination({ response, sp }: CheckInput): void {
  const { destination, signed } = response;
  if (destination === undefined) {
    if (signed) {
      refuse(
        "destination-missing",
        "the signed response has no Destination",
        compareTexts(destination, sp.acsUrl),
      );
    }
  } else if (destination !== sp.acsUrl) {
    refuse(
      "destination-mismatch",
      `Destination ${quote(destination)}, expected ${quote(sp.acsUrl)}`,
      compareTexts(destination, sp.acsUrl),
    );
  }
}

/** The request that this browser has pending, the same in the response and in its confirmation. */
function checkInResponseTo(input: CheckInput): void {
  const { response, assertion, pendingRequestIds } = input;
  const confirmed = bearers(assertion).map(({ inResponseTo }) => inResponseTo);
  const all = new Set([response.inResponseTo, ...confirmed]);
  if (all.size !== 1) {
    refuse(
      "in-response-to-mismatch",
      "InResponseTo differs between the response and its subject confirmation",
      compareTexts(confirmed[0], response.inResponseTo),
    );
  }
  const [requestId] = all;
  if (requestId !== undefined && !pendingRequestIds.includes(requestId)) {
    refuse(
      "request-unknown",
      "InResponseTo does not match a pending request of this browser",
      whyUnknown(requestId, input),
      {
        ...compareTexts(requestId, undefined),
        // Not the requests themselves: how many there are tells whether the cookie came back.
        expected: `a pending request of this browser (it has ${pendingRequestIds.length})`,
      },
    );
  }
}

function whyUnknown(
  requestId: string,
  { pendingRequestIds, outdatedRequestIds = [], cookiesCame = false }: CheckInput,
): RejectionCauses["request-unknown"] {
  if (outdatedRequestIds.includes(requestId)) return "waited";
  return cookiesCame || pendingRequestIds.length > 0 ? "other-request" : "no-cookie";
}

function checkUnsolicited({ response, connection }: CheckInput): void {
  if (response.inResponseTo === undefined && !connection.idpInitiated) {
    refuse(
      "unsolicited-refused",
      "the response is unsolicited and the connection does not allow sign-ins that start at the identity provider",
    );
  }
}

/** One bearer confirmation must meet every condition of profiles section 4.1.4.2 by itself. */
function checkSubjectConfirmation(input: CheckInput): void {
  const failures = bearers(input.assertion).map((one) =>
    refusalOf(() => requireConfirmed(one, input)),
  );
  if (failures.includes(undefined)) return;
  throw (
    failures[0] ??
    new RejectionError("subject-confirmation-invalid", "the assertion has no bearer confirmation")
  );
}

function requireConfirmed(
  { recipient, notBefore, notOnOrAfter }: ConfirmationReading,
  input: CheckInput,
): void {
  const { sp, now, limits } = input;
  if (recipient !== sp.acsUrl) {
    refuse(
      "recipient-mismatch",
      `Recipient ${quote(recipient)}, expected ${quote(sp.acsUrl)}`,
      compareTexts(recipient, sp.acsUrl),
    );
  }
  if (notBefore !== undefined) {
    refuse("subject-confirmation-invalid", "the bearer confirmation has NotBefore");
  }
  if (notOnOrAfter === undefined) {
    refuse("subject-confirmation-invalid", "the bearer confirmation has no NotOnOrAfter");
  }
  const end = instant(notOnOrAfter, "NotOnOrAfter of the confirmation");
  if (now >= end + limits.clockSkewMs) {
    refuse(
      "expired",
      `the confirmation expired at ${quote(notOnOrAfter)}, ${clock(now)}`,
      late(end, momentOf(input)),
    );
  }
}

function refusalOf(check: () => void): RejectionError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof RejectionError) return error;
    throw error;
  }
}

function checkConditionsPresent({ assertion }: CheckInput): void {
  if (assertion.conditions === undefined)
    refuse("conditions-missing", "the assertion has no Conditions");
}

/** SAML core section 2.5.1.1: a condition that is not understood makes the assertion invalid. */
function checkKnownConditions({ assertion: { conditions } }: CheckInput): void {
  for (const condition of conditions === undefined ? [] : elementsOf(conditions)) {
    if (condition.namespace !== NS.saml || !KNOWN_CONDITIONS.has(condition.local)) {
      refuse("condition-unknown", `unsupported condition ${quote(condition.local)}`);
    }
  }
}

/** SAML core section 2.5.1.4: every restriction must admit us, by exactly our entity ID. */
function checkAudience({ assertion: { conditions }, sp }: CheckInput): void {
  const restrictions =
    conditions === undefined ? [] : childrenNamed(conditions, NS.saml, "AudienceRestriction");
  if (restrictions.length === 0) {
    refuse(
      "audience-missing",
      "the assertion has no AudienceRestriction",
      compareTexts(undefined, sp.entityId),
    );
  }
  for (const restriction of restrictions) {
    // xs:anyURI collapses white space.
    const audiences = childrenNamed(restriction, NS.saml, "Audience").map((a) =>
      trimXmlSpace(textOf(a) ?? ""),
    );
    if (!audiences.includes(sp.entityId)) {
      refuse(
        "audience-mismatch",
        `Audience ${quote(audiences.join(" "))}, expected ${quote(sp.entityId)}`,
        compareTexts(audiences.join(" "), sp.entityId),
      );
    }
  }
}

function checkConditionsTime(input: CheckInput): void {
  const { now, limits } = input;
  const { conditions } = input.assertion;
  if (conditions === undefined) return;
  const notBefore = optionalInstant(attributeOf(conditions, "NotBefore"), "NotBefore");
  const notOnOrAfter = optionalInstant(attributeOf(conditions, "NotOnOrAfter"), "NotOnOrAfter");
  if (notBefore !== undefined && notOnOrAfter !== undefined && notBefore >= notOnOrAfter) {
    refuse("time-invalid", "NotBefore is not before NotOnOrAfter");
  }
  if (notBefore !== undefined && now < notBefore - limits.clockSkewMs) {
    refuse(
      "not-yet-valid",
      `not valid before ${iso(notBefore)}, ${clock(now)}`,
      early(notBefore, momentOf(input)),
    );
  }
  if (notOnOrAfter !== undefined && now >= notOnOrAfter + limits.clockSkewMs) {
    refuse(
      "expired",
      `expired at ${iso(notOnOrAfter)}, ${clock(now)}`,
      late(notOnOrAfter, momentOf(input)),
    );
  }
}

/** Limits the lifetime of a stolen assertion, regardless of the window that the IdP grants. */
function checkAge(input: CheckInput): void {
  const { response, assertion, now, limits } = input;
  const issued = instant(assertion.issueInstant ?? "", "IssueInstant of the assertion");
  const maxAge = response.inResponseTo === undefined ? limits.maxUnsolicitedAgeMs : limits.maxAgeMs;
  if (now >= issued + maxAge + limits.clockSkewMs) {
    refuse(
      "too-old",
      `issued at ${iso(issued)}, ${clock(now)}`,
      late(issued, momentOf(input), maxAge),
    );
  }
  requirePast(issued, input);
}

function checkResponseTime(input: CheckInput): void {
  requirePast(instant(input.response.issueInstant ?? "", "IssueInstant of the response"), input);
}

function checkAuthnInstant(input: CheckInput): void {
  requirePast(instant(input.assertion.authnInstant ?? "", "AuthnInstant"), input);
}

/**
 * A connection that forces authentication wants it after the request (SAML core section 3.4.1), less
 * the clock skew; without a request, within the time in which unsolicited responses are accepted.
 */
function checkForcedAuthn(input: CheckInput): void {
  const { assertion, response, connection, requestTimes, now, limits } = input;
  if (connection.forceAuthn !== true) return;
  const authenticated = instant(assertion.authnInstant ?? "", "AuthnInstant");
  const earliest =
    response.inResponseTo === undefined
      ? now - limits.maxUnsolicitedAgeMs
      : (requestTimes?.get(response.inResponseTo) ?? now);
  if (authenticated < earliest - limits.clockSkewMs) {
    refuse(
      "authn-too-old",
      `the user was authenticated at ${iso(authenticated)}, before this sign-in began`,
      late(authenticated, momentOf(input), now - earliest),
    );
  }
}

/** The class is compared exactly: no standard says which class is stronger than another. */
function checkAuthnContext({ assertion, connection }: CheckInput): void {
  const { acceptedAuthnContextClasses: accepted = [] } = connection;
  const { authnContextClassRef: sent } = assertion;
  if (accepted.length > 0 && (sent === undefined || !accepted.includes(sent))) {
    refuse(
      "authn-context-mismatch",
      `the user was authenticated as ${quote(sent)}, which the connection does not accept`,
      compareTexts(sent, accepted.join(" ")),
    );
  }
}

function checkSession(input: CheckInput): void {
  const { assertion, now, limits } = input;
  const end = optionalInstant(assertion.sessionNotOnOrAfter, "SessionNotOnOrAfter");
  if (end !== undefined && now >= end + limits.clockSkewMs) {
    refuse(
      "session-expired",
      `the identity provider's session ended at ${iso(end)}, ${clock(now)}`,
      late(end, momentOf(input)),
    );
  }
}

function requirePast(time: number, input: CheckInput): void {
  const { now, limits } = input;
  if (time > now + limits.clockSkewMs) {
    refuse("not-yet-valid", `issued at ${iso(time)}, ${clock(now)}`, early(time, momentOf(input)));
  }
}

/** The assertion's own time: a signature covers it, whichever element was signed. */
function momentOf({ assertion: { issueInstant }, now, limits }: CheckInput): Moment {
  return { issueInstant, now, limits };
}

function bearers({ confirmations }: AssertionReading): readonly ConfirmationReading[] {
  return confirmations.filter(({ method }) => method === BEARER);
}

function optionalInstant(text: string | undefined, what: string): number | undefined {
  return text === undefined ? undefined : instant(text, what);
}

function clock(now: number): string {
  return `our clock: ${iso(now)}`;
}
