import type { UserId } from "../../domain/access.ts";
import { frozenAssertion } from "../../domain/assertion.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { Connection, VersionedSettings } from "../../domain/settings.ts";
import {
  type Admission,
  type Denial,
  decideFor,
  type KnownUser,
  type SignInDecision,
  type UserLookup,
} from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { VerifiedAssertion } from "../../ports/identity-port.ts";
import type { Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import type { RecordEvent } from "../events.ts";
import { runInTransaction } from "../run-in-transaction.ts";
import { assertedProfile } from "./asserted-profile.ts";
import {
  deniedEntry,
  deniedEvent,
  enteredEvent,
  receiptFor,
  signedInEntry,
} from "./sign-in-records.ts";
import type { HostFacts, UserFacts } from "./user-facts.ts";

/**
 * An admitted identity, looked up outside of a transaction. Only an unknown user needs the facts of
 * the host.
 */
export type LookedUp = Admission &
  (
    | { readonly user: KnownUser; readonly host?: never }
    | { readonly user?: never; readonly host: HostFacts }
  );

/** One attempt at a sign-in. */
export interface SignInAttempt {
  readonly tenant: TenantId;
  readonly settings: VersionedSettings;
  /** The connection whose identity provider made the assertion. */
  readonly connection: Connection;
  readonly assertion: VerifiedAssertion;
  /** The identity with what was found out about it before the transaction, or the denial. */
  readonly admission: LookedUp | Denial;
  /** Sources of the address in the assertion. */
  readonly emailFrom: readonly string[];
  readonly reference: string;
  /** Time at which the request expires, in milliseconds since the epoch. */
  readonly requestExpiresAt: number;
}

/** Result of an attempt. */
export type AttemptResult =
  | {
      readonly kind: "entered";
      readonly userId: UserId;
      readonly email: EmailAddress;
      readonly decision: Entrance;
    }
  | { readonly kind: "denied"; readonly denial: Denial }
  /** Nothing is stored. */
  | { readonly kind: "used-before"; readonly what: "assertion" | "request" }
  /** Nothing is stored: the user is no longer as they were looked up. */
  | { readonly kind: "user-changed" };

type Entrance = Exclude<SignInDecision, Denial>;

/**
 * Runs one sign-in atomically in one transaction.
 *
 * The user was looked up before it, because the host's catalog and limit must not be queried inside
 * a transaction: the host may use the same connection pool. What may have changed since is checked
 * by the statements that write: the audit entry of a known user, the acceptance of an invitation,
 * the unique key of a new user's address.
 *
 * @throws EmailTakenError, InvitationGoneError if the user changed concurrently: retry.
 * @throws StorageUnavailableError
 */
export type SignInTransaction = (attempt: SignInAttempt) => Promise<AttemptResult>;

export function makeSignInTransaction({
  unitOfWork,
  userFacts,
  recordEvent,
  clock,
  ids,
}: {
  readonly unitOfWork: UnitOfWork;
  readonly userFacts: UserFacts;
  readonly recordEvent: RecordEvent;
  readonly clock: Clock;
  readonly ids: IdSource;
}): SignInTransaction {
  async function work(
    stores: Stores,
    attempt: SignInAttempt,
    rollBack: (result: AttemptResult) => never,
  ): Promise<AttemptResult> {
    const used = await consume(stores, attempt);
    if (used !== undefined) return rollBack({ kind: "used-before", what: used });
    const { admission, tenant } = attempt;
    if (admission.kind === "deny") return deny(stores, attempt, admission);
    const { email, newUser, user, host } = admission;
    const lookup: UserLookup =
      user === undefined
        ? await userFacts.ofUnknownUser({ users: stores.users, tenant, email, newUser, host })
        : { kind: "known", user };
    const decision = decideFor(admission, attempt.settings, lookup);
    if (decision.kind === "deny") return deny(stores, attempt, decision);
    const entered = await carryOut(stores, attempt, { ...admission, decision, lookup });
    return entered ?? rollBack({ kind: "user-changed" });
  }

  /** Returns what was consumed before, if anything. */
  async function consume(
    { ledger }: Stores,
    attempt: SignInAttempt,
  ): Promise<"assertion" | "request" | undefined> {
    const { tenant, assertion, requestExpiresAt } = attempt;
    const { issuer, assertionId, inResponseTo, replayableUntil } = assertion;
    const used = await ledger.consumeAll(tenant, [
      { kind: "assertion", key: ids.digest(issuer, assertionId), expiresAt: replayableUntil },
      ...(inResponseTo === undefined
        ? []
        : [
            {
              kind: "request",
              key: ids.digest(inResponseTo),
              // As long as either the cookie or the response could come again.
              expiresAt: Math.max(requestExpiresAt, replayableUntil),
            } as const,
          ]),
    ]);
    if (used === undefined) return undefined;
    return used.kind === "request" ? "request" : "assertion";
  }

  async function deny(
    stores: Stores,
    attempt: SignInAttempt,
    denial: Denial,
  ): Promise<AttemptResult> {
    await stores.audit.append(attempt.tenant, deniedEntry(attempt, denial, stamp()));
    const event = deniedEvent(attempt, denial);
    if (event !== undefined) await recordEvent(stores, attempt.tenant, event);
    return { kind: "denied", denial };
  }

  /** Returns `undefined` if the user may no longer sign in. */
  async function carryOut(
    stores: Stores,
    attempt: SignInAttempt,
    { email, decision, lookup }: Admission & { decision: Entrance; lookup: UserLookup },
  ): Promise<AttemptResult | undefined> {
    const stamped = stamp();
    const userId = await userOf(stores, attempt, decision, stamped.at);
    const { tenant } = attempt;
    const entry = signedInEntry(attempt, { decision, userId, email }, stamped);
    if (decision.kind !== "sign-in" || lookup.kind !== "known") {
      await stores.audit.append(tenant, entry);
    } else if (!(await stores.audit.appendSignIn(tenant, entry, lookup.user))) {
      return undefined;
    }
    const event = enteredEvent(attempt, { decision, userId, email });
    if (event !== undefined) await recordEvent(stores, tenant, event);
    return { kind: "entered", userId, email, decision };
  }

  async function userOf(
    { users }: Stores,
    { tenant, assertion, connection }: SignInAttempt,
    decision: Entrance,
    at: number,
  ): Promise<UserId> {
    if (decision.kind === "sign-in") return decision.userId;
    if (decision.kind === "accept-invitation") {
      await users.acceptInvitation(tenant, decision.userId);
      return decision.userId;
    }
    const receipt = receiptFor(decision, assertion, {
      connection: connection.id,
      assertionIdHash: ids.digest(assertion.assertionId),
      at,
    });
    const profile = assertedProfile(assertion.claims, connection.profile);
    return users.create(tenant, decision.user, receipt, profile, frozenAssertion(assertion));
  }

  function stamp(): { readonly id: string; readonly at: number } {
    return { id: ids.entryId(), at: clock.now() };
  }

  return (attempt) =>
    runInTransaction(unitOfWork, attempt.tenant, (stores, rollBack) =>
      work(stores, attempt, rollBack),
    );
}
