import { type EmailIdentity, emailIdentity } from "../../domain/email-identity.ts";
import { admitIdentity } from "../../domain/sign-in-decision.ts";
import {
  EmailTakenError,
  InvitationGoneError,
  StorageUnavailableError,
} from "../../ports/errors.ts";
import { HostMistakeError } from "../../ports/host-mistake.ts";
import type { AttemptResult, SignInAttempt, SignInTransaction } from "./sign-in-transaction.ts";
import type { HostFacts, UserFacts } from "./user-facts.ts";

/** Input of a sign-in after its assertion has been verified. */
export type SignInWithRetryInput = Pick<
  SignInAttempt,
  "tenant" | "settings" | "connection" | "assertion" | "reference" | "requestExpiresAt"
>;

/** The final result. */
export type EnterResult = Exclude<AttemptResult, { kind: "host-facts-needed" }>;

/**
 * Runs the sign-in and retries it if the user changes concurrently.
 *
 * @throws StorageUnavailableError if retries do not succeed or the storage does not respond.
 * @throws HostMistakeError if the address is taken but the lookup does not find its user.
 */
export type SignInWithRetry = (input: SignInWithRetryInput) => Promise<EnterResult>;

/** One attempt for an unknown user, the others for concurrent changes. */
const MAX_ATTEMPTS = 4;

export function makeSignInWithRetry({
  userFacts,
  signInTransaction,
}: {
  readonly userFacts: UserFacts;
  readonly signInTransaction: SignInTransaction;
}): SignInWithRetry {
  return async (input) => {
    const { tenant, settings, connection, assertion } = input;
    const identity = emailIdentity(assertion.claims, connection.email.source);
    const asserted = { attributes: assertion.claims.attributes, connection };
    const admission = admitIdentity(identity, asserted, settings);
    const emailFrom = placesOf(identity);
    let host: HostFacts | undefined;
    let cause: unknown;
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      try {
        const result = await signInTransaction({ ...input, admission, emailFrom, host });
        if (result.kind !== "host-facts-needed") return result;
      } catch (error) {
        if (!isChangedMeanwhile(error)) throw error;
        cause = error;
        continue;
      }
      if (admission.kind === "admitted") host = await userFacts.ofHost(tenant, admission.newUser);
    }
    throw cause instanceof EmailTakenError
      ? takenButNotFound(cause)
      : new StorageUnavailableError(1, { cause });
  };
}

/**
 * A concurrent creation is committed before we get the error, so the next lookup finds the user.
 */
function takenButNotFound(cause: EmailTakenError): HostMistakeError {
  const mistake = new HostMistakeError(
    "a unique key contains the user's address in another form: the column of normalized addresses must contain the result of parseEmailAddress",
  );
  mistake.cause = cause;
  return mistake;
}

function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof EmailTakenError || error instanceof InvitationGoneError;
}

function placesOf(identity: EmailIdentity): readonly string[] {
  switch (identity.kind) {
    case "email":
    case "ambiguous":
      return identity.from;
    case "invalid":
      return [identity.from];
    case "missing":
      return [];
  }
}
