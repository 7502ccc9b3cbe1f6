import type { Role } from "./access.ts";

/** Seats of a tenant: users with a licensed role who are active or invited. */
export interface SeatsTaken {
  /** Seats taken now. */
  readonly used: number;
  /** The most seats; no limit when absent. */
  readonly limit?: number;
}

/**
 * Seats as a decision needs to know them. A limit never comes without a count; without a limit
 * nobody has to count, and nothing is decided by the number.
 */
export type SeatsKnown = SeatsTaken | { readonly used?: undefined; readonly limit?: undefined };

/** Seats of a tenant, and who takes them. */
export interface LicenseUsage extends SeatsTaken {
  /** Seats of users whom the plugin provisioned, part of `used`. */
  readonly usedByJit: number;
}

/** What one more user with `role` does to the usage. */
export interface SeatChange {
  /** Seats taken before. */
  readonly before: number;
  /** Seats taken after. */
  readonly after: number;
  /** Whether that is more than the limit allows. */
  readonly exceeds: boolean;
}

/** Seats before and after one more user with `role`. Only the step from no seat to a seat counts. */
export function seatChange(usage: SeatsTaken, role: Role): SeatChange {
  const after = usage.used + (role.licensed ? 1 : 0);
  const exceeds = role.licensed && usage.limit !== undefined && after > usage.limit;
  return { before: usage.used, after, exceeds };
}
