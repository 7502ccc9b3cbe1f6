import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Knex } from "knex";
import { after, before, beforeEach, describe, it } from "mocha";
import type { QueryContext } from "objection";
import { checkIntegrity } from "../../../src/adapters/objection/integrity/integrity.ts";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import type { HostUsers } from "../../../src/adapters/objection/users/host-users.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import {
  atOnce,
  email,
  sampleAssertion,
  sampleReceipt,
  sampleSettings,
  valuesOf,
} from "../../../src/testing/contracts/samples.ts";
import { statementsOf } from "../../growth/statements-of.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { countSeatsExample } from "./count-seats-example.ts";
import { createIntegerHost, integerHost, Member } from "./hosts.ts";

const tenant = parseTenantId("default")!;
const ROLES = ["1"];

/** Members of a host that keeps the number of its seats, by a hook. */
class CountedMember extends Member {
  override async $afterInsert({ transaction }: QueryContext): Promise<void> {
    await transaction("seatNumbers").increment("seats");
  }
}

const hostUsers: HostUsers = {
  ...integerHost,
  model: CountedMember,
  countSeats: async (db) => (await db("seatNumbers").first("seats")).seats,
};

for (const { name, create } of DATABASES) {
  describe(`seats whose number the host keeps, on ${name}`, () => {
    let database: TestDatabase;
    let knex: Knex;
    before(async () => {
      database = await create();
      knex = database.knex;
      await migrate({ knex });
      await createIntegerHost(knex);
      await knex.schema.createTable("seatNumbers", (table) => table.integer("seats").notNullable());
      await knex("seatNumbers").insert({ seats: 0 });
      const { stores } = makeObjectionStores({ knex });
      await stores.settings.save(tenant, sampleSettings(1));
    });
    after(() => database.drop());
    beforeEach(async () => {
      for (const table of ["Members", "saml_jit_receipts"]) await knex(table).delete();
      await knex("seatNumbers").update({ seats: 0 });
    });

    it("are the host's count, under the tenant's lock: 20 concurrent sign-ins never exceed 5", async () => {
      const { unitOfWork } = makeObjectionStores({ knex, hostUsers });
      const take = (index: number) =>
        unitOfWork.run(tenant, async ({ users }) => {
          if ((await users.countSeatsExclusively(tenant, ROLES)) >= 5) return "full";
          const user = {
            email: email(`person${index}@example.test`),
            role: "1",
            groups: [],
            organizations: { kind: "selected", ids: [] },
          } as const;
          return users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user));
        });
      const sent = await statementsOf(knex, async () => {
        const results = valuesOf(await atOnce(20, take));
        expect(results.filter((result) => result === "full")).to.have.length(15);
      });
      expect(sent.filter(({ sql }) => /count\(\*\)/i.test(sql))).to.deep.equal([]);
      expect(await knex("Members").select("memberNo")).to.have.length(5);
    });

    it("are refused if the number is invalid", async () => {
      for (const seats of [-1, 1.5, Number.NaN, "5", null, undefined]) {
        const countSeats = async () => seats as number;
        const { stores } = makeObjectionStores({ knex, hostUsers: { ...hostUsers, countSeats } });
        const failure = await stores.users.countSeats(tenant, ROLES).catch((error) => error);
        expect(failure, String(seats)).to.be.instanceOf(TypeError);
      }
    });

    it("can be read as docs/HOST-USERS.md shows it", async () => {
      const source = await readFile("test/adapters/objection/count-seats-example.ts", "utf8");
      const guide = await readFile("docs/HOST-USERS.md", "utf8");
      const [, shown = ""] = /```ts\n(countSeats: [^`]*)```/.exec(guide) ?? [];
      expect(shown).not.to.equal("");
      expect(source.replaceAll(/^ {2}/gm, "")).to.include(shown);

      await knex.schema.createTable("customers", (table) => {
        table.integer("id").primary();
        table.bigInteger("seats").notNullable();
      });
      await knex("customers").insert({ id: 7, seats: 3 });
      expect(await countSeatsExample.countSeats(knex, parseTenantId("7")!, ROLES)).to.equal(3);
    });

    it("are compared with the users by the consistency checker", async () => {
      await knex("Members").insert({ mailAddress: "a@example.test", roleNo: 1, status: 1 });
      const seatLimits = [{ tenant, licensedRoles: ROLES, limit: 5 }];
      const findings = await checkIntegrity({ knex, hostUsers, seatLimits });
      expect(findings).to.deep.equal([
        { code: "seats-miscounted", tenant, subject: "0 instead of 1" },
      ]);
    });
  });
}
