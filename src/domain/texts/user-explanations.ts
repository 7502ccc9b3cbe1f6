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

/** The name of a sentence for users: of a denial, or of something else. */
export type UserSentence =
  | DenyReason
  | "no-cookie"
  | "waited"
  | "not-signed-in"
  | "start-here"
  | "sign-in-over"
  | "sign-in-unverified"
  | "sign-out-over"
  | "sign-out-unverified"
  | "signed-out-here"
  | "signed-out-partly";

/** Sentences for users whose sign-in or logout did not end as it should, by name. */
export const USER_SENTENCES: Readonly<Record<UserSentence, string>> = {
  ...DENIAL_SENTENCE,
  "no-cookie": "Your browser didn't send the cookie of this sign-in.",
  waited: "This sign-in took too long.",
  "not-signed-in": "Your identity provider did not sign you in.",
  "start-here": "Sign in from this site instead of from your identity provider.",
  "sign-in-over": "This sign-in is no longer valid.",
  "sign-in-unverified": "Your sign-in couldn't be verified.",
  "sign-out-over": "This sign-out is no longer valid.",
  "sign-out-unverified": "Your sign-out couldn't be verified.",
  "signed-out-here":
    "You are signed out here, but you may still be signed in at your identity provider.",
  "signed-out-partly":
    "You are signed out here and at your identity provider, but you may still be signed in to other services.",
};

/** The name of an advice for users. */
export type UserAdvice =
  | "ask-administrator"
  | "try-again"
  | "allow-cookies"
  | "close-browser"
  | "sign-out-there";

/** What users can do about {@link USER_SENTENCES}, by name. */
export const USER_ADVICE: Readonly<Record<UserAdvice, string>> = {
  "ask-administrator": "Ask an administrator for help and give them the reference.",
  "try-again": "Go back to the sign-in page and try again.",
  "allow-cookies":
    "Allow cookies for this site, then sign in again and stay in the same browser. If that doesn't help, ask an administrator and give them the reference.",
  "close-browser": "Close your browser or sign out there as well.",
  "sign-out-there": "Close your browser or sign out at your identity provider.",
};

/** Which sentence and which advice a user is shown: names, for any language. */
export interface UserMessage {
  /** What happened. */
  readonly sentence: UserSentence;
  /** What to do. */
  readonly advice: UserAdvice;
}

/** Whether a code is a denial reason, which the user may see, rather than a rejection code. */
export function isDenyReason(code: DenyReason | RejectionCode): code is DenyReason {
  return Object.hasOwn(DENIAL_SENTENCE, code);
}

const OF_THE_ACCOUNT: ReadonlySet<DenyReason> = new Set<DenyReason>([
  "domain-not-allowed",
  "domain-not-verified",
  "refused-by-rule",
]);

/** Whether the same account is denied again, while another one of the user may not be. */
export function isOfTheAccount(reason: DenyReason): boolean {
  return OF_THE_ACCOUNT.has(reason);
}

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
export function rejectionMessage(code: RejectionCode, cause?: RejectionCause): UserMessage {
  const again = PASSING.has(code) || code === "unsolicited-refused";
  const advice = again ? "try-again" : "ask-administrator";
  // A client that sent no cookie knows that it sent none: this reveals nothing.
  if (cause === "no-cookie") return { sentence: "no-cookie", advice: "allow-cookies" };
  if (cause === "waited") return { sentence: "waited", advice };
  if (code === "status-not-success") return { sentence: "not-signed-in", advice };
  if (code === "unsolicited-refused") return { sentence: "start-here", advice };
  return { sentence: PASSING.has(code) ? "sign-in-over" : "sign-in-unverified", advice };
}

/** Message for the user whose logout message was rejected. */
export function logoutMessage(code: RejectionCode): UserMessage {
  const passing = PASSING.has(code);
  const advice = passing ? "sign-out-there" : "ask-administrator";
  if (code === "status-not-success") return { sentence: "signed-out-here", advice };
  return { sentence: passing ? "sign-out-over" : "sign-out-unverified", advice };
}
