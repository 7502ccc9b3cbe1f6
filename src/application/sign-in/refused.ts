import type { Rejection, RejectionCode } from "../../domain/rejection.ts";
import type { Denial, DenyReason } from "../../domain/sign-in-decision.ts";
import {
  ASK_ADMINISTRATOR,
  DENIAL_SENTENCE,
  logoutAdvice,
  logoutSentence,
  rejectionAdvice,
  rejectionSentence,
} from "../../domain/texts/explanations.ts";

/** A refused sign-in or logout, with the message for the user and the reference. */
export interface Refused {
  readonly kind: "refused";
  readonly what: "sign-in" | "logout";
  /** For administrators and the log; not shown to the user. */
  readonly code: DenyReason | RejectionCode;
  readonly reference: string;
  readonly sentence: string;
  readonly advice: string;
  /** Whether a valid signature of the identity provider covers the refused content. */
  readonly authenticated: boolean;
}

/** The refusal of a rejected sign-in message. */
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

/** The refusal of a rejected logout message. */
export function refusedLogout(rejection: Rejection, reference: string): Refused {
  return {
    ...refusedMessage(rejection, reference),
    what: "logout",
    sentence: logoutSentence(rejection.code),
    advice: logoutAdvice(rejection.code),
  };
}

/** The refusal of a denial; `authenticated` if an assertion authenticates the user. */
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
