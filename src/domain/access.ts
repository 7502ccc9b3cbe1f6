/** The host's ID of a role; opaque to the plugin, 1 to 255 characters. */
export type RoleId = string;
/** The host's ID of a security group; opaque to the plugin, 1 to 255 characters. */
export type GroupId = string;
/** The host's ID of an organization; opaque to the plugin, 1 to 255 characters. */
export type OrganizationId = string;
/** The host's ID of a user as a string; opaque to the plugin. */
export type UserId = string;

/** A role of the host. */
export interface Role {
  /** Unique within the tenant. */
  readonly id: RoleId;
  /** Name for administrators. */
  readonly name: string;
  /** Whether users with this role use a license: true for all roles except Lite ones. */
  readonly licensed: boolean;
  /** Whether the role can be a default only after an administrator has confirmed it. */
  readonly privileged: boolean;
  /** Maximum number of organizations of a user with this role. Default: no limit. */
  readonly maxOrganizations?: number;
}

/** A group, an organization or an administrator of the host. */
export interface NamedAccess {
  /** Unique among its kind within the tenant. */
  readonly id: string;
  /** Name for administrators. */
  readonly name: string;
}

/**
 * Maximum number of characters of what continues a list of the host's catalog: it comes back in an
 * address.
 */
export const MAX_CATALOG_KEY_LENGTH = 1024;

/** Access to listed organizations, or to all, including future ones. */
export type OrganizationAccess =
  | { readonly kind: "all" }
  | { readonly kind: "selected"; readonly ids: readonly OrganizationId[] };

/** The part of the host's catalog that settings refer to. */
export interface CatalogFacts {
  readonly roles: ReadonlyMap<RoleId, Role>;
  /** The referenced groups that exist. */
  readonly groups: ReadonlySet<GroupId>;
  /** The referenced organizations that exist. */
  readonly organizations: ReadonlySet<OrganizationId>;
  /** Whether every user must have access to at least one organization. */
  readonly organizationRequired: boolean;
}

/** Whether `access` exceeds the maximum number of organizations of `role`. */
export function exceedsOrganizationsOf(role: Role, access: OrganizationAccess): boolean {
  if (role.maxOrganizations === undefined) return false;
  return access.kind === "all" || new Set(access.ids).size > role.maxOrganizations;
}

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
