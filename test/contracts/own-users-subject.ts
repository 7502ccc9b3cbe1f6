import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { StoresSubject } from "../../src/testing/contracts/contract-case.ts";

/** Reads and seeds the plugin's own user tables past the port. */
export function seeOwnUsers(
  knex: Knex,
): Pick<StoresSubject, "vocabulary" | "seedUser" | "accessOf" | "countUsers"> {
  const grantsOf = async (table: string, column: string, userId: string) => {
    const rows = await knex(table).where({ user_id: userId }).select(column);
    return rows.map((row: Record<string, string>) => row[column]!);
  };
  return {
    vocabulary: {
      licensedRole: "member",
      liteRole: "lite",
      groups: ["staff", 'lab\'s "own" ü😀', ...many("group")],
      organizations: ["berlin", "paris", ...many("organization")],
    },
    seedUser: async (tenant, seed) => {
      const id = randomUUID();
      await knex("saml_jit_users").insert({ id, tenant, ...seed, created_by: "host" });
      return id;
    },
    accessOf: async (tenant, id) => {
      const user = await knex("saml_jit_users").where({ tenant, id }).first();
      if (user === undefined) return undefined;
      const groups = await grantsOf("saml_jit_user_groups", "group_id", id);
      const ids = await grantsOf("saml_jit_user_organizations", "organization_id", id);
      return {
        role: user.role,
        groups,
        organizations: user.all_organizations ? { kind: "all" } : { kind: "selected", ids },
      };
    },
    countUsers: async (tenant) =>
      (await knex("saml_jit_users").where({ tenant }).select("id")).length,
  };
}

function many(what: string): readonly string[] {
  return Array.from({ length: 30 }, (_, index) => `${what}-${index}`);
}
