import type { GroupId, OrganizationAccess, RoleId } from "./access.ts";

/** Why a provisioned user has the access that they have; kept for good. */
export interface Receipt {
  /** The settings that decided. */
  readonly settingsVersion: number;
  /** The role that was given. */
  readonly role: RoleId;
  /** The security groups that were given. */
  readonly groups: readonly GroupId[];
  /** The organizations that were given. */
  readonly organizations: OrganizationAccess;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** The NameID that the identity provider sent. */
  readonly nameId: string;
  /** SHA-256 of the assertion's ID, lower-case hex. */
  readonly assertionIdHash: string;
  /** Licensed seats taken before; absent where no limit made anybody count. */
  readonly seatsBefore?: number;
  /** Licensed seats taken after: one more. Absent as `seatsBefore` is. */
  readonly seatsAfter?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
