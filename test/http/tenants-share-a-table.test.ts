import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import Koa from "koa";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import {
  makeMemoryCatalog,
  makeMemoryLogger,
} from "../../src/adapters/memory/memory-environment.ts";
import {
  asValue,
  createSamlJit,
  type HostUsers,
  type SamlJit,
  type SamlJitOptions,
  type SignInEvent,
} from "../../src/mod.ts";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { requestIdIn } from "../support/arrivals.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { LISTS, openSettings } from "../support/host.ts";
import { createPeople, PEOPLE } from "../support/people.ts";

const TENANTS = ["red", "blue"] as const;
type Tenant = (typeof TENANTS)[number];

/** How a host tells its customers apart. */
interface Way {
  readonly name: string;
  /** Options of each instance. */
  readonly instances: readonly Partial<SamlJitOptions>[];
  /** Public base URL of a customer's routes. */
  base(tenant: Tenant): string;
  instanceOf(tenant: Tenant, all: readonly SamlJit[]): SamlJit;
}

const known: SamlJitOptions["resolveTenant"] = (ctx) =>
  TENANTS.find((name) => name === ctx.params["tenant"]);

const WAYS: readonly Way[] = [
  {
    name: "by path",
    instances: [{ baseUrl: "http://app.test", prefix: "/t/:tenant/saml", resolveTenant: known }],
    base: (tenant) => `http://app.test/t/${tenant}/saml`,
    instanceOf: (_tenant, [only]) => only!,
  },
  {
    name: "by host name",
    instances: [{ baseUrl: "http://:tenant.app.test", resolveTenant: known }],
    base: (tenant) => `http://${tenant}.app.test/saml`,
    instanceOf: (_tenant, [only]) => only!,
  },
  {
    name: "by instance",
    instances: TENANTS.map((tenant) => ({
      baseUrl: "http://app.test",
      prefix: `/${tenant}/saml`,
      tenant,
    })),
    base: (tenant) => `http://app.test/${tenant}/saml`,
    instanceOf: (tenant, all) => all[TENANTS.indexOf(tenant)]!,
  },
];

const hostUsers: HostUsers = {
  ...PEOPLE,
  columns: { ...PEOPLE.columns, tenant: { name: "customer", type: "text" } },
};

const idp = makeSigningIdp();

