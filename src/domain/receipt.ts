import type { GroupId, OrganizationAccess, RoleId, UserId } from "./access.ts";
import { persistentSubject } from "./email-identity.ts";
import type { MatchedRule } from "./provisioning-rules.ts";
import type { ConnectionId } from "./settings.ts";

/** Record of what a provisioned user was given and why; kept as long as the user. */
export interface Receipt {
  /** Version of the settings that decided. */
  readonly settingsVersion: number;
  /** Assigned role. */
  readonly role: RoleId;
  /** Assigned security groups. */
  readonly groups: readonly GroupId[];
  /** Assigned organizations. */
  readonly organizations: OrganizationAccess;
  /**
   * The rules that matched, as they were, in order; the first with a role decided the role. Absent
   * if none did.
   */
  readonly rules?: readonly MatchedRule[];
  /** The connection that the user came through. Receipts of earlier versions name none. */
  readonly connection?: ConnectionId;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** The NameID that the identity provider sent; empty if it sent none. */
  readonly nameId: string;
  /** Format of the NameID. Receipts of earlier versions name none. */
  readonly nameIdFormat?: string;
  /**
   * An earlier user who has the same persistent NameID, and another address. Absent if there was
   * none.
   */
  readonly formerUser?: UserId;
  /** SHA-256 of the assertion's ID, lower-case hex. */
  readonly assertionIdHash: string;
  /** Seats taken before; absent if there was no limit. */
  readonly seatsBefore?: number;
  /** Seats taken after; absent if there was no limit. */
  readonly seatsAfter?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether the user of the receipt is found by their NameID. */
export function isPersistent({ issuer, nameId, nameIdFormat = "" }: Receipt): boolean {
  return persistentSubject(issuer, { value: nameId, format: nameIdFormat }) !== undefined;
}

/** A user whose address has probably changed at the identity provider. */
export interface FormerUser {
  /** The host's ID of the user. */
  readonly id: UserId;
  /** The address that the host has. Absent if the host's directory does not tell. */
  readonly email?: string;
}

/** Such as `user 17 (ada@old.example)`, for administrators. */
export function formerText({ id, email }: FormerUser): string {
  return email === undefined ? `user ${id}` : `user ${id} (${email})`;
}

/** Which receipts to list; all conditions must match. */
export interface ReceiptFilter {
  /** Only users who were created with this role. */
  readonly role?: RoleId;
  /** Only users who came through this connection. */
  readonly connection?: ConnectionId;
  /** Only users who were created at this time or later, in milliseconds since the epoch. */
  readonly from?: number;
  /** Only users who were created before this time, in milliseconds since the epoch. */
  readonly until?: number;
}

/** Number of users who were created with a role through a connection in a month. */
export interface ReceiptCount {
  /** The role that they were created with. */
  readonly role: RoleId;
  /** Absent for receipts of earlier versions, which name none. */
  readonly connection?: ConnectionId;
  /** Of UTC, such as `2026-11`. */
  readonly month: string;
  /** Number of users, at least 1. */
  readonly users: number;
}
