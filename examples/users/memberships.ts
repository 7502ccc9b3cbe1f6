/**
 * Global users with a membership for each customer. One address is one user everywhere, so a
 * customer's identity provider must not vouch for addresses of others: use `verifiedDomains` with it.
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
  await knex.schema.createTable("logins", (table) => {
    table.increments("id");
    table.string("email", 254).notNullable().unique();
    table.boolean("closed").notNullable().defaultTo(false);
  });
  await knex.schema.createTable("memberships", (table) => {
    table.integer("login").unsigned().notNullable().references("logins.id");
    table.string("customer", 64).notNullable();
    table.string("role", 64).notNullable();
    table.string("state", 16).notNullable();
    table.string("created_by", 16);
    table.primary(["customer", "login"]);
  });
  await knex.schema.createTable("proven_domains", (table) => {
    table.string("domain").primary(); // of one customer only
    table.string("customer", 64).notNullable();
  });
}

/** The option `verifiedDomains`. */
export function verifiedDomains(knex: Knex): (tenant: string) => Promise<string[]> {
  return (tenant) => knex("proven_domains").where({ customer: tenant }).pluck("domain");
}

/** The option `users`. */
export function users({ trx, isDuplicate }: UsersTransaction): HostUserDirectory {
  const countSeats = async (more: object, customer: string, roles: readonly string[]) => {
    const seats = await trx("memberships")
      .join("logins", "logins.id", "login")
      .where({ customer, closed: false, ...more })
      .whereIn("state", ["active", "invited"])
      .whereIn("role", [...roles])
      .count({ taken: "*" });
    return Number(seats[0]?.["taken"]);
  };
  return {
    /** A login without a membership here is unknown here: a first sign-in makes the membership. */
    async findByEmail(customer, email) {
      const found = await trx("logins")
        .leftJoin("memberships", (on) => on.on("logins.id", "login").andOnVal("customer", customer))
        .where({ email })
        .select("logins.id", "state", "closed", "email");
      const row = found.find((one) => one.email === email);
      const state = row?.closed ? "suspended" : row?.state;
      return state ? { id: String(row.id), email, state } : undefined;
    },
    countSeats: (customer, roles) => countSeats({}, customer, roles),
    countJitSeats: (customer, roles) => countSeats({ created_by: "saml" }, customer, roles),
    async create(customer, { email, role }) {
      // Another customer's newcomer may be creating the same login: whoever is second waits here.
      await trx("logins").insert({ email }).onConflict("email").ignore();
      const { id } = await trx("logins").where({ email }).first("id");
      try {
        const row = { login: id, customer, role, state: "active", created_by: "saml" };
        await trx("memberships").insert(row);
      } catch (cause) {
        throw isDuplicate(cause) ? new EmailTakenError({ cause }) : cause;
      }
      return String(id);
    },
    async acceptInvitation(customer, userId) {
      const login = /^\d{1,9}$/.test(userId) ? Number(userId) : 0;
      const invited = trx("memberships").where({ customer, login, state: "invited" });
      if ((await invited.update({ state: "active" })) !== 1) throw new InvitationGoneError();
    },
  };
}

/** What the contract suite needs to know of the tables. */
export function seeTables(
  knex: Knex,
): Pick<StoresSubject, "vocabulary" | "seedUser" | "accessOf" | "countUsers"> {
  return {
    vocabulary: {
      licensedRole: "member",
      liteRole: "lite",
      groups: [],
      organizations: [],
      allOrganizations: false,
    },
    seedUser: async (customer, { email, state, role }) => {
      await knex("logins").insert({ email }).onConflict("email").ignore();
      const { id } = await knex("logins").where({ email }).first("id");
      await knex("memberships").insert({ login: id, customer, role, state });
      return String(id);
    },
    accessOf: async (customer, userId) => {
      const row = await knex("memberships")
        .where({ customer, login: Number(userId) })
        .first();
      return { role: row.role, groups: [], organizations: { kind: "selected", ids: [] } };
    },
    countUsers: async (customer) => (await knex("memberships").where({ customer })).length,
  };
}