for (const way of WAYS) {
  describe(`two customers over one table of users, ${way.name}`, () => {
    let database: TestDatabase;
    let server: Server;
    let listensAt: string;
    let all: readonly SamlJit[];
    let limit: number | undefined;
    const signedIn: SignInEvent[] = [];

    before(async () => {
      database = await DATABASES[0]!.create();
      await createPeople(database.knex, (table) => {
        table.string("customer");
        table.unique(["customer", "mail"]);
      });
      const app = new Koa({ keys: ["a key of the tests"], proxy: true });
      app.silent = true;
      all = way.instances.map((options) =>
        createSamlJit({
          baseUrl: "",
          knex: database.knex,
          hostUsers,
          catalog: makeMemoryCatalog(LISTS),
          logger: makeMemoryLogger(),
          requireAdmin: () => ({ id: "root" }),
          licenseLimit: () => limit,
          signIn: (_ctx, event) => {
            signedIn.push(event);
          },
          ...options,
        }),
      );
      for (const saml of all) {
        await saml.migrate();
        app.use(saml.routes());
      }
      for (const tenant of TENANTS) {
        await way.instanceOf(tenant, all).saveSettings(tenant, openSettings({ idp }), "set-up");
      }
      server = createServer(app.callback()).listen(0, "127.0.0.1");
      await once(server, "listening");
      listensAt = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    beforeEach(() => {
      limit = undefined;
    });
    afterEach(async () => {
      signedIn.length = 0;
      for (const table of ["people", "teams", "sites"]) await database.knex(table).delete();
    });
    after(async () => {
      server.close();
      server.closeAllConnections();
      await database.drop();
    });

    const reach = (publicUrl: string) => {
      const { host, pathname, search } = new URL(publicUrl);
      return [`${listensAt}${pathname}${search}`, { "X-Forwarded-Host": host }] as const;
    };
    const get = (url: string, browser: Browser = makeBrowser()) => browser.get(...reach(url));
    const arrive = (
      at: Tenant,
      email: string,
      {
        madeOutTo = at,
        browser = makeBrowser(),
        inResponseTo = undefined as string | undefined,
      } = {},
    ) => {
      const base = way.base(madeOutTo);
      const form = idp.form({
        acsUrl: `${base}/acs`,
        audience: `${base}/metadata`,
        email,
        ...(inResponseTo === undefined ? {} : { inResponseTo }),
      });
      const [url, headers] = reach(`${way.base(at)}/acs`);
      return browser.post(url, { ...form }, headers);
    };
    const people = (customer: Tenant) =>
      database.knex("people").where({ customer }).select("id", "mail", "state");
    const add = (customer: Tenant, mail: string, state = "on") =>
      database.knex("people").insert({ customer, mail, role: "editor", state });

    it("makes each customer a user of their own for the same address", async () => {
      for (const tenant of TENANTS) {
        expect((await arrive(tenant, "ada@mail.example")).status).to.equal(303);
      }
      expect(signedIn.map(({ tenant }) => tenant)).to.deep.equal(TENANTS);
      expect(new Set(signedIn.map(({ user }) => user.id)).size).to.equal(2);
      expect(await people("red")).to.have.length(1);
      expect(await people("blue")).to.have.length(1);
    });

    it("never signs in another customer's user", async () => {
      await add("red", "ada@mail.example");
      await arrive("blue", "ada@mail.example");
      const [own] = await people("blue");
      expect(signedIn).to.have.length(1);
      expect(signedIn[0]?.user.id).to.equal(String(own.id));
      expect(signedIn[0]?.outcome).to.equal("provisioned");
    });

    it("does not mistake a suspension at one customer for one at the other", async () => {
      await add("red", "ada@mail.example", "off");
      expect((await arrive("red", "ada@mail.example")).status).to.equal(403);
      expect((await arrive("blue", "ada@mail.example")).status).to.equal(303);
      expect((await people("red"))[0].state).to.equal("off");
    });

    it("counts nobody else's seats", async () => {
      limit = 1;
      await add("red", "first@mail.example");
      expect((await arrive("red", "ada@mail.example")).status).to.equal(403);
      expect((await arrive("blue", "ada@mail.example")).status).to.equal(303);
      for (const tenant of TENANTS) {
        const { used } = await way.instanceOf(tenant, all).licenseUsage(tenant);
        expect(used).to.equal(1);
      }
    });

    it("refuses a response that is made out to the other", async () => {
      const response = await arrive("blue", "ada@mail.example", { madeOutTo: "red" });
      expect(response.status).to.equal(403);
      expect(await people("blue")).to.deep.equal([]);
      expect(signedIn).to.deep.equal([]);
    });

    it("refuses the answer to a login request that began at the other", async () => {
      const browser = makeBrowser();
      const inResponseTo = requestIdIn(await get(`${way.base("red")}/login`, browser));
      const answer = await arrive("blue", "ada@mail.example", { browser, inResponseTo });
      expect(answer.status).to.equal(403);
      expect(signedIn).to.deep.equal([]);
    });

    it("publishes metadata of each customer's own", async () => {
      for (const tenant of TENANTS) {
        const metadata = await (await get(`${way.base(tenant)}/metadata`)).text();
        expect(metadata).to.contain(`entityID="${way.base(tenant)}/metadata"`);
        expect(metadata).to.contain(`Location="${way.base(tenant)}/acs"`);
      }
    });

    it("shows administrators their own customer's users, activity and settings only", async () => {
      await arrive("red", "ada@red.example");
      await arrive("blue", "bob@blue.example");
      const other = { red: "bob@blue.example", blue: "ada@red.example" } as const;
      const own = { red: "ada@red.example", blue: "bob@blue.example" } as const;
      const shown = async (tenant: Tenant, path: string) => {
        const [url, headers] = reach(`${way.base(tenant)}${path}`);
        return (await fetch(url, { headers })).text();
      };
      for (const tenant of TENANTS) {
        for (const path of [
          "/settings/audit",
          "/settings/audit/export?format=csv",
          "/settings/receipts",
          "/settings/page/activity",
          "/settings/page/users",
        ]) {
          const text = await shown(tenant, path);
          expect(text, `${tenant} ${path}`).to.contain(own[tenant]);
          expect(text, `${tenant} ${path}`).not.to.contain(other[tenant]);
        }
      }
      const saml = way.instanceOf("red", all);
      const [ofBlue] = await people("blue");
      expect(await saml.receipt("red", String(ofBlue.id))).to.equal(undefined);
      const changed = openSettings({ idp }, { enabled: false });
      await saml.saveSettings("red", changed, "ops");
      const settings = JSON.parse(await shown("blue", "/settings"));
      expect(settings.enabled).to.equal(true);
      await saml.saveSettings("red", openSettings({ idp }), "ops");
    });

    it("takes settings from a page of that customer only", async () => {
      const put = async (origin: string) => {
        const [url, headers] = reach(`${way.base("red")}/settings`);
        const init = { method: "PUT", body: "{}", headers: { ...headers, Origin: origin } };
        return ((await (await fetch(url, init)).json()) as { code: string }).code;
      };
      const { origin } = new URL(way.base("red"));
      expect(await put(origin)).not.to.equal("cross-site");
      for (const foreign of [
        "http://evil.test",
        "http://green.app.test",
        "http://:tenant.app.test",
      ]) {
        expect(await put(foreign), foreign).to.equal("cross-site");
      }
      const { origin: other } = new URL(way.base("blue"));
      if (other !== origin) expect(await put(other)).to.equal("cross-site");
    });

    if (way.name === "by instance") {
      it("serves one customer only, whatever replaces the part that finds the tenant", async () => {
        const saml = createSamlJit({
          baseUrl: "http://app.test",
          prefix: "/red/saml",
          tenant: "red",
          knex: database.knex,
          hostUsers,
          catalog: makeMemoryCatalog(LISTS),
          logger: makeMemoryLogger(),
          requireAdmin: () => undefined,
          signIn: () => undefined,
          override: (container) => {
            container.register(
              "resolveTenant",
              asValue(() => "blue"),
            );
          },
        });
        const other = createServer(
          new Koa({ keys: ["a key of the tests"] }).use(saml.routes()).callback(),
        ).listen(0, "127.0.0.1");
        await once(other, "listening");
        const { port } = other.address() as AddressInfo;
        const response = await fetch(`http://127.0.0.1:${port}/red/saml/metadata`);
        expect(response.status).to.equal(404);
        await response.body?.cancel();
        other.close();
        other.closeAllConnections();
      });

      it("serves one customer only, from code too", async () => {
        const red = way.instanceOf("red", all);
        const calls = [
          () => red.readSettings("blue"),
          () => red.saveSettings("blue", openSettings({ idp }), "set-up"),
          () => red.licenseUsage("blue"),
          () => red.receipt("blue", "1"),
          () => red.passwordAllowed("blue", "ada@mail.example"),
          () => red.health(["blue"]),
        ];
        for (const call of calls) {
          const error = await call().then(
            () => undefined,
            (caught: unknown) => caught,
          );
          expect(error).to.be.instanceOf(TypeError).with.property("message").that.contains("red");
        }
      });
    }

    if (way.name === "by host name") {
      it("finds a customer by the whole name, in any case", async () => {
        for (const [host, status] of [
          ["red.app.test", 200],
          ["RED.App.Test:8080", 200],
          ["app.test", 404],
          [".app.test", 404],
          ["red.app.test.", 404],
          ["a.red.app.test", 404],
          ["redapp.test", 404],
          ["red.abc.test", 404],
          ["redXapp.test", 404],
          ["red.app.test.evil.test", 404],
          ["red.app.tes", 404],
          ["-red.app.test", 404],
          ["nobody.app.test", 404],
          ["127.0.0.1", 404],
        ] as const) {
          const [url] = reach(`${way.base("red")}/metadata`);
          const response = await fetch(url, { headers: { "X-Forwarded-Host": host } });
          expect(response.status, host).to.equal(status);
          if (status === 404) expect(await response.json()).to.include({ code: "tenant-unknown" });
        }
      });

      it("shows no link that leads elsewhere where the name is no customer's", async () => {
        const response = await makeBrowser().get(`${listensAt}/saml/login`, {
          "X-Forwarded-Host": "evil.test",
        });
        expect(response.status).to.equal(404);
        expect(await response.text()).not.to.contain("evil.test");
      });
    }
  });
}
