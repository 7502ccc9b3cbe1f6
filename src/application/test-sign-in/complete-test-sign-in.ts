import type { AuditEntry } from "../../domain/audit.ts";
import { defined } from "../../domain/defined.ts";
import { emailIdentity, persistentSubject } from "../../domain/email-identity.ts";
import type { Preview } from "../../domain/preview.ts";
import { groupsLeftOut } from "../../domain/provisioning-rules.ts";
import type { Rejection } from "../../domain/rejection.ts";
import {
  type ConnectedConnection,
  connectionById,
  isConnected,
  UNSAVED_SETTINGS,
} from "../../domain/settings.ts";
import { GROUPS_LEFT_OUT } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  isAwaited,
  type PendingTestSignIn,
  type RejectedTest,
  type TestWarning,
  testState,
  type VerifiedTest,
} from "../../domain/test-sign-in.ts";
import type { Worded } from "../../domain/texts/faults.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type {
  IdentityPort,
  ServiceProvider,
  VerifiedAssertion,
} from "../../ports/identity-port.ts";
import type { TestOutcome, TestSignIns } from "../../ports/test-sign-ins.ts";
import type { UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, yesOrNo } from "../audit/audit.ts";
import type { PendingTest } from "../sign-in/pending-request.ts";
import { comparisonDetail } from "../sign-in/sign-in-outcome.ts";
import type { DryRun } from "./dry-run.ts";
import { describeReceived } from "./received-user.ts";

export interface CompleteTestSignInDeps {
  readonly testSignIns: TestSignIns;
  readonly identity: IdentityPort;
  readonly dryRun: DryRun;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** A response received from a browser. */
export interface CompleteTestSignInInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  /** The decoded form body, not looked at before. */
  readonly form: unknown;
  /** Tests that this browser began, for all tenants; also answered and expired ones. */
  readonly pending: readonly PendingTest[];
}

/**
 * Takes the answer to a test sign-in. It is verified with the connection under test, and with
 * nothing else; what comes of it is kept for the administrator. Nobody is created and nobody gets
 * in, and the assertion is used up: it will not sign anybody in later either.
 *
 * An answer to a test that is over (a form posted twice, the Back button, ten minutes later) is not
 * verified and changes nothing.
 *
 * @returns the test that was answered; `undefined` for every message that answers none that this
 * browser began: it is a sign-in, and nothing was looked at but which request it claims to answer.
 * @throws StorageUnavailableError when the storage is not responding; the test is still pending.
 */
export type CompleteTestSignIn = (
  input: CompleteTestSignInInput,
) => Promise<PendingTest | undefined>;

/** How a response is treated. */
interface TestAnswer {
  readonly outcome: TestOutcome;
  /** Absent if the response was rejected. */
  readonly assertion?: VerifiedAssertion;
}

function deniedBy({ rule, cause }: Extract<Preview, { decision: "deny" }>) {
  return { code: rule, ...defined({ cause }) };
}

