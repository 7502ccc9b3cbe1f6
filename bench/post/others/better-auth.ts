import { sso } from "@better-auth/sso";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";
import pg from "pg";
import { z } from "zod";
import type { Given, MakeContestant } from "../contestant.ts";

/** With its SSO plugin, one provider in the code and a limit of requests that is switched off. */
export const make: MakeContestant = async ({ origin, idp, database }) => {
  const { query, ...opened } = open(database);
  const audience = `${origin}/api/auth/sso/saml2/sp/metadata`;
  const acsUrl = `${origin}/api/auth/sso/saml2/sp/acs/customer`;
  const auth = betterAuth({
    baseURL: origin,
    secret: "a secret of the bench, long enough to be one",
    rateLimit: { enabled: false },
    logger: { level: "error" },
    telemetry: { enabled: false },
    ...opened,
    plugins: [
      sso({
        saml: { allowIdpInitiated: true },
        defaultSSO: [
          {
            domain: "customer.example",
            providerId: "customer",
            samlConfig: {
              issuer: idp.connection.entityId,
              entryPoint: idp.connection.ssoUrl,
              cert: idp.certificate,
              callbackUrl: `${origin}/welcome`,
              audience,
              wantAssertionsSigned: true,
              idpMetadata: { metadata: idp.metadata },
              spMetadata: { entityID: audience },
            },
          },
        ],
      }),
    ],
  });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  return {
    handler: toNodeHandler(auth),
    acsUrl,
    audience,
    landing: `${origin}/welcome`,
    countPeople: query,
  };
};

const COUNT = 'SELECT COUNT(*) AS people FROM "user"';
const Counted = z.object({ people: z.coerce.number() });

function open({ kind, config }: Given["database"]) {
  if (kind === "SQLite") {
    const { filename } = z.object({ filename: z.string() }).parse(config.connection);
    const database = new Database(filename);
    return { database, query: async () => Counted.parse(database.prepare(COUNT).get()).people };
  }
  const database = new pg.Pool({ connectionString: z.string().parse(config.connection) });
  return {
    database,
    query: async () => Counted.parse((await database.query(COUNT)).rows[0]).people,
  };
}
