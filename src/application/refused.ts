import {
  ASK_ADMINISTRATOR,
  DENIAL_SENTENCE,
  logoutAdvice,
  logoutSentence,
  rejectionAdvice,
  rejectionSentence,
} from "../domain/explanations.ts";
import type { Rejection, RejectionCode } from "../domain/rejection.ts";
import type { Denial, DenyReason } from "../domain/sign-in-decision.ts";

/** Somebody does not get in, or out: what to tell them, and the reference of the reason. */
export interface Refused {
  readonly kind: "refused";
  readonly what: "sign-in" | "logout";
  /** For programs and administrators; never shown on the person's page. */
  readonly code: DenyReason | RejectionCode;
  readonly reference: string;
  readonly sentence: string;
  readonly advice: string;
  /** Whether the identity provider's signature covers what was refused. */
  readonly authenticated: boolean;
}

/** What the person is told of a rejected message. */
export function refusedMessage(rejection: Rejection, reference: string): Refused {
  return {
    kind: "refused",
    what: "sign-in",
    code: rejection.code,
    reference,
    sentence: rejectionSentence(rejection.code),
    advice: rejectionAdvice(rejection.code),
    authenticated: rejection.authenticated,
  };
}

/** What the person is told of a rejected logout message. */
export function refusedLogout(rejection: Rejection, reference: string): Refused {
  return {
    ...refusedMessage(rejection, reference),
    what: "logout",
    sentence: logoutSentence(rejection.code),
    advice: logoutAdvice(rejection.code),
  };
}

/** What the person is told of a denial; `authenticated` when an assertion vouches for them. */
export function refusedPerson(
  { reason }: Pick<Denial, "reason">,
  reference: string,
  authenticated: boolean,
): Refused {
  return {
    kind: "refused",
    what: "sign-in",
    code: reason,
    reference,
    sentence: DENIAL_SENTENCE[reason],
    advice: ASK_ADMINISTRATOR,
    authenticated,
  };
}
