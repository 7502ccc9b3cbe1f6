/** The host's own ID of a role; opaque to the plugin, 1 to 255 characters. */
export type RoleId = string;
/** The host's own ID of a security group; opaque to the plugin. */
export type GroupId = string;
/** The host's own ID of an organization; opaque to the plugin. */
export type OrganizationId = string;
/** The host's own ID of a user, as text; opaque to the plugin. */
export type UserId = string;

/** A role as the host describes it. */
export interface Role {
  /** Unique within the tenant. */
  readonly id: RoleId;
  /** What administrators read. */
  readonly name: string;
  /** Counts towards the paid license: every role but the Lite ones. */
  readonly licensed: boolean;
  /** May be a default for new users only after an administrator has confirmed it explicitly. */
  readonly privileged: boolean;
  /** The most organizations a user with this role may see; no bound when absent. */
  readonly maxOrganizations?: number;
}

/** A group or an organization as the host describes it. */
export interface NamedAccess {
  /** Unique among its kind within the tenant. */
  readonly id: string;
  /** What administrators read. */
  readonly name: string;
}

/** Access to organizations: a list, or all of them, also those that come to be later. */
export type OrganizationAccess =
  | { readonly kind: "all" }
  | { readonly kind: "selected"; readonly ids: readonly OrganizationId[] };

/** What the host's catalog says of the roles, groups and organizations that settings name. */
export interface CatalogFacts {
  readonly roles: ReadonlyMap<RoleId, Role>;
  /** Those of the named groups that the host still has. */
  readonly groups: ReadonlySet<GroupId>;
  /** Those of the named organizations that the host still has. */
  readonly organizations: ReadonlySet<OrganizationId>;
  /** The host demands that every user may access at least one organization. */
  readonly organizationRequired: boolean;
}

/** Whether `access` is more than a user with `role` may have. */
export function exceedsOrganizationsOf(role: Role, access: OrganizationAccess): boolean {
  if (role.maxOrganizations === undefined) return false;
  return access.kind === "all" || new Set(access.ids).size > role.maxOrganizations;
}
