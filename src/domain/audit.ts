import type { UserId } from "./access.ts";
import type { RejectionCode } from "./rejection.ts";
import type { DenyReason } from "./sign-in-decision.ts";

/** What happened. */
export type AuditOutcome =
  | "signed-in"
  | "provisioned"
  | "invitation-accepted"
  | "denied"
  | "rejected"
  | "settings-saved"
  | "exemption-used"
  | "domain-proof-changed"
  | "tested"
  | "logged-out"
  | "logout-rejected";

/** Every {@link AuditOutcome}. */
export const AUDIT_OUTCOMES: readonly AuditOutcome[] = [
  "signed-in",
  "provisioned",
  "invitation-accepted",
  "denied",
  "rejected",
  "settings-saved",
  "exemption-used",
  "domain-proof-changed",
  "tested",
  "logged-out",
  "logout-rejected",
];

/** Outcomes whose entries are refusals if they have a code. */
export const REFUSED_OUTCOMES: readonly AuditOutcome[] = [
  "denied",
  "rejected",
  "tested",
  "logout-rejected",
];

/** An entry of the audit trail. */
export interface AuditEntry {
  /** Unique within the tenant; sorts by creation time. */
  readonly id: string;
  /** The reference that the user saw, by which administrators find the entry. */
  readonly reference: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What happened. */
  readonly outcome: AuditOutcome;
  /** Deny reason or rejection code; absent if nothing was refused. */
  readonly code?: DenyReason | RejectionCode;
  /** The normalized address, if known. */
  readonly email?: string;
  /** The host's user, if known. */
  readonly userId?: UserId;
  /** ID of the administrator, or `saml:` and the issuer. */
  readonly actor?: string;
  /**
   * Details by name, such as values received, expected and changed; at most 500 characters each.
   */
  readonly detail: Readonly<Record<string, string>>;
}

/** Filter for audit entries; all conditions must match. */
export interface AuditFilter {
  /** Only entries with one of these outcomes; an empty list matches nothing. */
  readonly outcomes?: readonly AuditOutcome[];
  /** Only refusals: entries with a code. */
  readonly refused?: true;
  /** Only entries with this normalized address. */
  readonly email?: string;
  /** Only the entry with this reference. */
  readonly reference?: string;
  /** Only entries at this time or later, in milliseconds since the epoch. */
  readonly from?: number;
  /** Only entries before this time, in milliseconds since the epoch. */
  readonly until?: number;
}
