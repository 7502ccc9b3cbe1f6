/** A host with two plugins: staff and customers come from different identity providers. */
import Koa from "koa";
import { createSamlJit } from "koa-saml-jit";
import { baseUrl, catalog, listen, settings } from "./common.ts";

const app = new Koa({ keys: ["a key of the tests"] });
for (const who of ["staff", "customers"]) {
  const saml = createSamlJit({
    baseUrl,
    prefix: `/${who}/saml`,
    storage: "memory",
    catalog,
    requireAdmin: () => undefined,
    signIn: (ctx, { user, outcome }) => {
      ctx.cookies.set(who, `${user.id}:${user.email}:${outcome}`, { signed: true });
    },
  });
  // The customers' connection is saved by a test, or nobody gets in there.
  if (who === "staff") await saml.saveSettings("default", settings, "start");
  app.use(saml.routes());
}
app.use((ctx) => {
  const of = (who: string) => ctx.cookies.get(who, { signed: true }) ?? "nobody";
  ctx.body = `staff ${of("staff")}, customers ${of("customers")}`;
});
listen(app);
