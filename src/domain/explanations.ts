import type { RejectionCode } from "./rejection.ts";
import type { DenyReason } from "./sign-in-decision.ts";

/** One sentence for the person who wanted to sign in, by the reason of a denial. */
export const DENIAL_SENTENCE: Readonly<Record<DenyReason, string>> = {
  "sso-disabled": "Single sign-on is switched off for this account.",
  "email-missing": "Your identity provider did not say what your email address is.",
  "email-invalid": "Your identity provider sent an email address that cannot be used here.",
  "email-ambiguous": "Your identity provider sent more than one email address for you.",
  "domain-not-allowed": "Addresses of your email domain cannot sign in to this account.",
  "user-suspended": "Your user is suspended.",
  "user-deleted": "Your user was removed from this account.",
  "jit-disabled": "You do not have a user in this account yet.",
  "defaults-invalid":
    "Your user could not be created, because the settings for new users need attention.",
  "license-exhausted": "Your user could not be created, because all licenses are in use.",
};

/** Whether a code is the reason of a denial, which the person is told, or that of a rejection. */
export function isDenyReason(code: DenyReason | RejectionCode): code is DenyReason {
  return Object.hasOwn(DENIAL_SENTENCE, code);
}

/** What the person can do about a denial or a rejection. */
export const ASK_ADMINISTRATOR =
  "Ask an administrator of this account for help, and name the reference.";

/** What the person can do when only the moment was wrong. */
export const TRY_AGAIN = "Start again from the sign-in page.";

const PASSING: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  "request-unknown",
  "request-consumed",
  "replayed",
  "expired",
  "too-old",
  "session-expired",
  "connection-changed",
  "status-not-success",
]);

/**
 * One sentence for the person whose message was rejected. It never says which check failed: that is
 * in the audit trail, under the reference.
 */
export function rejectionSentence(code: RejectionCode): string {
  if (code === "status-not-success") return "Your identity provider did not sign you in.";
  if (code === "unsolicited-refused")
    return "Start signing in from this site, not from your identity provider.";
  return PASSING.has(code)
    ? "This sign-in is no longer valid."
    : "Your sign-in could not be verified.";
}

/** What the person can do about a rejection. */
export function rejectionAdvice(code: RejectionCode): string {
  return PASSING.has(code) || code === "unsolicited-refused" ? TRY_AGAIN : ASK_ADMINISTRATOR;
}

/** One sentence for the person whose sign-out at the identity provider did not work. */
export function logoutSentence(code: RejectionCode): string {
  if (code === "status-not-success")
    return "You are signed out here, but perhaps not at your identity provider.";
  return PASSING.has(code)
    ? "This sign-out is no longer valid."
    : "Your sign-out could not be verified.";
}

/** What the person can do about it. */
export function logoutAdvice(code: RejectionCode): string {
  return PASSING.has(code)
    ? "Close your browser, or sign out at your identity provider."
    : ASK_ADMINISTRATOR;
}
