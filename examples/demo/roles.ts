import type { Role } from "../../src/domain/access.ts";

/** The demo's roles. Their IDs are their names. */
export const ROLES: readonly Role[] = [
  { id: "Lite", name: "Lite", licensed: false, privileged: false, maxOrganizations: 5 },
  { id: "Creator", name: "Creator", licensed: true, privileged: false },
  { id: "Editor", name: "Editor", licensed: true, privileged: false },
  { id: "Manager", name: "Manager", licensed: true, privileged: false },
  { id: "Administrator", name: "Administrator", licensed: true, privileged: true },
];

/** The role of those who may change the settings of single sign-on. */
export const ADMINISTRATOR = "Administrator";

/** The role of this name, in whatever case it is written. */
export function roleNamed(name: string): Role | undefined {
  return ROLES.find((role) => role.name.toLowerCase() === name.toLowerCase());
}
