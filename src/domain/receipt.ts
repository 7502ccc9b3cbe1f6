import type { GroupId, OrganizationAccess, RoleId } from "./access.ts";

/** Why a provisioned user has the access that they have; kept for good. */
export interface Receipt {
  readonly settingsVersion: number;
  readonly role: RoleId;
  readonly groups: readonly GroupId[];
  readonly organizations: OrganizationAccess;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  readonly nameId: string;
  /** SHA-256 of the assertion's ID, lower-case hex. */
  readonly assertionIdHash: string;
  readonly seatsBefore: number;
  readonly seatsAfter: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
