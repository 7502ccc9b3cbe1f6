import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import Koa from "koa";
import { describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { createSamlJit } from "../../src/mod.ts";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { DATABASES } from "../support/databases.ts";
import { LISTS, openSettings } from "../support/host.ts";
import { routeToShards } from "./sharding-example.ts";

describe("tenants divided among two databases", () => {
  it("sign in at their own, and leave no row in the other", async () => {
    const idp = makeSigningIdp();
    const databases = await Promise.all([DATABASES[0]!.create(), DATABASES[0]!.create()]);
    const app = new Koa();
    app.keys = ["a key of the tests"];
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const shards = databases.map(({ knex }) =>
      createSamlJit({
        knex,
        baseUrl,
        prefix: "/t/:tenant/saml",
        resolveTenant: (ctx) => ctx.params["tenant"],
        catalog: makeMemoryCatalog(LISTS),
        requireAdmin: () => undefined,
        signIn: () => undefined,
      }),
    );
    app.use(routeToShards(shards, (tenant) => (tenant === "acme" ? 0 : 1)).routes());
    server.on("request", app.callback());
    try {
      for (const [index, tenant] of ["acme", "globex"].entries()) {
        await shards[index]!.migrate();
        await shards[index]!.saveSettings(tenant, openSettings({ idp }), "set-up");
        const base = `${baseUrl}/t/${tenant}/saml`;
        const form = idp.form({
          acsUrl: `${base}/acs`,
          audience: `${base}/metadata`,
          email: `ada@${tenant}.example`,
        });
        const response = await fetch(`${base}/acs`, {
          method: "POST",
          body: new URLSearchParams({ ...form }),
          redirect: "manual",
        });
        expect(response.status).to.equal(303);
      }
      for (const [index, tenant] of ["acme", "globex"].entries()) {
        const tenants = await databases[index]!.knex("saml_jit_users").pluck("tenant");
        expect(tenants).to.deep.equal([tenant]);
      }
    } finally {
      server.close();
      for (const database of databases) await database.drop();
    }
  });
});
