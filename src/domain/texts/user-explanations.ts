import type { RejectionCause, RejectionCode } from "../rejection.ts";
import type { DenyReason } from "../sign-in-decision.ts";

/** Message for the user whose sign-in was denied, by reason: one sentence. */
export const DENIAL_SENTENCE: Readonly<Record<DenyReason, string>> = {
  "sso-disabled": "Single sign-on is turned off.",
  "email-missing": "Your identity provider did not send your email address.",
  "email-invalid": "Your identity provider sent an email address that can't be used here.",
  "email-ambiguous": "Your identity provider sent more than one email address for you.",
  "domain-not-allowed": "Your email domain isn't allowed to sign in here.",
  "domain-not-verified": "Your email domain isn't set up to sign in here yet.",
  "domain-of-other-connection": "Users of your email domain sign in here another way.",
  "user-suspended": "Your account is suspended.",
  "user-deleted": "Your account has been removed.",
  "jit-disabled": "You don't have an account here yet.",
  "refused-by-rule": "Your organization doesn't allow you to have an account here.",
  "no-rule-matched":
    "You don't have an account here, and your organization's settings don't create one for you.",
  "address-changed": "You already have an account here under another email address.",
  "defaults-invalid":
    "Your account couldn't be created because the settings for new users need attention.",
  "license-exhausted": "Your account couldn't be created because all licenses are in use.",
};

/** Whether a code is a denial reason, which the user may see, rather than a rejection code. */
export function isDenyReason(code: DenyReason | RejectionCode): code is DenyReason {
  return Object.hasOwn(DENIAL_SENTENCE, code);
}

/** Advice for a user who cannot solve the problem alone. */
export const ASK_ADMINISTRATOR = "Ask an administrator for help and give them the reference.";

/** Advice for a user whose next attempt is likely to succeed. */
export const TRY_AGAIN = "Go back to the sign-in page and try again.";

/** Advice for a user whose browser sent no cookie of ours. */
const ALLOW_COOKIES =
  "Allow cookies for this site, then sign in again and stay in the same browser. If that doesn't help, ask an administrator and give them the reference.";

const PASSING: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  "request-unknown",
  "request-consumed",
  "replayed",
  "expired",
  "too-old",
  "session-expired",
  "authn-too-old",
  "connection-changed",
  "status-not-success",
]);

const REPEATABLE: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  "request-unknown",
  "request-consumed",
  "replayed",
  "expired",
  "too-old",
]);

/** Whether a verified message may be rejected because it came before: twice, or by going back. */
export function mayBeRepeated(code: RejectionCode): boolean {
  return REPEATABLE.has(code);
}

/**
 * Message for the user whose SAML response was rejected. It never says which check failed: that
 * would help an attacker. Administrators find the check in the audit trail, under the reference.
 */
export function rejectionSentence(code: RejectionCode, cause?: RejectionCause): string {
  // A client that sent no cookie knows that it sent none: this reveals nothing.
  if (cause === "no-cookie") return "Your browser didn't send the cookie of this sign-in.";
  if (cause === "waited") return "This sign-in took too long.";
  if (code === "status-not-success") return "Your identity provider did not sign you in.";
  if (code === "unsolicited-refused")
    return "Sign in from this site instead of from your identity provider.";
  return PASSING.has(code)
    ? "This sign-in is no longer valid."
    : "Your sign-in couldn't be verified.";
}

/** Advice for the user whose SAML response was rejected. */
export function rejectionAdvice(code: RejectionCode, cause?: RejectionCause): string {
  if (cause === "no-cookie") return ALLOW_COOKIES;
  return PASSING.has(code) || code === "unsolicited-refused" ? TRY_AGAIN : ASK_ADMINISTRATOR;
}

/** Message for the user whose logout message was rejected. */
export function logoutSentence(code: RejectionCode): string {
  if (code === "status-not-success") return SIGNED_OUT_HERE;
  return PASSING.has(code)
    ? "This sign-out is no longer valid."
    : "Your sign-out couldn't be verified.";
}

/**
 * Message for the user who has signed out here and whose identity provider does not confirm that
 * everything else has ended.
 */
export const SIGNED_OUT_HERE: string =
  "You are signed out here, but you may still be signed in at your identity provider.";

/** The same, where the identity provider confirms that its own session has ended. */
export const SIGNED_OUT_PARTLY: string =
  "You are signed out here and at your identity provider, but you may still be signed in to other services.";

/** Advice for both. */
export const CLOSE_BROWSER: string = "Close your browser or sign out there as well.";

/** Advice for the user whose logout message was rejected. */
export function logoutAdvice(code: RejectionCode): string {
  return PASSING.has(code)
    ? "Close your browser or sign out at your identity provider."
    : ASK_ADMINISTRATOR;
}
