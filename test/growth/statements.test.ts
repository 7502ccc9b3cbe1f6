import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { fullScans } from "../adapters/objection/full-scans.ts";
import { formFor } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { analyze, fill } from "./fill.ts";
import { isTransactionControl, type SentStatement, statementsOf } from "./statements-of.ts";

const TENANTS = 10_000;
const GUIDE = new URL("../../docs/CONSISTENCY.md", import.meta.url);

for (const { name, create } of DATABASES) {
  describe(`what a sign-in asks of ${name}, one tenant among ${TENANTS}`, () => {
    let database: TestDatabase;
    let host: TestHost;
    before(async () => {
      database = await create();
      const { knex } = database;
      host = await startHost({
        knex,
        prefix: "/t/:tenant/saml",
        resolveTenant: (ctx) => ctx.params["tenant"],
      });
      await host.saml.migrate();
      await host.saml.saveSettings("acme", openSettings(host), "set-up");
      await fillTenants(knex);
      await analyze(knex);
    });
    after(async () => {
      await host.stop();
      await database.drop();
    });

    const signIn = (email: string, tenant = "t5000") =>
      statementsOf(database.knex, async () => {
        const base = `${host.baseUrl}/t/${tenant}/saml`;
        const answer = await makeBrowser().post(`${base}/acs`, formFor(host, email, {}, base));
        expect(answer.status).to.equal(303);
      });

    /** The same where the tenant has a second connection. */
    const signInBeside = async (email: string) => {
      const { autoProvisioning, connection: idp } = openSettings(host);
      const another = host.idp.connection({ entityId: "https://another.example" });
      const connections = [
        { id: "default", name: "Default", idp, domains: ["customer.example"] },
        { id: "another", name: "Another", idp: another, domains: ["another.example"] },
      ];
      await host.saml.saveSettings("both", { enabled: true, connections, autoProvisioning }, "x");
      const sent = await signIn(email, "both");
      return sent.filter((statement) => !isTransactionControl(statement));
    };

    for (const [what, email, limit] of [
      ["first sign-in", "new@customer.example", undefined],
      ["first sign-in under a limit", "newer@customer.example", 100],
      ["repeat sign-in", "new@customer.example", undefined],
    ] as const) {
      it(`a ${what}: as many statements as the guide says, none over a whole table`, async () => {
        host.licenseLimit = limit;
        const sent = await signIn(email);
        const work = sent.filter((statement) => !isTransactionControl(statement));
        expect(committed(sent)).to.equal(1);
        expect({ [what]: work.length }, work.map(({ sql }) => sql).join("\n")).to.deep.equal({
          [what]: await promised(what, name),
        });
        if (limit === undefined) expect(await signInBeside(email)).to.have.lengthOf(work.length);
        for (const statement of work.filter(({ sql }) => /^select/i.test(sql))) {
          expect(await fullScans(database.knex, statement), statement.sql).to.deep.equal([]);
        }
      });
    }
  });
}

/** From the table in the guide, which has a column for each database. */
async function promised(what: string, database: string): Promise<number> {
  const lines = (await readFile(GUIDE, "utf8")).split("\n").map((line) => line.split(" | "));
  const head = lines.find(([first]) => first === "| statements of a");
  const row = lines.find(([first]) => first === `| ${what}`);
  return Number.parseInt(
    row?.[head?.findIndex((cell) => cell.startsWith(database)) ?? -1] ?? "",
    10,
  );
}

/** Transactions that wrote; on SQLite Knex's own, before and after ours, are empty. */
function committed(sent: readonly SentStatement[]): number {
  return sent.filter(({ sql }, index) => {
    const before = sent.slice(0, index).findLast(isTransactionControl);
    const last = sent[index - 1];
    return /^COMMIT/i.test(sql) && before !== undefined && before !== last;
  }).length;
}

async function fillTenants(knex: Knex): Promise<void> {
  const settings = await knex("saml_jit_settings").where({ tenant: "acme" }).first();
  const tenant = "CONCAT('t', n)";
  await fill(knex, "saml_jit_settings", TENANTS, {
    tenant,
    version: "1",
    connection_version: "1",
    document: knex.raw("?", [settings.document]),
    saved_at: "1",
    saved_by: "'admin'",
  });
  await fill(knex, "saml_jit_users", TENANTS, {
    id: "CONCAT('u', n)",
    tenant,
    email: "'ada@customer.example'",
    state: "'active'",
    role: "'editor'",
    created_by: "'host'",
  });
  await fill(knex, "saml_jit_audit", TENANTS, {
    tenant,
    id: "CONCAT('e', n)",
    reference: "'R'",
    at: "n",
    outcome: "'signed-in'",
    detail: "'{}'",
  });
  await fill(knex, "saml_jit_ledger", TENANTS, {
    tenant,
    kind: "'assertion'",
    key: "'k'",
    expires_at: "n",
  });
}
