import type { UserId } from "../../domain/access.ts";
import type { AuditEntry, AuditOutcome } from "../../domain/audit.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import { roleRule } from "../../domain/provisioning-rules.ts";
import type { Receipt } from "../../domain/receipt.ts";
import { formerText } from "../../domain/receipt.ts";
import type { Connection } from "../../domain/settings.ts";
import {
  type Admission,
  type Denial,
  GROUPS_LEFT_OUT,
  type Provision,
  type ProvisionWarning,
  ruleText,
  type SignInDecision,
} from "../../domain/sign-in-decision.ts";
import type { VerifiedAssertion } from "../../ports/identity-port.ts";
import { auditDetail, formatList, MAX_DETAIL_LENGTH, samlActor, shorten } from "../audit/audit.ts";
import type { EventContent } from "../events.ts";
import { comparisonDetail, type SignInOutcome } from "./sign-in-outcome.ts";

/** An entry's own ID and time. */
export interface Stamp {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What every record of a verified sign-in is made from. */
export interface RecordedAttempt {
  readonly connection: Pick<Connection, "id">;
  readonly reference: string;
  readonly assertion: VerifiedAssertion;
  readonly admission: Admission | Denial;
  readonly emailFrom: readonly string[];
}

/** Outcome of each decision that signs a user in. */
export const OUTCOMES: Readonly<Record<Exclude<SignInDecision["kind"], "deny">, SignInOutcome>> = {
  "sign-in": "signed-in",
  "accept-invitation": "invitation-accepted",
  provision: "provisioned",
};

/** Why a provisioned user has the access that they have. */
export function receiptFor(
  { user, receipt }: Provision,
  { issuer, claims }: VerifiedAssertion,
  made: Pick<Receipt, "connection" | "assertionIdHash" | "at">,
): Receipt {
  return {
    ...receipt,
    role: user.role,
    groups: user.groups,
    organizations: user.organizations,
    issuer,
    nameId: claims.nameId.value,
    nameIdFormat: claims.nameId.format,
    ...made,
  };
}

/** The entry of a successful sign-in. */
export function signedInEntry(
  attempt: RecordedAttempt,
  entered: {
    readonly decision: Exclude<SignInDecision, Denial>;
    readonly userId: UserId;
    readonly email: EmailAddress;
  },
  stamp: Stamp,
): AuditEntry {
  const { decision, userId, email } = entered;
  return {
    ...entryOf(attempt, OUTCOMES[decision.kind], stamp),
    email,
    userId,
    detail: auditDetail({
      ...assertionDetail(attempt),
      ...(decision.kind === "provision" ? provisionDetail(decision) : {}),
    }),
  };
}

/** The event of a sign-in; `undefined` for that of a user who has signed in before. */
export function enteredEvent(
  { connection, reference }: RecordedAttempt,
  entered: Parameters<typeof signedInEntry>[1],
): EventContent | undefined {
  const { decision, userId, email } = entered;
  const data = { userId, email, connection: connection.id, reference };
  switch (decision.kind) {
    case "sign-in":
      return undefined;
    case "accept-invitation":
      return { type: "invitation-accepted", data };
    case "provision": {
      const { role, groups, organizations } = decision.user;
      const warnings = decision.warnings.map(({ code }) => code);
      return {
        type: "user-provisioned",
        data: { ...data, role, groups, organizations, warnings },
      };
    }
  }
}

/** The event of a denial; `undefined` for those that hosts need not hear of. */
export function deniedEvent(
  { connection, reference, admission }: RecordedAttempt,
  { reason, detail }: Denial,
): EventContent | undefined {
  if (reason !== "license-exhausted" || admission.kind !== "admitted") return undefined;
  const { email } = admission;
  return {
    type: "license-refused",
    data: {
      email,
      connection: connection.id,
      detail: shorten(detail, MAX_DETAIL_LENGTH),
      reference,
    },
  };
}

/** The entry of an authenticated user who was denied. */
export function deniedEntry(
  attempt: RecordedAttempt,
  { reason, cause, detail, comparison }: Denial,
  stamp: Stamp,
): AuditEntry {
  const { admission } = attempt;
  return {
    ...entryOf(attempt, "denied", stamp),
    code: reason,
    ...(admission.kind === "admitted" ? { email: admission.email } : {}),
    detail: auditDetail({
      cause,
      reason: detail,
      ...comparisonDetail(comparison),
      ...assertionDetail(attempt),
    }),
  };
}

function entryOf(attempt: RecordedAttempt, outcome: AuditOutcome, stamp: Stamp) {
  const { reference, assertion } = attempt;
  return { ...stamp, reference, outcome, actor: samlActor(assertion.issuer) };
}

function assertionDetail({ connection, assertion, emailFrom }: RecordedAttempt) {
  return {
    begun: assertion.inResponseTo === undefined ? "at the identity provider" : "here",
    connection: connection.id,
    issuer: assertion.issuer,
    signedBy: assertion.signedBy,
    addressFrom: formatList(emailFrom),
    warnings: assertion.warnings.map(({ message }) => message).join(" "),
  };
}

function provisionDetail({ user, receipt, warnings }: Provision) {
  const { rules = [] } = receipt;
  const deciding = roleRule(rules);
  return {
    role: user.role,
    roleFrom: deciding === undefined ? "the defaults" : ruleText(deciding),
    rules: formatList(rules.map(ruleText)),
    groups: formatList(user.groups),
    organizations:
      user.organizations.kind === "all"
        ? "all, including future ones"
        : String(user.organizations.ids.length),
    seats: seatsText(receipt),
    settingsVersion: receipt.settingsVersion,
    provisioning: formatList(warnings.map(warningText)),
  };
}

function seatsText({ seatsBefore, seatsAfter }: Provision["receipt"]): string {
  return seatsBefore === undefined || seatsAfter === undefined
    ? "not counted"
    : `${seatsBefore} -> ${seatsAfter}`;
}

/** Message for administrators. */
export function warningText(warning: ProvisionWarning): string {
  switch (warning.code) {
    case "group-gone":
      return `group ${warning.id} no longer exists and was skipped`;
    case "organization-gone":
      return `organization ${warning.id} no longer exists and was skipped`;
    case "license-overage":
      return `${warning.after} licenses in use exceed the limit of ${warning.limit}`;
    case "license-fallback":
      return `all licenses are in use: assigned role ${warning.role} instead of ${warning.instead}`;
    case "groups-left-out":
      return GROUPS_LEFT_OUT;
    case "address-changed":
      return `${formerText(warning.former)} has the same persistent NameID: if this is the same person, they now have two users`;
  }
}
