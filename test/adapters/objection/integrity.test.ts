import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { checkIntegrity } from "../../../src/adapters/objection/integrity/integrity.ts";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import {
  email,
  SAMPLE_TIME,
  sampleAssertion,
  sampleEntry,
  sampleReceipt,
  sampleUser,
} from "../../../src/testing/contracts/samples.ts";
import { seeOwnUsers } from "../../contracts/own-users-subject.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { createIntegerHost, createUuidHost, integerHost, uuidHost } from "./hosts.ts";

const tenant = parseTenantId("acme")!;

for (const { name, create } of DATABASES) {
  describe(`consistency checker on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex, userTables: true });
    });
    after(() => database.drop());

    const check = (options = {}) =>
      checkIntegrity({ knex: database.knex, grantsUntouched: true, ...options });

    it("finds nothing in an empty database, also over a host's own users", async () => {
      await createIntegerHost(database.knex);
      await createUuidHost(database.knex);
      expect(await check()).to.deep.equal([]);
      const marked = { ...integerHost, createdBy: { column: "hookRan", value: true } };
      expect(await check({ hostUsers: marked })).to.deep.equal([]);
      const scoped = { ...uuidHost, createdBy: { column: "label", value: "made" } };
      expect(await check({ hostUsers: scoped })).to.deep.equal([]);
    });

    it("finds what was made by hand, and names it", async () => {
      const { knex } = database;
      const { stores } = makeObjectionStores({ knex });
      const { vocabulary } = seeOwnUsers(knex);
      const make = async (address: string, hash: string) => {
        const user = sampleUser(email(address), vocabulary);
        const receipt = { ...sampleReceipt(user), assertionIdHash: hash };
        return stores.users.create(tenant, user, receipt, {}, sampleAssertion(user));
      };
      const good = await make("good@example.test", "1");
      const unaudited = await make("unaudited@example.test", "2");
      const stripped = await make("stripped@example.test", "2");
      for (const [index, userId] of [good, stripped].entries()) {
        const entry = sampleEntry(index, { outcome: "provisioned", userId });
        await stores.audit.append(tenant, entry);
      }
      await knex("saml_jit_user_groups").where({ user_id: stripped, group_id: "staff" }).delete();
      await knex("saml_jit_users").insert([
        row("half", "half@example.test", "saml"),
        row("shouting", "GOOD@example.test", "host"),
      ]);
      const seatLimits = [{ tenant, licensedRoles: [vocabulary.licensedRole], limit: 4 }];
      const findings = await check({ seatLimits });
      expect(findings).to.have.deep.members([
        { code: "user-without-receipt", tenant, subject: "half" },
        { code: "receipt-without-audit", tenant, subject: unaudited },
        { code: "email-not-unique", tenant, subject: "good@example.test" },
        { code: "assertion-used-twice", tenant, subject: "2" },
        { code: "seats-over-limit", tenant, subject: "5 of 4" },
        { code: "grants-differ", tenant, subject: stripped },
      ]);
      const later = await check({ auditedSince: SAMPLE_TIME + 1 });
      expect(later.map(({ code }) => code)).to.not.include("receipt-without-audit");
    });

    it("finds nothing after a purge of the audit trail, and still what came later", async () => {
      const { knex } = database;
      const codes = async () => (await check()).map(({ code }) => code);
      await knex("saml_jit_receipts").update({ at: SAMPLE_TIME - 1000 });
      await knex("saml_jit_audit").update({ at: SAMPLE_TIME });
      expect(await codes()).to.not.include("receipt-without-audit");
      await knex("saml_jit_receipts").update({ at: SAMPLE_TIME + 1 });
      expect(await codes()).to.include("receipt-without-audit");
      await knex("saml_jit_audit").delete();
      expect(await codes()).to.not.include("receipt-without-audit");
    });

    function row(id: string, address: string, createdBy: string) {
      return { id, tenant, email: address, state: "active", role: "member", created_by: createdBy };
    }
  });
}
