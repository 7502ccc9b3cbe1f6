import Router from "@koa/router";
import { expect } from "chai";
import Koa, { type Middleware } from "koa";
import mount from "koa-mount";
import KoaRouter7 from "koa-router-7";
import KoaRouter12 from "koa-router-12";
import { afterEach, describe, it } from "mocha";
import { createSamlJit, type SamlJit } from "../../src/mod.ts";
import { connectTestIdp, makeMemoryCatalog, type TestConnection } from "../../src/testing/mod.ts";

const roles = [{ id: "member", name: "Member", licensed: true, privileged: false }];

const hello: Middleware = (ctx) => {
  ctx.body = `${ctx.path}: ${ctx.cookies.get("user", { signed: true }) ?? "nobody"}`;
};

interface Mount {
  /** Path of the base URL. */
  readonly path: string;
  add(app: Koa, saml: SamlJit): void;
}

/** A regular expression means the same to every router. */
const BELOW = /^\/saml(?:\/|$)/;

/** By one of the older routers, against their own types. */
const inRouter = (OlderRouter: typeof KoaRouter7): Mount => ({
  path: "",
  add: (app, saml) => {
    const router = new OlderRouter();
    router.all(BELOW, saml.routes()).get(/.*/, hello);
    app.use(router.routes()).use(router.allowedMethods());
  },
});

const MOUNTS: Readonly<Record<string, Mount>> = {
  "by koa-mount": {
    path: "/portal",
    add: (app, saml) => app.use(mount("/portal", saml.routes())).use(mount("/portal", hello)),
  },
  "in an application under koa-mount": {
    path: "/portal",
    add: (app, saml) => app.use(mount("/portal", new Koa().use(saml.routes()).use(hello))),
  },
  "in @koa/router, by router.all": {
    path: "",
    add: (app, saml) => {
      const router = new Router();
      router.all(BELOW, saml.routes()).get(/.*/, hello);
      app.use(router.routes()).use(router.allowedMethods());
    },
  },
  "in koa-router 12, by router.all": inRouter(KoaRouter12),
  "in koa-router 7, by router.all": inRouter(KoaRouter7),
};

describe("a host that mounts the plugin", () => {
  let connection: TestConnection | undefined;
  afterEach(() => connection?.close());

  for (const [how, { path, add }] of Object.entries(MOUNTS)) {
    it(`${how}: signs in, serves the settings, and leaves the rest to the host`, async () => {
      const baseUrl = `https://app.example${path}`;
      const saml = createSamlJit({
        baseUrl,
        storage: "memory",
        catalog: makeMemoryCatalog({ roles, groups: [], organizations: [] }),
        requireAdmin: () => ({ id: "admin" }),
        signIn: (ctx, { user }) => void ctx.cookies.set("user", user.email, { signed: true }),
      });
      const app = new Koa({ keys: ["a key"], proxy: true });
      add(app, saml);
      connection = await connectTestIdp({ app, saml, baseUrl, newUsers: { role: "member" } });

      const visitor = connection.visitor();
      const page = await visitor.fromLogin("ada@customer.example", `${path}/me`);
      expect(await page.text()).to.equal("/me: ada@customer.example");
      const tile = await connection.visitor().fromTile("bob@customer.example");
      expect(await tile.text()).to.equal("/: bob@customer.example");

      const settings = await visitor.request("/saml/settings/page");
      expect(settings.status).to.equal(200);
      const assets = [...(await settings.text()).matchAll(/"([^"]*\/assets\/[^"]+)"/g)];
      expect(assets).to.have.length(2);
      for (const [, asset = ""] of assets) {
        const below = new URL(asset, baseUrl).pathname.slice(path.length);
        expect((await visitor.request(below)).status).to.equal(200);
      }
      const put = await visitor.request("/saml/settings", {
        method: "PUT",
        headers: { "content-type": "application/json", "if-match": '"1"' },
        body: "{}",
      });
      expect((await put.json()).code).to.equal("settings-invalid");
      expect((await visitor.request("/saml/login", { method: "DELETE" })).status).to.equal(405);
      expect(await (await visitor.request("/samly")).text()).to.equal(
        "/samly: ada@customer.example",
      );
    });
  }
});
