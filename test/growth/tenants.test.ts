import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import type { ResponseOptions } from "../../src/testing/signing-idp.ts";
import { formFor, requestIdIn } from "../support/arrivals.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

type Tenant = "red" | "blue";
const ADA = "ada@customer.example";

interface Entry {
  readonly id: string;
  readonly reference: string;
  readonly outcome: string;
  readonly email?: string;
}

for (const { name, create } of DATABASES) {
  describe(`two tenants in one ${name}, with one identity provider`, () => {
    let database: TestDatabase;
    let host: TestHost;
    before(async () => {
      database = await create();
      host = await startHost({
        knex: database.knex,
        prefix: "/t/:tenant/saml",
        resolveTenant: (ctx) => ctx.params["tenant"],
      });
      await host.saml.migrate();
      for (const tenant of ["red", "blue"]) {
        await host.saml.saveSettings(tenant, openSettings(host), "set-up");
      }
      expect(await arrive("red", ADA)).to.equal(303);
    });
    after(async () => {
      await host.stop();
      await database.drop();
    });

    const base = (tenant: Tenant) => `${host.baseUrl}/t/${tenant}/saml`;
    const get = async (tenant: Tenant, path: string) =>
      (await (await fetch(`${base(tenant)}/settings${path}`)).json()) as Record<string, unknown>;
    const arrive = async (
      tenant: Tenant,
      email: string,
      more: Partial<ResponseOptions> = {},
      browser: Browser = makeBrowser(),
    ) => {
      const form = formFor(host, email, more, base(tenant));
      return (await browser.post(`${base(tenant)}/acs`, form)).status;
    };
    const usersOf = (tenant: Tenant) => database.knex("saml_jit_users").where({ tenant });
    const entriesOf = async (tenant: Tenant, query = "") =>
      (await get(tenant, `/audit${query}`))["entries"] as readonly Entry[];

    it("refuses a response to the other's URL or for the other's audience", async () => {
      for (const other of [
        { acsUrl: `${base("red")}/acs` },
        { audience: `${base("red")}/metadata` },
        { acsUrl: `${base("red")}/acs`, audience: `${base("red")}/metadata` },
      ]) {
        expect(await arrive("blue", ADA, other), JSON.stringify(other)).to.equal(403);
      }
      expect(await usersOf("blue")).to.deep.equal([]);
    });

    it("a login request is answered only where it was made, and is not used up elsewhere", async () => {
      const browser = makeBrowser();
      const inResponseTo = requestIdIn(await browser.get(`${base("red")}/login`));
      expect(await arrive("blue", ADA, { inResponseTo }, browser)).to.equal(403);
      expect(await usersOf("blue")).to.deep.equal([]);
      expect(await arrive("red", ADA, { inResponseTo }, browser)).to.equal(303);
    });

    it("an assertion ID that one has seen is new to the other", async () => {
      const assertionId = "_the-same-id";
      expect(await arrive("red", ADA, { assertionId })).to.equal(303);
      expect(await arrive("blue", "bob@customer.example", { assertionId })).to.equal(303);
      expect(await arrive("blue", "bob@customer.example", { assertionId })).to.equal(403);
    });

    it("an administrator sees users, seats and receipts of their own tenant only", async () => {
      const preview = async (tenant: Tenant, email: string) => {
        const response = await fetch(`${base(tenant)}/settings/preview`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ email }),
        });
        return ((await response.json()) as { decision: string }).decision;
      };
      expect(await preview("red", ADA)).to.equal("sign-in");
      expect(await preview("blue", ADA)).to.equal("provision");
      expect(await get("red", "/license-usage")).to.include({ used: 1, usedByJit: 1 });
      const [ada] = await usersOf("red");
      expect(await host.saml.receipt("red", ada.id)).to.include({ nameId: ADA });
      expect(await host.saml.receipt("blue", ada.id)).to.equal(undefined);
    });

    it("neither references, nor addresses, nor cursors open the other's audit trail", async () => {
      const [newest] = await entriesOf("red", "?outcome=provisioned");
      expect(newest?.email).to.equal(ADA);
      expect(await entriesOf("red", `?reference=${newest?.reference}`)).to.have.length(1);
      expect(await entriesOf("blue", `?reference=${newest?.reference}`)).to.deep.equal([]);
      expect(await entriesOf("blue", `?email=${ADA}&outcome=provisioned`)).to.deep.equal([]);
      const ofRed = new Set((await entriesOf("red")).map(({ id }) => id));
      for (const cursor of ofRed) {
        const page = await entriesOf("blue", `?after=${cursor}`);
        expect(page.filter(({ id }) => ofRed.has(id))).to.deep.equal([]);
      }
    });

    it("settings that one saves change nothing for the other", async () => {
      const before = await get("blue", "");
      await host.saml.saveSettings("red", openSettings(host, { enabled: false }), "admin");
      expect(await get("blue", "")).to.deep.equal(before);
      expect(await arrive("red", ADA)).to.equal(403);
      expect(await arrive("blue", "bob@customer.example")).to.equal(303);
      await host.saml.saveSettings("red", openSettings(host), "admin");
    });

    it("a user suspended here is independent there", async () => {
      await usersOf("red").where({ email: ADA }).update({ state: "suspended" });
      expect(await arrive("red", ADA)).to.equal(403);
      expect(await arrive("blue", ADA)).to.equal(303);
      expect(await usersOf("red")).to.have.length(1);
      expect(await host.saml.checkIntegrity()).to.deep.equal([]);
    });
  });
}
