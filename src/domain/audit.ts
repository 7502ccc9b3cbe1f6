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
  "tested",
  "logged-out",
  "logout-rejected",
];

/** The outcomes that may be refusals: their entries are when they have a code. */
export const REFUSED_OUTCOMES: readonly AuditOutcome[] = [
  "denied",
  "rejected",
  "tested",
  "logout-rejected",
];

/** One line of the audit trail. */
export interface AuditEntry {
  /** Unique within the tenant; sorts by time of writing. */
  readonly id: string;
  /** What the person saw on their page, and an administrator looks the entry up by. */
  readonly reference: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What happened. */
  readonly outcome: AuditOutcome;
  /** Why not, of a denial or a rejection. */
  readonly code?: DenyReason | RejectionCode;
  /** The normal address, as far as one was known. */
  readonly email?: string;
  /** The host's user, as far as one was known. */
  readonly userId?: UserId;
  /** Who acted: an administrator's ID, or `saml:` and the issuer. */
  readonly actor?: string;
  /** What was sent, what was expected, what was changed; short texts by name. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Which entries to read; all members are combined. */
export interface AuditFilter {
  /** Of one of these outcomes only; none at all when empty. */
  readonly outcomes?: readonly AuditOutcome[];
  /** Only those with a code: what was refused. */
  readonly refused?: true;
  /** Of this normal address only. */
  readonly email?: string;
  /** Under this reference only. */
  readonly reference?: string;
  /** From this time on, in milliseconds since the epoch. */
  readonly from?: number;
  /** Before this time, in milliseconds since the epoch. */
  readonly until?: number;
}
