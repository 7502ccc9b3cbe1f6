/** Users by plain Knex: customers, groups, sites and invitations. SQLite, PostgreSQL, MariaDB. */
import type { Knex } from "knex";
import {
  EmailTakenError,
  type HostUserDirectory,
  InvitationGoneError,
  type UsersTransaction,
} from "koa-saml-jit";
import type { StoresSubject } from "koa-saml-jit/testing";

export async function createTables(knex: Knex): Promise<void> {
  await knex.schema.createTable("people", (table) => {
    table.increments("id");
    table.string("customer", 64).notNullable();
    table.string("address", 254).notNullable(); // as parseEmailAddress returns it
    table.string("role", 64).notNullable();
    table.string("state", 16).notNullable();
    table.string("created_by", 16);
    table.string("name");
    table.boolean("every_site").notNullable().defaultTo(false);
    table.unique(["customer", "address"]);
    table.index(["customer", "role", "state", "created_by"]);
  });
  for (const [name, column] of [GROUPS, SITES]) {
    await knex.schema.createTable(name, (table) => {
      table.integer("person").unsigned().notNullable().references("id").inTable("people");
      table.string(column).notNullable();
      table.primary(["person", column]);
    });
  }
}

const GROUPS = ["people_groups", "group_id"] as const;
const SITES = ["people_sites", "site_id"] as const;

/** The option `users`. */
export function users({ trx, isDuplicate }: UsersTransaction): HostUserDirectory {
  const countSeats = async (more: object, tenant: string, roles: readonly string[]) => {
    const seats = await trx("people")
      .where({ customer: tenant, ...more })
      .whereIn("state", ["active", "invited"])
      .whereIn("role", [...roles])
      .count({ taken: "*" });
    return Number(seats[0]?.["taken"]);
  };
  const find = async (tenant: string, email: string) => {
    const found = await trx("people").where({ customer: tenant, address: email });
    // MySQL's default collations also find other users' addresses: compare again.
    return found.find(({ address }) => address === email);
  };
  const grant = async (
    [table, column]: readonly [string, string],
    person: number,
    ids: readonly string[],
  ) => {
    if (ids.length > 0) await trx(table).insert(ids.map((id) => ({ person, [column]: id })));
  };
  return {
    async findByEmail(tenant, email) {
      const row = await find(tenant, email);
      return row && { id: String(row.id), email: row.address, state: row.state };
    },
    countSeats: (tenant, roles) => countSeats({}, tenant, roles),
    countJitSeats: (tenant, roles) => countSeats({ created_by: "saml" }, tenant, roles),
    async create(tenant, { email, role, groups, organizations }, _receipt, profile) {
      const row = { customer: tenant, address: email, role, state: "active", created_by: "saml" };
      const more = { name: profile.displayName, every_site: organizations.kind === "all" };
      try {
        await trx("people").insert({ ...row, ...more });
      } catch (cause) {
        throw isDuplicate(cause) ? new EmailTakenError({ cause }) : cause;
      }
      const { id } = await find(tenant, email);
      await grant(GROUPS, id, groups);
      if (organizations.kind === "selected") await grant(SITES, id, organizations.ids);
      return String(id);
    },
    async acceptInvitation(tenant, userId) {
      const id = /^\d{1,9}$/.test(userId) ? Number(userId) : 0;
      const invited = trx("people").where({ customer: tenant, id, state: "invited" });
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
      groups: ["staff", "lab"],
      organizations: ["berlin", "paris"],
    },
    seedUser: async (tenant, { email, state, role }) => {
      await knex("people").insert({ customer: tenant, address: email, state, role });
      return String((await knex("people").where({ customer: tenant, address: email }).first()).id);
    },
    accessOf: async (tenant, userId) => {
      const row = await knex("people")
        .where({ customer: tenant, id: Number(userId) })
        .first();
      const [groups, ids] = await Promise.all(
        [GROUPS, SITES].map(([table, column]) =>
          knex(table).where({ person: row.id }).pluck(column),
        ),
      );
      return {
        role: row.role,
        groups: groups ?? [],
        organizations: row.every_site ? { kind: "all" } : { kind: "selected", ids: ids ?? [] },
      };
    },
    countUsers: async (tenant) => (await knex("people").where({ customer: tenant })).length,
  };
}
