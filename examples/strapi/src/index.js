/** A Strapi platform whose users sign in through SAML: the plugin is mounted into its Koa server. */
const { timingSafeEqual } = require("node:crypto");
const { createSamlJit } = require("koa-saml-jit");
const users = require("./users");

const ROLE = "plugin::users-permissions.role";

function makeSaml(strapi) {
  const { BASE_URL, FRONTEND_URL, ADMIN_TOKEN } = process.env;
  if (!ADMIN_TOKEN) throw new Error("ADMIN_TOKEN must be set");
  const admin = Buffer.from(`Basic ${Buffer.from(`admin:${ADMIN_TOKEN}`).toString("base64")}`);
  return createSamlJit({
    baseUrl: BASE_URL,
    knex: strapi.db.connection,
    users,
    catalog: {
      roles: async () => {
        const roles = await strapi.db.query(ROLE).findMany({ where: { type: { $ne: "public" } } });
        return roles.map(({ id, name }) => ({
          id: String(id),
          name,
          licensed: true,
          privileged: false,
        }));
      },
      groupsByIds: async () => [],
      organizationsByIds: async () => [],
      searchGroups: async () => ({ items: [] }),
      searchOrganizations: async () => ({ items: [] }),
    },
    requireAdmin(ctx) {
      const given = Buffer.from(ctx.get("Authorization"));
      if (given.length === admin.length && timingSafeEqual(given, admin)) return { id: "admin" };
      ctx.throw(401, "Sign in as admin.", { headers: { "WWW-Authenticate": "Basic" } });
    },
    async signIn(ctx, { user }) {
      const jwt = strapi.plugin("users-permissions").service("jwt").issue({ id: Number(user.id) });
      ctx.redirect(`${FRONTEND_URL}#jwt=${jwt}`); // browsers send the fragment to no server
    },
  });
}

module.exports = {
  async bootstrap({ strapi }) {
    // Strapi's own table has none: without it, two first sign-ins create two users.
    await strapi.db.connection.raw(
      "CREATE UNIQUE INDEX IF NOT EXISTS up_users_email_key ON up_users (email)",
    );
    const saml = makeSaml(strapi);
    await saml.migrate();
    // Before Strapi's router, which is added when the server begins to listen.
    strapi.server.use(saml.routes());
  },
};
