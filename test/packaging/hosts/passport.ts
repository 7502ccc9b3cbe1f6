/** A host whose sessions are Passport's: single sign-on logs in as its other strategies do. */
import Koa from "koa";
import passport from "koa-passport";
import { createSamlJit } from "koa-saml-jit";
import session from "koa-session";
import { baseUrl, catalog, listen, settings } from "./common.ts";

const people = new Map<string, { readonly email: string }>();
passport.serializeUser<string>((user, done) => done(null, (user as { email: string }).email));
passport.deserializeUser<string>((email, done) => done(null, people.get(email) ?? false));

const app = new Koa({ keys: ["a key of the tests"] });
app.use(session(app));
app.use(passport.initialize());
app.use(passport.session());

const saml = createSamlJit({
  baseUrl,
  storage: "memory",
  catalog,
  requireAdmin: () => undefined,
  signIn: async (ctx, { user }) => {
    people.set(user.email, { email: user.email });
    await ctx["login"]({ email: user.email });
  },
});
await saml.saveSettings("default", settings, "start");

app.use(saml.routes());
app.use((ctx) => {
  ctx.body = ctx.isAuthenticated() ? (ctx.state["user"] as { email: string }).email : "nobody";
});
listen(app);
