/**
 * Starts Strapi without its admin panel, which need not be built then. Besides Strapi's own variables
 * (config/), the environment has
 *
 *   BASE_URL      where browsers reach this server
 *   FRONTEND_URL  where they are led after a sign-in, with `#jwt=…`
 *   ADMIN_TOKEN   the password of `admin` on /saml/settings/page
 */
const { mkdirSync } = require("node:fs");
const { join } = require("node:path");
const { createStrapi } = require("@strapi/strapi");

mkdirSync(join(__dirname, "public", "uploads"), { recursive: true }); // Strapi insists
createStrapi({ appDir: __dirname, distDir: __dirname, serveAdminPanel: false }).start();
