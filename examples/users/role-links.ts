/**
 * Users with a role in a link table, without groups and organizations: the shape of Strapi. An
 * administrator selects a role and nothing else; `blocked` suspends.
 */
import type { Knex } from "knex";
import {
  EmailTakenError,
  type HostUserDirectory,
  InvitationGoneError,
  type UsersTransaction,
} from "koa-saml-jit";
import type { StoresSubject } from "koa-saml-jit/testing";

export async function createTables(knex: Knex): Promise<void> {
  await knex.schema.createTable("up_roles", (table) => {
    table.increments("id");
    table.string("name").notNullable();
  });
  await knex.schema.createTable("up_users", (table) => {
    table.increments("id");
    table.string("username").notNullable();
    // Where there is no unique key yet, add one: without it, two first sign-ins create two users.
    table.string("email", 254).notNullable().unique();
    table.string("provider", 32).notNullable().defaultTo("local");
    table.boolean("blocked").notNullable().defaultTo(false);
  });
  await knex.schema.createTable("up_users_role_lnk", (table) => {
    table.integer("user_id").unsigned().notNullable().unique().references("up_users.id");
    table.integer("role_id").unsigned().notNullable().references("up_roles.id");
  });
  await knex("up_roles").insert([{ name: "Editor" }, { name: "Reader" }]);
}

/** The option `users`. */
export function users({ trx, isDuplicate }: UsersTransaction): HostUserDirectory {
  const countSeats = async (more: object, roles: readonly string[]) => {
    const seats = await trx("up_users")
      .join("up_users_role_lnk", "up_users.id", "user_id")
      .where({ blocked: false, ...more })
      .whereIn("role_id", roles.map(Number))
      .count({ taken: "*" });
    return Number(seats[0]?.["taken"]);
  };
  return {
    async findByEmail(_tenant, email) {
      const found = await trx("up_users").where({ email });
      const row = found.find((one) => one.email === email);
      return row && { id: String(row.id), email, state: row.blocked ? "suspended" : "active" };
    },
    countSeats: (_tenant, roles) => countSeats({}, roles),
    countJitSeats: (_tenant, roles) => countSeats({ provider: "saml" }, roles),
    async create(_tenant, { email, role, groups, organizations }) {
      if (groups.length > 0 || organizations.kind === "all" || organizations.ids.length > 0) {
        throw new Error("this platform has neither groups nor organizations");
      }
      try {
        await trx("up_users").insert({ email, username: email, provider: "saml" });
      } catch (cause) {
        throw isDuplicate(cause) ? new EmailTakenError({ cause }) : cause;
      }
      const { id } = await trx("up_users").where({ email }).first("id");
      await trx("up_users_role_lnk").insert({ user_id: id, role_id: Number(role) });
      return String(id);
    },
    // Nobody is invited here: an account is either usable or blocked.
    acceptInvitation: async () => {
      throw new InvitationGoneError();
    },
  };
}

/** What the contract suite needs to know of the tables. */
export function seeTables(
  knex: Knex,
): Pick<StoresSubject, "states" | "vocabulary" | "seedUser" | "accessOf" | "countUsers"> {
  return {
    states: ["active", "suspended"],
    vocabulary: {
      licensedRole: "1",
      liteRole: "2",
      groups: [],
      organizations: [],
      allOrganizations: false,
    },
    seedUser: async (_tenant, { email, state, role }) => {
      const row = { email, username: email, blocked: state === "suspended" };
      await knex("up_users").insert(row);
      const { id } = await knex("up_users").where({ email }).first("id");
      await knex("up_users_role_lnk").insert({ user_id: id, role_id: Number(role) });
      return String(id);
    },
    accessOf: async (_tenant, userId) => {
      const link = await knex("up_users_role_lnk")
        .where({ user_id: Number(userId) })
        .first();
      return {
        role: String(link.role_id),
        groups: [],
        organizations: { kind: "selected", ids: [] },
      };
    },
    countUsers: async () => (await knex("up_users")).length,
  };
}
