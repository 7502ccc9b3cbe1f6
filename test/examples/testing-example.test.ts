import { expect } from "chai";
import Koa from "koa";
import { createSamlJit, type SamlJitOptions } from "koa-saml-jit";
import {
  connectTestIdp,
  makeFixedClock,
  makeMemoryCatalog,
  makeMemoryStores,
  type TestConnection,
} from "koa-saml-jit/testing";
import { after, before, describe, it } from "mocha";

const baseUrl = "https://app.example";

// Stands for your platform: what differs in tests, it is given.
function makePlatform(outside: Pick<SamlJitOptions, "storage" | "catalog" | "clock">) {
  const saml = createSamlJit({
    baseUrl,
    ...outside,
    requireAdmin: () => undefined,
    signIn: (ctx, { user }) => void ctx.cookies.set("user", user.email, { signed: true }),
  });
  const app = new Koa({ keys: ["a key"], proxy: true });
  app.use(saml.routes());
  app.use((ctx) => {
    ctx.body = `Hello, ${ctx.cookies.get("user", { signed: true }) ?? "guest"}!`;
  });
  return { app, saml };
}

describe("single sign-on to our platform", () => {
  const roles = [{ id: "member", name: "Member", licensed: true, privileged: false }];
  const catalog = makeMemoryCatalog({ roles, groups: [], organizations: [] });
  const storage = makeMemoryStores();
  const clock = makeFixedClock();
  let sso: TestConnection;
  before(async () => {
    const { app, saml } = makePlatform({ storage, catalog, clock });
    sso = await connectTestIdp({ app, saml, baseUrl, clock, newUsers: { role: "member" } });
  });
  after(() => sso.close());

  it("provisions a new user", async () => {
    const page = await sso.visitor().fromTile("ada@customer.example");
    expect(await page.text()).to.equal("Hello, ada@customer.example!");
    expect(storage.userByEmail("default", "ada@customer.example")?.role).to.equal("member");
  });

  it("refuses a suspended user", async () => {
    storage.seedUser("default", { email: "eve@customer.example", state: "suspended" });
    const page = await sso.visitor().fromTile("eve@customer.example");
    expect(page.status).to.equal(403);
  });

  it("brings people back to where they were", async () => {
    const page = await sso.visitor().fromLogin("ada@customer.example", "/reports?year=2026");
    expect(await page.text()).to.contain("ada@customer.example");
  });

  it("refuses a response that is an hour old", async () => {
    const response = { now: clock.now() - 60 * 60 * 1000 };
    const page = await sso.visitor().fromTile("bob@customer.example", response);
    expect(page.status).to.equal(403);
  });
});
