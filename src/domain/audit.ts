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
  | "metadata-changed"
  | "metadata-failed"
  | "certificate-expiring"
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
  "metadata-changed",
  "metadata-failed",
  "certificate-expiring",
  "tested",
  "logged-out",
  "logout-rejected",
];

/** A day of UTC, in milliseconds. */
export const DAY_MS: number = 24 * 3600 * 1000;

/** Outcomes whose entries are refusals if they have a code. */
export const REFUSED_OUTCOMES: readonly AuditOutcome[] = [
  "denied",
  "rejected",
  "tested",
  "logout-rejected",
];

/** Who acted: an administrator of the host, or code that calls itself something. */
export interface Actor {
  /** 1 to 255 characters. */
  readonly id: string;
  /** The name at that time, as the host gave it. Entries have it as the detail `actorName`. */
  readonly name?: string;
}

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
  /** ID of the administrator, or `saml:` and the issuer; absent if nobody acted. */
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

/** Crockford's base 32, without look-alike letters. */
const READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** A reference such as `QW81-G83Z-WXMG`, from the lowest five bits of each of twelve octets. */
export function referenceOf(octets: Uint8Array): string {
  return grouped(Array.from(octets.subarray(0, LENGTH), (octet) => READABLE.charAt(octet % 32)));
}

/**
 * Normalizes a typed reference: any case and grouping, O for 0, I or L for 1. Other input is only
 * trimmed.
 */
export function readReference(typed: string): string {
  const text = typed
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return text.length === LENGTH && [...text].every((sign) => READABLE.includes(sign))
    ? grouped([...text])
    : typed.trim();
}

function grouped(signs: readonly string[]): string {
  return signs.join("").replace(/(.{4})(?=.)/g, "$1-");
}
