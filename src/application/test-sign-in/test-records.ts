import type { AuditEntry } from "../../domain/audit.ts";
import type { Rejection } from "../../domain/rejection.ts";
import type { PendingTestSignIn, RejectedTest, VerifiedTest } from "../../domain/test-sign-in.ts";
import type { TestOutcome } from "../../ports/test-sign-ins.ts";
import { auditDetail, yesOrNo } from "../audit/audit-detail.ts";
import { comparisonDetail } from "../sign-in/refused.ts";

/** Why a response was rejected, for the testing administrator. */
export function rejectedTest(
  { code, cause, detail, authenticated, comparison }: Rejection,
  reference: string,
): RejectedTest {
  return {
    kind: "rejected",
    reference,
    code,
    ...(cause === undefined ? {} : { cause }),
    detail,
    authenticated,
    ...(comparison === undefined ? {} : { comparison }),
  };
}

/** The entry of a completed test. It outlives the test, so it contains no address. */
export function testedEntry(
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
    ...(code === undefined ? {} : { code }),
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
    warnings: warnings.join("; "),
  };
}
