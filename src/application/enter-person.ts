import { type EmailIdentity, emailIdentity } from "../domain/email-identity.ts";
import { admitIdentity } from "../domain/sign-in-decision.ts";
import { EmailTakenError, InvitationGoneError, StorageUnavailableError } from "../ports/errors.ts";
import type { AttemptResult, AttemptSignIn, SignInAttempt } from "./attempt-sign-in.ts";
import type { GatherPersonFacts, HostFacts } from "./gather-person-facts.ts";
import { HostMistakeError } from "./host-mistake.ts";

/** What {@link makeEnterPerson} needs. */
export interface EnterPersonDeps {
  readonly personFacts: GatherPersonFacts;
  readonly attemptSignIn: AttemptSignIn;
}

/** What is known of somebody whose assertion has verified. */
export type EnterPersonInput = Pick<
  SignInAttempt,
  "tenant" | "settings" | "assertion" | "reference" | "requestExpiresAt"
>;

/** What came of it, in the end. */
export type EnterResult = Exclude<AttemptResult, { kind: "stranger" }>;

/**
 * Lets somebody in, or not. When others change the very person meanwhile, all of it is done anew.
 *
 * @throws StorageUnavailableError when that does not settle, or the storage is not responding.
 * @throws HostMistakeError when the address is taken by somebody whom nobody finds by it.
 */
export type EnterPerson = (input: EnterPersonInput) => Promise<EnterResult>;

/** Once for a stranger; the others for whoever is created or invited while we are at it. */
const MAX_ATTEMPTS = 4;

/** Makes {@link EnterPerson}. */
export function makeEnterPerson(deps: EnterPersonDeps): EnterPerson {
  const { personFacts, attemptSignIn } = deps;
  return async (input) => {
    const { tenant, settings, assertion } = input;
    const { email, autoProvisioning } = settings.settings;
    const identity = emailIdentity(assertion.claims, email.source);
    const admission = admitIdentity(identity, settings);
    const emailFrom = placesOf(identity);
    let host: HostFacts | undefined;
    let cause: unknown;
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      try {
        const result = await attemptSignIn({ ...input, admission, emailFrom, host });
        if (result.kind !== "stranger") return result;
      } catch (error) {
        if (!isChangedMeanwhile(error)) throw error;
        cause = error;
        continue;
      }
      host = await personFacts.fromHost(tenant, autoProvisioning);
    }
    throw cause instanceof EmailTakenError
      ? takenButNotFound(cause)
      : new StorageUnavailableError(1, { cause });
  };
}

/** Whoever else creates somebody commits before we are told, so the next look finds them. */
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
