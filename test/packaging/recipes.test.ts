import { join } from "node:path";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { hostsFolder } from "./support/folder.ts";
import { freePort, type HostProcess, startHostProcess } from "./support/host-process.ts";
import { README_PACKAGES } from "./support/readme.ts";
import { openDocument } from "./support/sign-in.ts";

const RECIPES = [
  "knex",
  "drizzle",
  "sequelize",
  "prisma",
  "role-links",
  "memberships",
  "uuids",
  "mixed-case",
] as const;
type Recipe = (typeof RECIPES)[number];

interface State {
  readonly rows: readonly Record<string, unknown>[];
  readonly used: number;
  readonly integrity: readonly unknown[];
  readonly host: readonly unknown[];
  readonly report: unknown;
}

describe("recipes for hosts' users, with the packed package installed", () => {
  const idp = makeSigningIdp();
  let database: TestDatabase;
  let host: HostProcess;

  before(async () => {
    const { path } = await hostsFolder(README_PACKAGES);
    database = await DATABASES.find(({ name }) => name === "PostgreSQL")!.create();
    const port = await freePort();
    host = await startHostProcess({
      folder: path,
      file: join("recipes", "test/packaging/recipes/host.js"),
      port,
      baseUrl: `http://127.0.0.1:${port}`,
      env: {
        SETTINGS: JSON.stringify(openDocument(idp)),
        DATABASE_URL: String(database.config.connection),
      },
    });
  });
  after(async () => {
    await host?.stop();
    await database?.drop();
  });

  async function arrive(recipe: Recipe, email: string, refused = "no") {
    const saml = `${host.baseUrl}/${recipe}/saml`;
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(`${saml}/login`));
    const to = { acsUrl: `${saml}/acs`, audience: `${saml}/metadata`, inResponseTo };
    const form = idp.form({ ...to, email, attributes: { refused } });
    const response = await browser.post(`${saml}/acs`, { ...form });
    const text = await response.text();
    const [, id = "", outcome = ""] = /"id":"([^"]+)","outcome":"([^"]+)"/.exec(text) ?? [];
    return { status: response.status, id, outcome };
  }
  const ask = async (recipe: Recipe, what: string): Promise<unknown> =>
    (await fetch(`${host.baseUrl}/${recipe}/${what}`)).json();
  const stateOf = async (recipe: Recipe) => (await ask(recipe, "state")) as State;

  for (const recipe of RECIPES) {
    describe(recipe, () => {
      it("creates a user in the host's table, and knows them afterwards", async () => {
        const first = await arrive(recipe, "ada@customer.example");
        expect(first).to.include({ status: 200, outcome: "provisioned" });
        const again = await arrive(recipe, "ada@customer.example");
        expect(again).to.deep.equal({ ...first, outcome: "signed-in" });
        const { rows } = await stateOf(recipe);
        expect(rows.filter(({ id }) => String(id) === first.id)).to.have.length(1);
      });

      it("creates one user for ten browsers at the same time", async () => {
        const before = (await stateOf(recipe)).rows.length;
        const all = await Promise.all(
          Array.from({ length: 10 }, () => arrive(recipe, "bob@customer.example")),
        );
        expect(new Set(all.map(({ id }) => id)).size).to.equal(1);
        expect(all.filter(({ outcome }) => outcome === "provisioned")).to.have.length(1);
        expect((await stateOf(recipe)).rows).to.have.length(before + 1);
      });

      it("never takes more than the last two seats", async () => {
        const { used } = await stateOf(recipe);
        await ask(recipe, `limit?seats=${used + 2}`);
        const all = await Promise.all(
          Array.from({ length: 8 }, (_, index) => arrive(recipe, `p${index}@customer.example`)),
        );
        await ask(recipe, "limit");
        expect(all.filter(({ outcome }) => outcome === "provisioned")).to.have.length(2);
        expect(all.filter(({ status }) => status === 403)).to.have.length(6);
        expect((await stateOf(recipe)).used).to.equal(used + 2);
      });

      it("keeps nothing of a user whose access the database refuses", async () => {
        const before = (await stateOf(recipe)).rows.length;
        expect((await arrive(recipe, "eve@customer.example", "yes")).status).to.equal(500);
        expect((await stateOf(recipe)).rows).to.have.length(before);
        const { outcome } = await arrive(recipe, "eve@customer.example");
        expect(outcome).to.equal("provisioned");
      });

      it("leaves data that is consistent, in tables that are right", async () => {
        const { integrity, host: findings } = await stateOf(recipe);
        expect(integrity).to.deep.equal([]);
        expect(findings).to.deep.equal([]);
      });

      if (recipe !== "uuids" && recipe !== "mixed-case") {
        it("keeps the contract of a host's own directory", async () => {
          expect(await ask(recipe, "contract")).to.deep.equal({ broken: [] });
        });
      }
    });
  }

  it("memberships: admits nobody by a domain that another customer has proven", async () => {
    expect((await arrive("memberships", "ada@globex.example")).status).to.equal(403);
    const { rows } = await stateOf("memberships");
    expect(rows.filter(({ email }) => email === "ada@globex.example")).to.deep.equal([]);
  });

  it("mixed-case: the backfill reports collisions until they are settled, and keeps old users", async () => {
    const { rows, report } = await stateOf("mixed-case");
    expect(report).to.deep.equal({
      first: { filled: 1, invalid: [4], collisions: [[2, 3]] },
      early: "settle these users first: 2,3",
      second: { filled: 3, invalid: [4], collisions: [] },
    });
    const old = await arrive("mixed-case", "old@customer.example");
    expect(old).to.include({ status: 200, id: "1", outcome: "signed-in" });
    expect(rows.find(({ id }) => id === 1)).to.include({
      email: " Old@Customer.Example",
      role: "old",
    });
    expect((await arrive("mixed-case", "twin@customer.example")).id).to.equal("2");
  });
});
