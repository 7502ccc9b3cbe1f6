import type { Role } from "./access.ts";

/** Seats of a tenant: users with a licensed role who are active or invited. */
export interface SeatsTaken {
  /** Seats taken. */
  readonly used: number;
  /** Maximum number of seats; absent without a limit. */
  readonly limit?: number;
}

/**
 * Seats as the decision needs them. A limit always comes with a count; without a limit, seats are
 * not counted.
 */
export type SeatsKnown = SeatsTaken | { readonly used?: undefined; readonly limit?: undefined };

/** Seats of a tenant, including those of provisioned users. */
export interface LicenseUsage extends SeatsTaken {
  /** Seats of users provisioned by the plugin; included in `used`. */
  readonly usedByJit: number;
}

/** Effect of one more user on the seats. */
export interface SeatChange {
  /** Seats taken before. */
  readonly before: number;
  /** Seats taken after. */
  readonly after: number;
  /** Whether the limit would be exceeded. */
  readonly exceeds: boolean;
}

/** Seats before and after one more user with `role`. */
export function seatChange(usage: SeatsTaken, role: Role): SeatChange {
  const after = usage.used + (role.licensed ? 1 : 0);
  const exceeds = role.licensed && usage.limit !== undefined && after > usage.limit;
  return { before: usage.used, after, exceeds };
}
