import { hash } from "node:crypto";
import knexFactory from "knex";
import Koa from "koa";
import { createSamlJit } from "koa-saml-jit";

const { BASE_URL = "http://localhost:3000", PORT = "3000", ADMIN_TOKEN, COOKIE_KEY } = process.env;
if (!ADMIN_TOKEN || !COOKIE_KEY) throw new Error("ADMIN_TOKEN and COOKIE_KEY must be set");
const ADMIN = `Basic ${btoa(`admin:${ADMIN_TOKEN}`)}`;
const connection = { filename: process.env["DATABASE"] ?? "host.sqlite" };
const app = new Koa({ keys: [COOKIE_KEY] });

const saml = createSamlJit({
  baseUrl: BASE_URL,
  knex: knexFactory({ client: "sqlite3", connection, useNullAsDefault: true }),
  catalog: {
    roles: async () => [{ id: "member", name: "Member", licensed: true, privileged: false }],
    groupsByIds: async () => [],
    organizationsByIds: async () => [],
    searchGroups: async () => ({ items: [] }),
    searchOrganizations: async () => ({ items: [] }),
  },
  requireAdmin(ctx) {
    if (hash("sha256", ctx.get("Authorization")) === hash("sha256", ADMIN)) return { id: "admin" };
    return ctx.throw(401, "Sign in as admin.", { headers: { "WWW-Authenticate": "Basic" } });
  },
  signIn: (ctx, { user }) => void ctx.cookies.set("user", user.email, { signed: true }),
});

await saml.migrate();
app.use(saml.routes());
app.use((ctx) => {
  ctx.body = `Hello, ${ctx.cookies.get("user", { signed: true }) ?? "guest"}!\n`;
});
app.listen(Number(PORT), () => console.log(`Ready at ${BASE_URL}`));
