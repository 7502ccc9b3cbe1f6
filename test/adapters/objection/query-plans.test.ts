import { expect } from "chai";
import type { Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import type { AuditFilter } from "../../../src/domain/audit.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import type { Stores } from "../../../src/ports/unit-of-work.ts";
import { email } from "../../../src/testing/contracts/samples.ts";
import { analyze } from "../../growth/fill.ts";
import { statementsOf } from "../../growth/statements-of.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { detours, fullScans } from "./full-scans.ts";

const tenant = parseTenantId("acme")!;
const other = parseTenantId("t7")!;
const ROWS = 10_000;

const OLDER = "5010.00005000";

const page = (filter: AuditFilter, after?: string) => (stores: Stores) =>
  stores.audit.page(tenant, { filter, limit: 50, ...(after === undefined ? {} : { after }) });

const READS: readonly (readonly [string, (stores: Stores) => Promise<unknown>])[] = [
  ["a user by address", ({ users }) => users.findByEmail(tenant, email("u7@example.test"))],
  ["taken seats", ({ users }) => users.countSeats(tenant, ["rare"])],
  ["seats of provisioned users", ({ users }) => users.countJitSeats(tenant, ["rare"])],
  ["the settings", ({ settings }) => settings.load(tenant)],
  ["a receipt", ({ users }) => users.receiptOf(tenant, "7")],
  ["the number of receipts", ({ users }) => users.receiptCount(other)],
  [
    "audit entries by day",
    ({ audit }) =>
      audit.countByDay(tenant, { outcomes: ["signed-in", "denied"], from: 9000, until: 9100 }),
  ],
  ["the audit entry of a reference", page({ reference: "R7" })],
  ["a test sign-in", ({ testSignIns }) => testSignIns.find(other, "7")],
  ["a tested digest", ({ testSignIns }) => testSignIns.succeeded(other, "d7", 1)],
  ["tests past their time", ({ testSignIns }) => testSignIns.purgeBefore(1, 100)],
  ["tests with what was received", ({ testSignIns }) => testSignIns.forgetReceived(1, 100)],
  ["expired ledger entries", ({ ledger }) => ledger.purgeExpired(1, 100)],
  ["audit entries past their time", ({ audit }) => audit.purgeBefore(1, 100)],
];

/** Read in the order of an index: a sort, or a walk to an old page, takes as long as the trail is. */
const PAGES: typeof READS = [
  ["the newest audit entries", page({})],
  ["audit entries of one address", page({ email: "u7@example.test" })],
  ["audit entries of one rare outcome", page({ outcomes: ["settings-saved"] })],
  ["older audit entries", page({}, OLDER)],
  ["older audit entries of one address", page({ email: "u7@example.test" }, OLDER)],
  ["older audit entries of one rare outcome", page({ outcomes: ["settings-saved"] }, OLDER)],
  ["audit entries from long ago", page({ until: 1000 })],
  ["rare audit entries from long ago", page({ outcomes: ["settings-saved"], until: 1000 })],
];

for (const { name, create } of DATABASES) {
  describe(`query plans on ${name}, over ${ROWS} rows a table`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex, userTables: true });
      await database.knex.transaction(fill);
      await analyze(database.knex);
    });
    after(() => database.drop());

    for (const [what, read] of [...READS, ...PAGES]) {
      it(`reads ${what} by an index`, async () => {
        const { knex } = database;
        const statements = await statementsOf(knex, () =>
          read(makeObjectionStores({ knex }).stores),
        );
        expect(statements).to.have.length(1);
        if (what.includes("seats")) expect(statements[0]?.sql).not.to.include("receipts");
        const isPage = PAGES.some(([page]) => page === what);
        for (const statement of statements) {
          expect(await fullScans(knex, statement), statement.sql).to.deep.equal([]);
          if (isPage) expect(await detours(knex, statement), statement.sql).to.deep.equal([]);
        }
      });
    }
  });
}

async function fill(knex: Knex): Promise<void> {
  for (let start = 0; start < ROWS; start += 100) {
    const numbers = Array.from({ length: 100 }, (_, index) => start + index);
    await knex("saml_jit_users").insert(
      numbers.map((n) => ({
        id: `${n}`,
        tenant,
        email: `u${n}@example.test`,
        state: "active",
        role: n % 1000 === 0 ? "rare" : "member",
        created_by: "saml",
      })),
    );
    await knex("saml_jit_receipts").insert(
      numbers.map((n) => ({
        tenant,
        user_id: `${n}`,
        assertion_id_hash: `${n}`,
        at: n + 10,
        document: "{}",
      })),
    );
    await knex("saml_jit_audit").insert(
      numbers.map((n) => ({
        tenant,
        id: String(n).padStart(8, "0"),
        reference: `R${n}`,
        at: n + 10,
        outcome: n % 1000 === 0 ? "settings-saved" : "signed-in",
        email: `u${n}@example.test`,
        detail: "{}",
      })),
    );
    await knex("saml_jit_ledger").insert(
      numbers.map((n) => ({ tenant, kind: "assertion", key: `${n}`, expires_at: n + 10 })),
    );
    await knex("saml_jit_test_sign_ins").insert(
      numbers.map((n) => ({
        tenant: `t${n % 500}`,
        id: `${n}`,
        administrator: "admin",
        digest: `d${n}`,
        created_at: n + 10,
        state: "succeeded",
        result: "{}",
        received: "{}",
      })),
    );
    await knex("saml_jit_settings").insert(
      numbers.map((n) => ({
        tenant: `t${n}`,
        version: 1,
        connection_version: 1,
        document: "{}",
        saved_at: 1,
        saved_by: "admin",
      })),
    );
  }
}
