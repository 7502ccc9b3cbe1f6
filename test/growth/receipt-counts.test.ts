import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { email, sampleReceipt, sampleUser } from "../../src/testing/contracts/samples.ts";
import { fullScans } from "../adapters/objection/full-scans.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { tenant } from "../support/host.ts";
import { analyze, fill } from "./fill.ts";
import { isTransactionControl, statementsOf } from "./statements-of.ts";

const RECEIPTS = 100_000;
const ROLES = { licensedRole: "editor", liteRole: "lite", groups: ["g1"], organizations: ["o1"] };

for (const { name, create } of DATABASES) {
  describe(`the counts of ${RECEIPTS} receipts on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
      const { knex } = database;
      await migrate({ knex, userTables: true });
      const user = sampleUser(email("ada@example.test"), ROLES);
      const columns = {
        tenant: "'acme'",
        user_id: "CONCAT('u', n)",
        assertion_id_hash: "'h'",
        // Every 100 seconds from 2026 on; the factor makes PostgreSQL count in 64 bits.
        at: "1767225600000 + n * 4000000000 / 40000",
        document: knex.raw("?", [JSON.stringify(sampleReceipt(user))]),
      };
      await fill(knex, "saml_jit_receipts", RECEIPTS, {
        ...columns,
        role: "CASE n % 4 WHEN 0 THEN 'lite' ELSE 'editor' END",
        connection: "CASE n % 2 WHEN 0 THEN 'one' ELSE 'two' END",
      });
      // What a process of an earlier version has written since.
      await fill(knex, "saml_jit_receipts", 10, { ...columns, user_id: "CONCAT('old', n)" });
      await fill(knex, "saml_jit_receipts", 1000, { ...columns, tenant: "'other'" });
      await analyze(knex);
    });
    after(() => database.drop());

    it("are read from one index, and of those without the columns from their documents", async () => {
      const { knex } = database;
      const { users } = makeObjectionStores({ knex }).stores;
      const counts = await users.tallyReceipts(tenant("acme"));
      const sum = (role: string, connection?: string) =>
        counts
          .filter((count) => count.role === role && count.connection === connection)
          .reduce((total, { users: some }) => total + some, 0);
      expect(sum("editor", "one")).to.equal(RECEIPTS / 4);
      expect(sum("lite", "one")).to.equal(RECEIPTS / 4);
      expect(sum("editor", "two")).to.equal(RECEIPTS / 2);
      expect(sum("editor")).to.equal(10);
      expect(new Set(counts.map(({ month }) => month))).to.deep.equal(
        new Set(["2026-01", "2026-02", "2026-03", "2026-04"]),
      );
      expect(counts).to.have.length(4 * 3 + 1);

      const sent = await statementsOf(knex, () => users.tallyReceipts(tenant("acme")));
      const statements = sent.filter((statement) => !isTransactionControl(statement));
      expect(statements).to.have.length(2);
      for (const statement of statements) {
        expect(await fullScans(knex, statement), statement.sql).to.deep.equal([]);
      }
      expect(statements[0]?.sql).not.to.include("document");
    });
  });
}
