import type { GroupId, OrganizationAccess, RoleId } from "./access.ts";
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
  /** SHA-256 of the assertion's ID, lower-case hex. */
  readonly assertionIdHash: string;
  /** Seats taken before; absent if there was no limit. */
  readonly seatsBefore?: number;
  /** Seats taken after; absent if there was no limit. */
  readonly seatsAfter?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
