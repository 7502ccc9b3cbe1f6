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
