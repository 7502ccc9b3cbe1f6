import { controllers } from "@boxyhq/saml-jackson";
import express from "express";
import { z } from "zod";
import type { Given, MakeContestant } from "../contestant.ts";

/** As a library within express: the response becomes an OAuth code for the application. */
export const make: MakeContestant = async ({ origin, idp, database }) => {
  const { connectionAPIController, oauthController } = await controllers({
    externalUrl: origin,
    samlPath: "/api/oauth/saml",
    samlAudience: origin,
    idpEnabled: true,
    noAnalytics: true,
    db: storage(database),
    logger: { info: () => {}, warn: () => {}, error: console.error },
  });
  await connectionAPIController.createSAMLConnection({
    tenant: "customer.example",
    product: "app",
    redirectUrl: [`${origin}/*`],
    defaultRedirectUrl: `${origin}/welcome`,
    rawMetadata: idp.metadata,
  });
  const app = express();
  app.post(
    "/api/oauth/saml",
    express.urlencoded({ extended: false, limit: "256kb" }),
    async ({ body }, response) => {
      const { redirect_url } = await oauthController.samlResponse(body);
      if (redirect_url === undefined) throw new Error("no redirect");
      response.redirect(redirect_url);
    },
  );
  return {
    handler: app,
    acsUrl: `${origin}/api/oauth/saml`,
    audience: origin,
    landing: `${origin}/welcome?code=`,
    countPeople: async () => undefined,
  };
};

function storage({ kind, config }: Given["database"]) {
  if (kind === "PostgreSQL") {
    const url = z.string().parse(config.connection);
    return { engine: "sql", type: "postgres", url } as const;
  }
  const { filename } = z.object({ filename: z.string() }).parse(config.connection);
  return { engine: "sql", type: "sqlite", url: filename } as const;
}
