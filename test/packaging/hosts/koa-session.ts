/** A host whose sessions are koa-session's. */
import Koa from "koa";
import { createSamlJit } from "koa-saml-jit";
import session from "koa-session";
import { baseUrl, catalog, listen, settings } from "./common.ts";

const app = new Koa({ keys: ["a key of the tests"] });
app.use(session(app));

const saml = createSamlJit({
  baseUrl,
  storage: "memory",
  catalog,
  requireAdmin: () => undefined,
  signIn: (ctx, { user }) => {
    ctx["session"] = { email: user.email };
  },
});
await saml.saveSettings("default", settings, "start");

app.use(saml.routes());
app.use((ctx) => {
  const { session: mine } = ctx;
  ctx.body = `${mine.email ?? "nobody"}, ${mine.basket ?? "no basket"}`;
  if (ctx.path === "/buy") mine.basket = "a basket";
});
listen(app);
