/** A host that a reverse proxy serves under a path, which it strips. */
import Koa from "koa";
import { createSamlJit } from "koa-saml-jit";
import { baseUrl, catalog, listen, settings } from "./common.ts";

const app = new Koa({ keys: ["a key of the tests"], proxy: true });
const saml = createSamlJit({
  baseUrl,
  storage: "memory",
  catalog,
  requireAdmin: () => undefined,
  signIn: (ctx, { user }) => {
    ctx.cookies.set("user", user.email, { signed: true });
  },
});
await saml.saveSettings("default", settings, "start");

app.use(saml.routes());
app.use((ctx) => {
  ctx.body = `${ctx.path}: ${ctx.cookies.get("user", { signed: true }) ?? "nobody"}`;
});
listen(app);
