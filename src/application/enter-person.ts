import { type EmailIdentity, emailIdentity } from "../domain/email-identity.ts";
import { admitIdentity } from "../domain/sign-in-decision.ts";
import { EmailTakenError, InvitationGoneError, StorageUnavailableError } from "../ports/errors.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import type { AttemptResult, AttemptSignIn, SignInAttempt } from "./attempt-sign-in.ts";
import type { GatherPersonFacts } from "./gather-person-facts.ts";

/** What {@link makeEnterPerson} needs. */
export interface EnterPersonDeps {
  readonly users: UserDirectory;
  readonly personFacts: GatherPersonFacts;
  readonly attemptSignIn: AttemptSignIn;
}

/** What is known of somebody whose assertion has verified. */
export type EnterPersonInput = Pick<
  SignInAttempt,
  "tenant" | "settings" | "assertion" | "reference" | "requestExpiresAt"
>;

/** What came of it, in the end. */
export type EnterResult = Exclude<AttemptResult, { kind: "person-gone" }>;

/**
 * Lets somebody in, or not. When others change the very person meanwhile, all of it is done anew.
 *
 * @throws StorageUnavailableError when that does not settle, or the storage does not answer.
 */
export type EnterPerson = (input: EnterPersonInput) => Promise<EnterResult>;

/** How often somebody may be created or invited between our look and our transaction. */
const MAX_ATTEMPTS = 3;

/** Makes {@link EnterPerson}. */
export function makeEnterPerson(deps: EnterPersonDeps): EnterPerson {
  const { users, personFacts, attemptSignIn } = deps;

  async function attempt(input: EnterPersonInput): Promise<AttemptResult> {
    const { tenant, settings, assertion } = input;
    const { email, autoProvisioning } = settings.settings;
    const identity = emailIdentity(assertion.claims, email.source);
    const admission = admitIdentity(identity, settings);
    const unknown =
      admission.kind === "admitted" &&
      (await users.findByEmail(tenant, admission.email)) === undefined;
    const host = unknown ? await personFacts.fromHost(tenant, autoProvisioning) : undefined;
    return attemptSignIn({ ...input, admission, emailFrom: placesOf(identity), host });
  }

  return async (input) => {
    let cause: unknown;
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      try {
        const result = await attempt(input);
        if (result.kind !== "person-gone") return result;
      } catch (error) {
        if (!isChangedMeanwhile(error)) throw error;
        cause = error;
      }
    }
    throw new StorageUnavailableError(1, { cause });
  };
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
