import { randomUUID } from "node:crypto";
import { Model } from "objection";
import type { Tables } from "../migrations/tables.ts";
import type { HostUsers } from "./host-users.ts";

/** Mapping of the plugin's own user tables, for hosts without users. */
export function ownUsers(tables: Tables): HostUsers {
  return {
    model: class User extends Model {
      static override tableName = tables.users;
    },
    columns: {
      id: { name: "id", type: "text" },
      email: "email",
      role: { name: "role", type: "text" },
      tenant: { name: "tenant", type: "text" },
      displayName: "display_name",
      firstName: "first_name",
      lastName: "last_name",
    },
    state: {
      kind: "column",
      column: "state",
      values: {
        active: ["active"],
        invited: ["invited"],
        suspended: ["suspended"],
        deleted: ["deleted"],
      },
    },
    groups: {
      table: tables.userGroups,
      user: "user_id",
      granted: { name: "group_id", type: "text" },
    },
    organizations: {
      table: tables.userOrganizations,
      user: "user_id",
      granted: { name: "organization_id", type: "text" },
    },
    allOrganizations: { column: "all_organizations", value: true },
    createdBy: { column: "created_by", value: "saml" },
    newId: () => randomUUID(),
  };
}
