import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { type ColumnNameMappers, Model } from "objection";
import type { HostUsers } from "../../../src/adapters/objection/users/host-users.ts";

/** A host with integer keys, a status number, no tenants, and names of its own for everything. */
export class Member extends Model {
  static override tableName = "Members";
  static override idColumn = "memberNo";
  declare memberNo: number;
  declare hookRan: boolean | number;

  override $beforeInsert(): void {
    this.hookRan = true;
  }
}

export const integerHost: HostUsers = {
  model: Member,
  columns: {
    id: { name: "memberNo", type: "integer" },
    email: "mailAddress",
    role: { name: "roleNo", type: "integer" },
    displayName: "fullName",
  },
  state: {
    kind: "column",
    column: "status",
    values: { active: [1, 2], invited: [0], deleted: [9] },
  },
  groups: { table: "Member Teams", user: "member", granted: { name: "team", type: "integer" } },
  organizations: {
    table: "memberSites",
    user: "member",
    granted: { name: "site", type: "integer" },
  },
  allOrganizations: { column: "everySite", value: true },
};

export async function createIntegerHost(knex: Knex): Promise<void> {
  await knex.schema.createTable("Members", (table) => {
    table.increments("memberNo");
    table.string("mailAddress", 254).notNullable().unique();
    table.string("loginName").unique();
    table.integer("roleNo").notNullable();
    table.integer("status");
    table.string("fullName");
    table.boolean("everySite").notNullable().defaultTo(false);
    table.boolean("hookRan");
  });
  await createGrants(knex, "Member Teams", "member", "team");
  await createGrants(knex, "memberSites", "member", "site");
}

async function createGrants(knex: Knex, name: string, user: string, granted: string) {
  await knex.schema.createTable(name, (table) => {
    table.integer(user).unsigned().notNullable().references("memberNo").inTable("Members");
    table.integer(granted).notNullable();
    table.primary([user, granted]);
  });
}

/** A host with UUID keys, tenants as UUIDs, timestamps for states, and columns nobody told us of. */
export class Account extends Model {
  static override tableName = "accounts";
  static override columnNameMappers: ColumnNameMappers = {
    parse: (row: Record<string, unknown>) => renamed(row, "created_at", "createdAt"),
    format: (row: Record<string, unknown>) => renamed(row, "createdAt", "created_at"),
  };
  declare id: string;
  declare accepted_at: string | null;
  declare blocked: boolean | number;
  declare gone: boolean | number;
}

function renamed(row: Record<string, unknown>, from: string, to: string) {
  const { [from]: value, ...rest } = row;
  return from in row ? { ...rest, [to]: value } : row;
}

export const uuidHost: HostUsers = {
  model: Account,
  columns: {
    id: { name: "id", type: "uuid" },
    email: "email_key",
    role: { name: "role", type: "text" },
    tenant: { name: "customer", type: "uuid" },
    firstName: "first_name",
    lastName: "last_name",
  },
  state: {
    kind: "computed",
    stateOf: (row) => {
      const account = row as Account;
      if (account.gone) return "deleted";
      if (account.blocked) return "suspended";
      return account.accepted_at === null ? "invited" : "active";
    },
    takingSeats: (query) => {
      query.where({ gone: false, blocked: false });
    },
    invited: (query) => {
      query.where({ gone: false, blocked: false }).whereNull("accepted_at");
    },
    active: () => ({ accepted_at: "2026-01-01" }),
  },
  groups: { table: "account_groups", user: "account", granted: { name: "grp", type: "uuid" } },
  organizations: {
    table: "account_sites",
    user: "account",
    granted: { name: "site", type: "text" },
    tenant: "customer",
  },
  allOrganizations: { column: "scope", value: "all" },
  newId: () => randomUUID(),
  newRow: (user, profile, assertion, tenant) => ({
    created_at: "2026-01-01",
    label: `${profile.firstName ?? "nobody"} of ${tenant}`,
    desk: assertion.attributes.find(({ name }) => name === "desk")?.values[0] ?? null,
    email_shown: user.email,
  }),
};

export async function createUuidHost(knex: Knex): Promise<void> {
  await knex.schema.createTable("accounts", (table) => {
    table.uuid("id").primary();
    table.uuid("customer").notNullable();
    table.string("email_key", 254).notNullable();
    table.string("email_shown").notNullable();
    table.string("role").notNullable();
    table.string("first_name");
    table.string("last_name");
    table.string("label").notNullable();
    table.string("desk");
    table.string("scope").notNullable().defaultTo("listed");
    table.string("created_at").notNullable();
    table.string("accepted_at");
    table.boolean("blocked").notNullable().defaultTo(false);
    table.boolean("gone").notNullable().defaultTo(false);
    table.unique(["customer", "email_key"]);
  });
  await knex.schema.createTable("account_groups", (table) => {
    table.uuid("account").notNullable().references("id").inTable("accounts");
    table.uuid("grp").notNullable();
    table.primary(["account", "grp"]);
  });
  await knex.schema.createTable("account_sites", (table) => {
    table.uuid("account").notNullable().references("id").inTable("accounts");
    table.uuid("customer").notNullable();
    table.string("site").notNullable();
    table.primary(["account", "site"]);
  });
}
