import type { Knex } from "knex";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import type { StoresSubject } from "../../../src/testing/contracts/contract-case.ts";
import { integerHost } from "./hosts.ts";

const onlyTenant = parseTenantId("default")!;
const LISTS = ["Member Teams", "memberSites", "Members"];

/** The stores over {@link integerHost}, empty. */
export async function integerSubject(knex: Knex): Promise<StoresSubject> {
  for (const list of [...LISTS, "saml_jit_receipts", "saml_jit_settings", "saml_jit_audit"]) {
    await knex(list).delete();
  }
  for (const list of ["saml_jit_ledger", "saml_jit_refusals"]) await knex(list).delete();
  const statuses = { invited: 0, active: 1, suspended: 5, deleted: 9 };
  const grants = async (table: string, column: string, member: number) =>
    (await knex(table).where({ member })).map((row) => String(row[column]));
  return {
    ...makeObjectionStores({ knex, hostUsers: integerHost }),
    tenant: onlyTenant,
    vocabulary: { licensedRole: "1", liteRole: "2", groups: ["7", "8"], organizations: ["3", "4"] },
    seedUser: async (_tenant, seed) => {
      const row = { mailAddress: seed.email, roleNo: Number(seed.role) };
      await knex("Members").insert({ ...row, status: statuses[seed.state] });
      return String((await knex("Members").where(row).first()).memberNo);
    },
    accessOf: async (_tenant, id) => {
      const row = await knex("Members")
        .where({ memberNo: Number(id) })
        .first();
      const ids = await grants("memberSites", "site", Number(id));
      return {
        role: String(row.roleNo),
        groups: await grants("Member Teams", "team", Number(id)),
        organizations: row.everySite ? { kind: "all" } : { kind: "selected", ids },
      };
    },
    countUsers: async () => (await knex("Members").select("memberNo")).length,
  };
}
