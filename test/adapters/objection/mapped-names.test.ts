import { randomUUID } from "node:crypto";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { knexSnakeCaseMappers } from "objection";
import { checkIntegrity } from "../../../src/adapters/objection/integrity/integrity.ts";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import {
  email,
  sampleAssertion,
  sampleReceipt,
  sampleUser,
} from "../../../src/testing/contracts/samples.ts";
import { unitOfWorkContract } from "../../../src/testing/contracts/unit-of-work-contract.ts";
import { userDirectoryContract } from "../../../src/testing/contracts/user-directory-contract.ts";
import { seeOwnUsers } from "../../contracts/own-users-subject.ts";
import { runContract, runStoreContracts } from "../../contracts/run-contract.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { createIntegerHost } from "./hosts.ts";
import { integerSubject } from "./integer-subject.ts";

for (const { name, create } of DATABASES) {
  describe(`a host whose Knex maps names, on ${name}`, () => {
    let database: TestDatabase;
    let mapped: Knex;
    before(async () => {
      database = await create();
      mapped = knexFactory({ ...database.config, ...knexSnakeCaseMappers() });
      await migrate({ knex: mapped, userTables: true });
    });
    after(async () => {
      await mapped.destroy();
      await database.drop();
    });

    const ownSubject = async () => ({
      ...makeObjectionStores({ knex: mapped }),
      ...seeOwnUsers(database.knex),
      tenant: parseTenantId(randomUUID())!,
      otherTenant: parseTenantId(randomUUID())!,
    });

    it("finds its Knex as it was after the migration", async () => {
      const row = await mapped("saml_jit_migrations").first();
      expect(row).to.include.keys("migrationTime");
    });

    describe("without users of its own", () => {
      runStoreContracts(ownSubject);

      it("has its grants checked", async () => {
        const { stores, tenant, vocabulary } = await ownSubject();
        const user = sampleUser(email("ada@example.test"), vocabulary);
        const id = await stores.users.create(
          tenant,
          user,
          sampleReceipt(user),
          {},
          sampleAssertion(user),
        );
        await database.knex("saml_jit_user_groups").where({ user_id: id }).delete();
        const findings = await checkIntegrity({ knex: mapped, grantsUntouched: true });
        expect(findings).to.deep.include({ code: "grants-differ", tenant, subject: id });
        const whole = findings.filter(({ code }) => code === "grants-differ");
        expect(whole).to.have.length(1);
      });
    });

    describe("with users of its own", () => {
      before(() => createIntegerHost(mapped));
      const subject = () => integerSubject(mapped);
      runContract("UserDirectory", userDirectoryContract(subject));
      runContract("UnitOfWork", unitOfWorkContract(subject));
    });
  });
}
