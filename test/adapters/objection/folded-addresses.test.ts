import { expect } from "chai";
import { it } from "mocha";
import { Model } from "objection";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { email } from "../../../src/testing/contracts/samples.ts";
import { DATABASES } from "../../support/databases.ts";
import { integerHost, Member } from "./hosts.ts";

for (const { name, create } of DATABASES) {
  if (name === "PostgreSQL") continue; // does not fold
  it(`finds the exact address on ${name}, however many others a collation takes for it`, async () => {
    const { knex, drop } = await create();
    try {
      await knex.schema.createTable("Members", (table) => {
        table.increments("memberNo");
        const address = table.string("mailAddress", 254).notNullable();
        address.collate(name === "SQLite" ? "NOCASE" : "utf8mb4_general_ci");
        table.integer("roleNo").notNullable();
        table.integer("status");
      });
      const others = ["ADA@x.test", "Ada@x.test", "aDA@x.test", "adA@x.test"];
      for (const mailAddress of [...others, "ada@x.test"]) {
        await knex("Members").insert({ mailAddress, roleNo: 1, status: 1 });
      }
      const { stores } = makeObjectionStores({
        knex,
        hostUsers: { ...integerHost, model: Member },
      });
      const found = await stores.users.findByEmail(parseTenantId("default")!, email("ada@x.test"));
      expect(found?.id).to.equal("5");
      expect(Model.knex()).to.equal(undefined);
    } finally {
      await drop();
    }
  });
}
