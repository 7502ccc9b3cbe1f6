import { type Profile, Strategy, type VerifiedCallback } from "@node-saml/passport-saml";
import express from "express";
import session from "express-session";
import passport from "passport";
import type { MakeContestant } from "../contestant.ts";
import { openKnex } from "../open-knex.ts";

interface Row {
  readonly id: number;
  readonly email: string;
}

/** As its README has it, with Knex for `findUserByEmail`: who is unknown is inserted. */
export const make: MakeContestant = async ({ origin, idp, database }) => {
  const knex = await openKnex(database);
  await knex.schema.createTable("users", (table) => {
    table.increments("id");
    table.string("email").notNullable().unique();
    table.string("role").notNullable();
  });

  async function userOf(email: string): Promise<Row> {
    const known = await knex<Row>("users").where({ email }).first();
    if (known !== undefined) return known;
    const [created] = await knex("users").insert({ email, role: "editor" }).returning("*");
    return created;
  }

  const acsUrl = `${origin}/login/callback`;
  const audience = `${origin}/metadata`;
  passport.use(
    new Strategy(
      {
        callbackUrl: acsUrl,
        entryPoint: idp.connection.ssoUrl,
        issuer: audience,
        idpCert: idp.certificate,
        // The identity provider signs the assertion alone, as Entra ID does.
        wantAuthnResponseSigned: false,
      },
      (profile: Profile | null, done: VerifiedCallback) => {
        userOf(String(profile?.["email"])).then(
          ({ id, email }) => done(null, { id, email }),
          (error: Error) => done(error),
        );
      },
      (_profile: Profile | null, done: VerifiedCallback) => done(null),
    ),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));

  const app = express();
  app.use(session({ secret: "a key of the bench", resave: false, saveUninitialized: false }));
  app.use(passport.initialize());
  app.use(passport.session());
  app.post(
    "/login/callback",
    express.urlencoded({ extended: false, limit: "256kb" }),
    passport.authenticate("saml", { failureRedirect: "/failed" }),
    (_request, response) => response.redirect("/welcome"),
  );
  return {
    handler: app,
    acsUrl,
    audience,
    landing: "/welcome",
    countPeople: async () => {
      const [row] = await knex("users").count("* as people");
      return Number(row?.["people"]);
    },
  };
};
