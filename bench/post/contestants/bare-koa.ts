import Koa from "koa";
import { koaBody } from "koa-body";
import type { MakeContestant } from "../contestant.ts";

/** The floor: reads the form and redirects. */
export const make: MakeContestant = async ({ origin }) => {
  const app = new Koa();
  app.use(koaBody({ json: false, multipart: false, text: false, formLimit: "256kb" }));
  app.use((ctx) => {
    ctx.status = 303;
    ctx.redirect("/welcome");
  });
  return {
    handler: app.callback(),
    acsUrl: `${origin}/acs`,
    audience: origin,
    landing: "/welcome",
    countPeople: async () => undefined,
  };
};
