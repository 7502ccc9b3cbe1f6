import type { UserId } from "../../domain/access.ts";
import type { Assertion } from "../../domain/assertion.ts";
import type { AuditEntry, AuditOutcome } from "../../domain/audit.ts";
import { defined } from "../../domain/defined.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { NameId } from "../../domain/email-identity.ts";
import type {
  Comparison,
  Rejection,
  RejectionCause,
  RejectionCode,
} from "../../domain/rejection.ts";
import type { ConnectionId } from "../../domain/settings.ts";
import type { Denial, DenyReason } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  logoutMessage,
  rejectionMessage,
  type UserMessage,
} from "../../domain/texts/user-explanations.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import { auditDetail, yesOrNo } from "../audit/audit.ts";

/** Result of a successful sign-in. */
export type SignInOutcome = "signed-in" | "provisioned" | "invitation-accepted";

/** A successful sign-in. */
export interface SignedIn {
  readonly kind: "signed-in";
  /** Reference of the audit entry. */
  readonly reference: string;
  readonly connection: ConnectionId;
  readonly user: { readonly id: UserId; readonly email: EmailAddress };
  readonly outcome: SignInOutcome;
  readonly session: SamlSession;
  readonly assertion: Assertion;
  /** Requested return path; absent if the sign-in started at the identity provider. */
  readonly returnTo?: string;
  /** ID of the answered request; absent if the sign-in started at the identity provider. */
  readonly consumedRequestId?: string;
}

/** Session data for single logout. Plain JSON, stored by the host with its own session. */
export interface SamlSession {
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** NameID of the user. */
  readonly nameId: NameId;
  /** SessionIndex; absent if the identity provider sent none. */
  readonly sessionIndex?: string;
  /** SessionNotOnOrAfter, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
}

/** A refused sign-in or logout, with the message for the user and the reference. */
export interface Refusal {
  readonly kind: "refused";
  readonly what: "sign-in" | "logout";
  /** For administrators and the log; not shown to the user. */
  readonly code: DenyReason | RejectionCode;
  readonly reference: string;
  /** The connection that the message was verified with; absent if none was found. */
  readonly connection?: ConnectionId;
  /** What the user is shown. */
  readonly message: UserMessage;
  /** Whether a valid signature of the identity provider covers the refused content. */
  readonly authenticated: boolean;
  /**
   * For verified responses that may have come again: the request that it claims to answer, or
   * `unsolicited`.
   */
  readonly repeats?: string;
  /** What the message said instead of what was expected, for the log. */
  readonly comparison?: Comparison;
}

/** The refusal of a rejected sign-in message. */
export function refusalOfMessage(rejection: Rejection, reference: string): Refusal {
  return {
    kind: "refused",
    what: "sign-in",
    code: rejection.code,
    reference,
    message: rejectionMessage(rejection.code, rejection.cause),
    authenticated: rejection.authenticated,
    ...defined({ comparison: rejection.comparison }),
  };
}

/** The refusal of a rejected logout message. */
export function refusalOfLogout(rejection: Rejection, reference: string): Refusal {
  return {
    ...refusalOfMessage(rejection, reference),
    what: "logout",
    message: logoutMessage(rejection.code),
  };
}

/** The user has signed out here; whether elsewhere, the identity provider does not confirm. */
export interface UncertainLogout extends Pick<Refusal, "code" | "reference" | "message"> {
  readonly kind: "uncertain";
}

/** @param partly whether the identity provider confirms the end of its own session. */
export function uncertainLogout(
  { code }: Rejection,
  reference: string,
  partly: boolean,
): UncertainLogout {
  return {
    kind: "uncertain",
    code,
    reference,
    message: {
      sentence: partly ? "signed-out-partly" : "signed-out-here",
      advice: "close-browser",
    },
  };
}

/** The refusal of a denial; `authenticated` if an assertion authenticates the user. */
export function refusalOfUser(
  { reason }: Pick<Denial, "reason">,
  reference: string,
  authenticated: boolean,
): Refusal {
  return {
    kind: "refused",
    what: "sign-in",
    code: reason,
    reference,
    message: { sentence: reason, advice: "ask-administrator" },
    authenticated,
  };
}

/** A refusal before anything was used up, which anyone can cause repeatedly. */
export interface RefusalToRecord {
  readonly reference: string;
  readonly outcome: Extract<AuditOutcome, "denied" | "rejected" | "logout-rejected">;
  readonly code: NonNullable<AuditEntry["code"]>;
  readonly cause?: RejectionCause | undefined;
  /** Reason for administrators. */
  readonly reason: string;
  readonly authenticated: boolean;
  /** The connection that the message was verified with; absent if none was found. */
  readonly connection?: ConnectionId | undefined;
  readonly comparison?: Comparison | undefined;
  /** Version of the tenant's settings; 0 if none have been saved. */
  readonly settingsVersion: number;
}

/**
 * Adds a refusal to the bounded part of the audit trail. Stores nothing for a tenant without saved
 * settings: its name may be invented.
 */
export type RecordRefusal = (tenant: TenantId, refusal: RefusalToRecord) => Promise<void>;

export function makeRecordRefusal({
  audit,
  clock,
  ids,
  logger,
}: {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}): RecordRefusal {
  return async (tenant, refusal) => {
    const { reference, outcome, code, settingsVersion } = refusal;
    logger.info({ event: `saml.${outcome}`, tenant, reference, code });
    if (settingsVersion === 0) return;
    await audit.appendRefusal(tenant, {
      id: ids.entryId(),
      reference,
      at: clock.now(),
      outcome,
      code,
      detail: auditDetail({
        cause: refusal.cause,
        reason: refusal.reason,
        connection: refusal.connection,
        authenticated: yesOrNo(refusal.authenticated),
        ...comparisonDetail(refusal.comparison),
      }),
    });
  };
}

/** The compared values as details of an audit entry. */
export function comparisonDetail(
  comparison: Comparison | undefined,
): Readonly<Record<string, string | undefined>> {
  if (comparison === undefined) return {};
  const { sent, expected, clockDifferenceMs } = comparison;
  return {
    sent,
    expected,
    clockDifference:
      clockDifferenceMs === undefined ? undefined : clockDifferenceText(clockDifferenceMs),
  };
}

/** Such as `4 min 58 s ahead of ours`, from the difference in milliseconds. */
function clockDifferenceText(differenceMs: number): string {
  const seconds = Math.round(Math.abs(differenceMs) / 1000);
  if (seconds === 0) return "none";
  return `${durationText(seconds)} ${differenceMs > 0 ? "ahead of" : "behind"} ours`;
}

/** The two largest non-zero units. */
function durationText(seconds: number): string {
  const counts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const largest = counts.findIndex(([count]) => count > 0);
  return counts
    .slice(largest, largest + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
