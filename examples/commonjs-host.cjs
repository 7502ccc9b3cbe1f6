/** A CommonJS platform: `require` takes the package on every Node that it runs on (20.19 and later). */
const { timingSafeEqual } = require("node:crypto");
const knexFactory = require("knex");
const Koa = require("koa");
const { createSamlJit } = require("koa-saml-jit");

const { BASE_URL = "http://localhost:3000", PORT = "3000", ADMIN_TOKEN, COOKIE_KEY } = process.env;
if (!ADMIN_TOKEN || !COOKIE_KEY) throw new Error("ADMIN_TOKEN and COOKIE_KEY must be set");
const ADMIN = Buffer.from(`Basic ${Buffer.from(`admin:${ADMIN_TOKEN}`).toString("base64")}`);

// A function, for CommonJS has no `await` outside of one.
async function main() {
  const app = new Koa({ keys: [COOKIE_KEY] });
  const connection = { filename: process.env.DATABASE ?? "host.sqlite" };
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
      const given = Buffer.from(ctx.get("Authorization"));
      if (given.length === ADMIN.length && timingSafeEqual(given, ADMIN)) return { id: "admin" };
      ctx.throw(401, "Sign in as admin.", { headers: { "WWW-Authenticate": "Basic" } });
    },
    signIn(ctx, { user }) {
      ctx.cookies.set("user", user.email, { signed: true });
    },
  });
  await saml.migrate();
  app.use(saml.routes());
  app.use((ctx) => {
    ctx.body = `Hello, ${ctx.cookies.get("user", { signed: true }) ?? "guest"}!\n`;
  });
  app.listen(Number(PORT), () => console.log(`Ready at ${BASE_URL}`));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