export function makeCompleteTestSignIn(deps: CompleteTestSignInDeps): CompleteTestSignIn {
  const { testSignIns, identity, dryRun, unitOfWork, clock, ids, logger } = deps;

  async function outcomeOf(
    { tenant, sp, form }: CompleteTestSignInInput,
    { settings, createdAt }: PendingTestSignIn,
    connection: ConnectedConnection,
    requestId: string,
  ): Promise<TestAnswer | undefined> {
    const now = clock.now();
    const reference = ids.reference();
    const assertion = await identity.verifyResponse(sp, connection.idp, form, {
      pendingRequestIds: [requestId],
      requestTimes: new Map([[requestId, createdAt]]),
      now,
    });
    if (assertion.kind === "rejected") {
      const result = rejectedTest(assertion, reference);
      return { outcome: { state: "failed", finishedAt: now, result } };
    }
    if (assertion.inResponseTo !== requestId) return undefined;
    const email = emailIdentity(assertion.claims, connection.email.source);
    // A connection can be tested before it is turned on.
    const asserted = {
      attributes: assertion.claims.attributes,
      connection: { ...connection, enabled: true },
      subject: persistentSubject(assertion.issuer, assertion.claims.nameId),
    };
    const decision = await dryRun({
      tenant,
      settings: { ...UNSAVED_SETTINGS, settings },
      identity: email,
      asserted,
    });
    const { issuer, signedBy } = assertion;
    const result: VerifiedTest = {
      kind: "verified",
      reference,
      issuer,
      signedBy,
      warnings: [
        ...assertion.warnings.map(testWarning),
        // The administrator who tests is a known user, whose decision warns of nothing.
        ...(groupsLeftOut(asserted.attributes)
          ? [{ code: "groups-left-out", text: GROUPS_LEFT_OUT }]
          : []),
      ],
      ...(decision.decision === "deny" ? deniedBy(decision) : {}),
      received: describeReceived(assertion, { connection, email, decision }),
    };
    return { outcome: { state: testState(decision), finishedAt: now, result }, assertion };
  }

  return async (input) => {
    const { tenant, form } = input;
    const begun = input.pending.filter((one) => one.tenant === tenant);
    if (begun.length === 0) return undefined;
    const { inResponseTo: claimed } = identity.claimedHead({ binding: "post", form });
    const answered = begun.find(({ requestId }) => requestId === claimed);
    if (answered === undefined) return undefined;
    const { requestId, testId } = answered;
    const test = await testSignIns.find(tenant, testId);
    if (test === undefined) return undefined;
    if (test.state !== "pending") return answered;
    if (test.requestId !== requestId) return undefined;
    const now = clock.now();
    if (answered.expiresAt <= now || !isAwaited(test, now)) return answered;
    const connection = connectionById(test.settings, test.connection);
    if (connection === undefined || !isConnected(connection)) return undefined;

    const answer = await outcomeOf(input, test, connection, requestId);
    if (answer === undefined) return undefined;
    const { outcome, assertion } = answer;
    const finished = await unitOfWork.run(tenant, async ({ ledger, audit, testSignIns: tests }) => {
      if (!(await tests.finish(tenant, testId, requestId, outcome))) return false;
      if (assertion !== undefined) {
        const { issuer, assertionId, replayableUntil: expiresAt } = assertion;
        const key = ids.digest(issuer, assertionId);
        await ledger.consume(tenant, { kind: "assertion", key, expiresAt });
      }
      await audit.append(tenant, testedEntry(test, outcome, ids.entryId()));
      return true;
    });
    if (finished) {
      const { reference } = outcome.result;
      logger.info({ event: "saml.tested", tenant, reference, state: outcome.state });
    }
    return answered;
  };
}

/** Why a response was rejected, for the testing administrator. */
function rejectedTest(
  { code, cause, detail, authenticated, comparison }: Rejection,
  reference: string,
): RejectedTest {
  return {
    kind: "rejected",
    reference,
    code,
    ...defined({ cause }),
    detail,
    authenticated,
    ...defined({ comparison }),
  };
}

/** The entry of a completed test. It outlives the test, so it contains no address. */
function testedEntry(
  { id: test, by, connection }: PendingTestSignIn,
  { state, finishedAt, result }: TestOutcome,
  id: string,
): AuditEntry {
  const { reference, code } = result;
  return {
    id,
    reference,
    at: finishedAt,
    outcome: "tested",
    ...defined({ code }),
    actor: by,
    detail: auditDetail({
      test,
      connection,
      state,
      ...(result.kind === "rejected" ? rejectedDetail(result) : verifiedDetail(result)),
    }),
  };
}

function rejectedDetail({ cause, detail, authenticated, comparison }: RejectedTest) {
  return {
    cause,
    reason: detail,
    authenticated: yesOrNo(authenticated),
    ...comparisonDetail(comparison),
  };
}

function testWarning({ code, message, values }: Worded): TestWarning {
  const plain = Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    code,
    text: message,
    ...(plain.length === 0 ? {} : { values: Object.fromEntries(plain) }),
  };
}

function verifiedDetail({ cause, received, issuer, signedBy, warnings }: VerifiedTest) {
  const decision = received?.decision;
  return {
    cause,
    decision: decision?.decision,
    rule: decision?.rule,
    ...(decision?.decision === "deny"
      ? { reason: decision.detail, ...comparisonDetail(decision.comparison) }
      : {}),
    issuer,
    signedBy,
    warnings: warnings.map(({ text }) => text).join(" "),
  };
}
