import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import type { StoresSubject } from "../../../src/testing/contracts/contract-case.ts";
import {
  email,
  sampleAssertion,
  sampleReceipt,
  sampleUser,
} from "../../../src/testing/contracts/samples.ts";
import { unitOfWorkContract } from "../../../src/testing/contracts/unit-of-work-contract.ts";
import { userDirectoryContract } from "../../../src/testing/contracts/user-directory-contract.ts";
import { runContract } from "../../contracts/run-contract.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { createIntegerHost, createUuidHost, integerHost, uuidHost } from "./hosts.ts";
import { integerSubject } from "./integer-subject.ts";

for (const { name, create } of DATABASES) {
  describe(`host's own users on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex });
      await createIntegerHost(database.knex);
      await createUuidHost(database.knex);
    });
    after(() => database.drop());

    describe("with integer keys and names of its own", () => {
      const subject = () => integerSubject(database.knex);
      runContract("UserDirectory", userDirectoryContract(subject));
      runContract("UnitOfWork", unitOfWorkContract(subject));

      it("treats an unlisted state as suspended", async () => {
        const { stores, tenant } = await subject();
        for (const status of [77, null]) {
          const mailAddress = `s${status}@example.test`;
          await database.knex("Members").insert({ mailAddress, roleNo: 1, status });
          const user = await stores.users.findByEmail(tenant, email(mailAddress));
          expect(user?.state).to.equal("suspended");
        }
      });

      it("runs the host's hooks when it creates a user", async () => {
        const { stores, tenant, vocabulary } = await subject();
        const user = sampleUser(email("ada@example.test"), vocabulary);
        await stores.users.create(
          tenant,
          user,
          sampleReceipt(user),
          { displayName: "Ada" },
          sampleAssertion(user),
        );
        const row = await database.knex("Members").first();
        expect(Boolean(row.hookRan)).to.equal(true);
        expect(row.fullName).to.equal("Ada");
      });

      it("does not take another unique column for the address", async () => {
        const { tenant, vocabulary } = await subject();
        const { stores } = makeObjectionStores({
          knex: database.knex,
          hostUsers: { ...integerHost, newRow: () => ({ loginName: "taken" }) },
        });
        await database.knex("Members").insert({
          mailAddress: "bob@example.test",
          loginName: "taken",
          roleNo: 1,
          status: 1,
        });
        const user = sampleUser(email("ada@example.test"), vocabulary);
        const failure = await stores.users
          .create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user))
          .catch((error: unknown) => error);
        expect(failure).to.be.an("error").and.to.not.have.property("code", "email-taken");
      });

      it("serves no tenant but the only one", async () => {
        const { stores } = await subject();
        const other = parseTenantId("acme")!;
        const failure = await stores.users
          .findByEmail(other, email("ada@example.test"))
          .catch((error: unknown) => error);
        expect(failure).to.be.instanceOf(TypeError);
      });
    });

    describe("with UUID keys, tenants and columns that the host fills in", () => {
      const subject = () => uuidSubject(database.knex);
      runContract("UserDirectory", userDirectoryContract(subject));
      runContract("UnitOfWork", unitOfWorkContract(subject));

      it("writes what the host adds, the names, and the tenant of grants", async () => {
        const { stores, tenant, vocabulary } = await subject();
        const user = sampleUser(email("ada@example.test"), vocabulary);
        const profile = { firstName: "Ada", lastName: "L" };
        const assertion = {
          ...sampleAssertion(user),
          attributes: [{ name: "desk", values: ["7 b", "8"] }],
        };
        const receipt = sampleReceipt(user);
        const id = await stores.users.create(tenant, user, receipt, profile, assertion);
        const row = await database.knex("accounts").where({ id }).first();
        expect(row).to.include({
          label: `Ada of ${tenant}`,
          desk: "7 b",
          created_at: "2026-01-01",
          first_name: "Ada",
          last_name: "L",
        });
        const sites = await database.knex("account_sites").where({ account: id });
        expect(sites.map(({ customer }) => customer)).to.deep.equal([tenant, tenant]);
      });
    });
  });
}

async function uuidSubject(knex: Knex): Promise<StoresSubject> {
  return {
    ...makeObjectionStores({ knex, hostUsers: uuidHost }),
    tenant: parseTenantId(randomUUID())!,
    otherTenant: parseTenantId(randomUUID())!,
    vocabulary: {
      licensedRole: "member",
      liteRole: "lite",
      groups: [randomUUID(), randomUUID()],
      organizations: ["berlin", "paris"],
    },
    seedUser: async (tenant, seed) => {
      const id = randomUUID();
      await knex("accounts").insert({
        id,
        customer: tenant,
        email_key: seed.email,
        email_shown: seed.email,
        role: seed.role,
        label: "seeded",
        created_at: "2025-01-01",
        accepted_at: seed.state === "invited" ? null : "2025-01-02",
        blocked: seed.state === "suspended",
        gone: seed.state === "deleted",
      });
      return id;
    },
    accessOf: async (tenant, id) => {
      const row = await knex("accounts").where({ customer: tenant, id }).first();
      const groups = await knex("account_groups").where({ account: id });
      const sites = await knex("account_sites").where({ account: id, customer: tenant });
      return {
        role: row.role,
        groups: groups.map(({ grp }) => grp),
        organizations:
          row.scope === "all"
            ? { kind: "all" }
            : { kind: "selected", ids: sites.map(({ site }) => site) },
      };
    },
    countUsers: async (tenant) =>
      (await knex("accounts").where({ customer: tenant }).select("id")).length,
  };
}
