import {
  type EmailIdentity,
  emailIdentity,
  persistentSubject,
} from "../../domain/email-identity.ts";
import { type Admission, admitIdentity } from "../../domain/sign-in-decision.ts";
import {
  EmailTakenError,
  HostMistakeError,
  InvitationGoneError,
  StorageUnavailableError,
} from "../../ports/errors.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";
import type {
  AttemptResult,
  LookedUp,
  SignInAttempt,
  SignInTransaction,
} from "./sign-in-transaction.ts";
import type { HostFacts, UserFacts } from "./user-facts.ts";

/** Input of a sign-in after its assertion has been verified. */
export type SignInWithRetryInput = Pick<
  SignInAttempt,
  "tenant" | "settings" | "connection" | "assertion" | "reference" | "requestExpiresAt"
>;

/** The final result. */
export type EnterResult = Exclude<AttemptResult, { kind: "user-changed" }>;

/**
 * Runs the sign-in and retries it if the user changes concurrently.
 *
 * @throws StorageUnavailableError if retries do not succeed or the storage does not respond.
 * @throws HostMistakeError if the address is in use but the lookup does not find its user, or if a
 * user who is looked up as active is not selected as such.
 */
export type SignInWithRetry = (input: SignInWithRetryInput) => Promise<EnterResult>;

/** The others are for concurrent changes of the user. */
const MAX_ATTEMPTS = 3;

export function makeSignInWithRetry({
  users,
  userFacts,
  signInTransaction,
}: {
  readonly users: UserDirectory;
  readonly userFacts: UserFacts;
  readonly signInTransaction: SignInTransaction;
}): SignInWithRetry {
  return async (input) => {
    const { tenant, settings, connection, assertion } = input;
    const identity = emailIdentity(assertion.claims, connection.email.source);
    const subject = persistentSubject(assertion.issuer, assertion.claims.nameId);
    const asserted = { attributes: assertion.claims.attributes, connection };
    const verifiedDomains = await userFacts.verifiedDomains(tenant);
    const admitted = admitIdentity(identity, asserted, settings, verifiedDomains);
    const emailFrom = placesOf(identity);
    let host: HostFacts | undefined;
    const lookUp = async (admission: Admission): Promise<LookedUp> => {
      const user = await users.findByEmail(tenant, admission.email);
      if (user !== undefined) return { ...admission, user };
      host ??= await userFacts.ofHost(tenant, admission.newUser, subject);
      return { ...admission, host };
    };
    /** The error may come from another unique key of the host, such as one on the address as typed. */
    const wasCreatedConcurrently = async (
      admission: SignInAttempt["admission"],
      error: unknown,
    ): Promise<boolean> => {
      if (error instanceof StorageUnavailableError) return false;
      if (admission.kind === "deny" || admission.user !== undefined) return false;
      return (await users.findByEmail(tenant, admission.email)) !== undefined;
    };
    let cause: unknown;
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      const admission = admitted.kind === "deny" ? admitted : await lookUp(admitted);
      try {
        const result = await signInTransaction({ ...input, admission, emailFrom });
        if (result.kind !== "user-changed") return result;
      } catch (error) {
        if (!isConcurrentChange(error) && !(await wasCreatedConcurrently(admission, error)))
          throw error;
        cause = error;
      }
    }
    if (cause === undefined) throw activeButExcluded();
    if (cause instanceof EmailTakenError) throw takenButNotFound(cause);
    throw isConcurrentChange(cause) ? new StorageUnavailableError(1, { cause }) : cause;
  };
}

/**
 * A concurrent creation is committed before we get the error, so the next lookup finds the user.
 */
function takenButNotFound(cause: EmailTakenError): HostMistakeError {
  const mistake = new HostMistakeError(
    "a unique key contains the user's address in another form: hostUsers.columns.email must contain the result of parseEmailAddress",
  );
  mistake.cause = cause;
  return mistake;
}

function activeButExcluded(): HostMistakeError {
  return new HostMistakeError(
    "a user whose state is active is not among the users who take seats: hostUsers.state.takingSeats must select active and invited users",
  );
}

function isConcurrentChange(error: unknown): boolean {
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
