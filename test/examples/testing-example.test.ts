import { once } from "node:events";
import { expect } from "chai";
import Koa from "koa";
import { createSamlJit } from "koa-saml-jit";
import { makeMemoryCatalog, makeMemoryStores, makeSigningIdp } from "koa-saml-jit/testing";
import { describe, it } from "mocha";

const roles = [{ id: "member", name: "Member", licensed: true, privileged: false }];
const catalog = makeMemoryCatalog({ roles, groups: [], organizations: [] });
const baseUrl = "http://app.example";

describe("signing in to our platform", () => {
  it("gives somebody new an account", async () => {
    const idp = makeSigningIdp();
    const saml = createSamlJit({
      baseUrl,
      storage: makeMemoryStores(),
      catalog,
      requireAdmin: () => undefined,
      signIn: (ctx, { user, how }) => {
        ctx.body = `${user.email} ${how}`;
      },
    });
    const settings = {
      enabled: true,
      connection: idp.connection(),
      email: { source: { kind: "automatic" } },
      autoProvisioning: {
        enabled: true,
        role: "member",
        organizations: { kind: "selected", ids: [] },
      },
    };
    await saml.saveSettings("default", settings, "test");

    const server = new Koa({ keys: ["test"] }).use(saml.routes()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const form = idp.form({
      acsUrl: `${baseUrl}/saml/acs`,
      audience: `${baseUrl}/saml/metadata`,
      email: "ada@customer.example",
    });
    const body = new URLSearchParams({ ...form });
    const response = await fetch(`http://127.0.0.1:${port}/saml/acs`, { method: "POST", body });
    expect(await response.text()).to.equal("ada@customer.example provisioned");
    server.close();
  });
});
