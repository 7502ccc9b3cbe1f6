import Koa from "koa";
import { createSession } from "koa-session";
import { makeMemoryCatalog } from "../../../src/adapters/memory/memory-environment.ts";
import type { IdentityProvider } from "../../../src/domain/settings.ts";
import { createSamlJit } from "../../../src/mod.ts";
import { LISTS } from "../../../test/support/host.ts";
import type { MakeContestant } from "../contestant.ts";
import { openKnex } from "../open-knex.ts";

/** Our own plugin as a host would mount it, with a session in a signed cookie. */
export const make: MakeContestant = async ({ origin, idp, database, secondReading }) => {
  const knex = await openKnex(database);
  const app = new Koa();
  app.keys = ["a key of the bench"];
  app.use(createSession({ sameSite: "lax" }, app));
  const saml = createSamlJit({
    baseUrl: origin,
    knex,
    catalog: makeMemoryCatalog(LISTS),
    requireAdmin: () => undefined,
    secondReading,
    logger: { info: () => {}, warn: () => {}, error: console.error },
    signIn: (ctx, { user }) => {
      ctx["session"] = { userId: user.id };
    },
  });
  await saml.migrate();
  await saml.saveSettings("default", settingsWith(idp.connection), "bench");
  app.use(saml.routes());
  return {
    handler: app.callback(),
    acsUrl: `${origin}/saml/acs`,
    audience: `${origin}/saml/metadata`,
    landing: "/",
    countPeople: async () => {
      const [row] = await knex("saml_jit_users").count("* as people");
      return Number(row?.["people"]);
    },
  };
};

/** As `PUT /settings` takes them. */
function settingsWith(connection: IdentityProvider) {
  return {
    enabled: true,
    connection,
    email: { source: { kind: "automatic" }, allowedDomains: [] },
    autoProvisioning: {
      enabled: true,
      role: "editor",
      privilegedRoleConfirmed: false,
      groups: ["g1"],
      organizations: { kind: "selected", ids: ["o1", "o2"] },
      whenLicensesRunOut: { kind: "deny" },
    },
  };
}
