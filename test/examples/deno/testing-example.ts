import assert from "node:assert/strict";
import Koa from "koa";
import { createSamlJit } from "koa-saml-jit";
import { connectTestIdp, makeMemoryCatalog } from "koa-saml-jit/testing";

const roles = [{ id: "member", name: "Member", licensed: true, privileged: false }];
const baseUrl = "https://app.example";
const saml = createSamlJit({
  baseUrl,
  storage: "memory",
  catalog: makeMemoryCatalog({ roles, groups: [], organizations: [] }),
  requireAdmin: () => undefined,
  signIn: (ctx, { user, outcome }) => {
    ctx.body = `${user.email} ${outcome}`;
  },
});
const app = new Koa({ keys: ["a key"] }).use(saml.routes());

Deno.test("provisions a new user", async () => {
  const sso = await connectTestIdp({ app, saml, baseUrl, newUsers: { role: "member" } });
  const page = await sso.visitor().fromTile("ada@customer.example");
  assert.equal(await page.text(), "ada@customer.example provisioned");
  await sso.close();
});
