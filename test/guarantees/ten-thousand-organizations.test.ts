import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { arrive } from "../support/arrivals.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";

const IDS = Array.from({ length: 10_000 }, (_, index) => `organization-${index}`);

for (const { name, create } of DATABASES) {
  describe(`ten thousand organizations at a first sign-in, on ${name}`, () => {
    let database: TestDatabase;
    let host: TestHost;
    before(async () => {
      database = await create();
      host = await startHost({ knex: database.knex });
      host.catalog.replace({ ...LISTS, organizations: IDS.map((id) => ({ id, name: id })) });
      await host.saml.migrate();
    });
    after(async () => {
      await host?.stop();
      await database?.drop();
    });

    it("are granted in one transaction, by as many statements as one is", async () => {
      const one = await statementsOfFirstSignIn("ada@customer.example", IDS.slice(0, 1));
      const all = await statementsOfFirstSignIn("eve@customer.example", IDS);
      expect(all.map(shapeOf)).to.deep.equal(one.map(shapeOf));
      // The first transaction finds a stranger, and is undone before the host is asked.
      const kept = all.slice(all.findLastIndex((sql) => /^rollback/i.test(sql)) + 1);
      const writes = kept.slice(kept.findIndex(isWrite), kept.findLastIndex(isWrite) + 1);
      expect(writes).to.have.length.of.at.least(6);
      expect(writes.filter((sql) => /^(begin|commit)/i.test(sql))).to.deep.equal([]);
      const granted = await database.knex("saml_jit_user_organizations").count({ n: "*" });
      expect(Number(granted[0]?.["n"])).to.equal(IDS.length + 1);
    });

    async function statementsOfFirstSignIn(
      email: string,
      ids: readonly string[],
    ): Promise<readonly string[]> {
      const settings = openSettings(host);
      const organizations = { kind: "selected", ids } as const;
      const autoProvisioning = { ...settings.autoProvisioning, organizations };
      await host.saml.saveSettings("default", { ...settings, autoProvisioning }, "set-up");
      const statements: string[] = [];
      const note = ({ sql }: { readonly sql: string }) => statements.push(sql);
      database.knex.on("query", note);
      expect((await arrive(host, email)).status).to.equal(303);
      database.knex.removeListener("query", note);
      return statements;
    }
  });
}

function isWrite(sql: string): boolean {
  return /^insert/i.test(sql);
}

/** A statement without what differs between two people. */
function shapeOf(sql: string): string {
  return sql.replace(/trx\d+/g, "trx");
}
