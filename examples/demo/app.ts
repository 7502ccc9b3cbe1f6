import Router from "@koa/router";
import Koa, { type Context, type Middleware } from "koa";
import { createSession } from "koa-session";
import { z } from "zod";
import type { SamlJit } from "../../src/mod.ts";
import type { DemoIdp } from "./demo-idp.ts";
import { addDemoIdp } from "./demo-idp-routes.ts";
import { eventsPage, type LastEvents } from "./events.ts";
import { readForm, refuseForeignForms } from "./forms.ts";
import { homePage, ssoPage, wrongPasswordPage } from "./home-page.ts";
import { STYLESHEET, showPage } from "./page.ts";
import type { DemoUser, People } from "./people.ts";
import type { DemoSessions } from "./session.ts";
import { usersPage } from "./users-page.ts";

/** What the application is made of. */
export interface DemoAppDeps {
  readonly baseUrl: string;
  readonly appKey: string;
  readonly people: People;
  readonly sessions: DemoSessions;
  readonly saml: SamlJit;
  readonly lastEvents: LastEvents;
  /** Absent when another IdP is in use. */
  readonly ownIdp?: DemoIdp;
  /** Entity ID of the IdP in use. */
  readonly identityProvider: string;
}

/** An ordinary Koa application that has the plugin mounted. */
export function makeDemoApp(deps: DemoAppDeps): Koa {
  const { baseUrl, appKey, saml } = deps;
  const app = new Koa();
  app.keys = [appKey];
  app.use(plainErrors);
  // Plain http, so that it runs anywhere: a host of your own makes this cookie Secure.
  app.use(createSession({ key: "demo", sameSite: "lax", secure: false }, app));
  app.use(saml.routes());
  app.use(refuseForeignForms({ baseUrl }));
  app.use(demoRoutes(deps).routes());
  app.use(notFound);
  return app;
}

function demoRoutes(deps: DemoAppDeps): Router {
  const { baseUrl, people, sessions, saml, lastEvents, ownIdp, identityProvider } = deps;
  const router = new Router();

  router.get("/", async (ctx) => {
    const user = await sessions.userOf(ctx);
    const elsewhere = ctx.host !== new URL(baseUrl).host;
    const main = homePage({
      ...(user === undefined ? {} : { user }),
      identityProvider,
      ownIdp: ownIdp !== undefined,
      baseUrl,
      elsewhere,
    });
    showPage(ctx, { title: "koa-saml-jit demo", main });
  });

  router.get("/whoami", async (ctx) => {
    const user = await sessions.userOf(ctx);
    ctx.set("Cache-Control", "no-store");
    ctx.status = user === undefined ? 401 : 200;
    ctx.body = user === undefined ? { error: "not signed in" } : whoami(user);
  });

  router.get("/users", async (ctx) => {
    const users = await people.everybody();
    const usage = await saml.licenseUsage("default");
    if (ctx.accepts("html", "json") === "json") {
      ctx.body = {
        licenses: usage,
        users: users.map((user) => ({ ...whoami(user), state: user.state })),
      };
      return;
    }
    showPage(ctx, { title: "Users", main: usersPage(users, usage) });
  });

  router.get("/events", async (ctx) => {
    const events = await lastEvents();
    if (ctx.accepts("html", "json") === "json") ctx.body = { events };
    else showPage(ctx, { title: "Events", main: eventsPage(events) });
  });

  router.post("/demo/sign-in-as-administrator", async (ctx) => {
    const administrator = await people.administrator();
    if (administrator === undefined) {
      ctx.status = 409;
      ctx.body = "No administrator is active.\n";
      return;
    }
    await sessions.begin(ctx, administrator.id);
    goHome(ctx, whoami(administrator));
  });

  router.post("/demo/password", async (ctx) => {
    const posted = passwordForm.safeParse(await readForm(ctx));
    if (!posted.success || posted.data.password !== PASSWORD) return refusePassword(ctx);
    const { email } = posted.data;
    // Only after the password was right: every use of an exemption is audited.
    const answer = await saml.passwordAllowed("default", email);
    if (!answer.allowed) {
      const main = ssoPage(answer.loginUrl);
      return showPage(ctx, { title: "Single sign-on", main, status: 403 });
    }
    const user = await people.activeByEmail(email);
    if (user === undefined) return refusePassword(ctx);
    await sessions.begin(ctx, user.id);
    goHome(ctx, whoami(user));
  });

  router.post("/demo/sign-out", async (ctx) => {
    await sessions.end(ctx);
    goHome(ctx, { signedOut: true });
  });

  router.get("/demo.css", (ctx) => {
    ctx.type = "css";
    ctx.body = STYLESHEET;
  });

  router.get("/favicon.ico", (ctx) => {
    ctx.status = 204;
  });

  router.get("/healthz", (ctx) => {
    ctx.body = { status: "ok" };
  });

  if (ownIdp !== undefined) addDemoIdp(router, ownIdp);
  return router;
}

/** The password of everybody. */
const PASSWORD = "demo";

const passwordForm = z.object({ email: z.string(), password: z.string() });

function refusePassword(ctx: Context): void {
  showPage(ctx, { title: "Not signed in", main: wrongPasswordPage(), status: 401 });
}

/** A browser is sent home; a program that asks for JSON gets it. */
function goHome(ctx: Context, answer: object): void {
  if (ctx.accepts("html", "json") === "json") {
    ctx.body = answer;
    return;
  }
  ctx.redirect("/");
  ctx.status = 303;
}

function whoami({
  email,
  role,
  groups,
  organizations,
  createdBy,
  allOrganizations,
}: DemoUser): object {
  return {
    email,
    role,
    groups,
    organizations,
    createdBy,
    ...(allOrganizations ? { allOrganizations } : {}),
  };
}

const notFound: Middleware = (ctx) => {
  ctx.status = 404;
  ctx.body = "There is nothing here.\n";
};

const plainErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const status = statusOf(error);
    ctx.status = status;
    ctx.body = status < 500 ? "This request cannot be read.\n" : "Something went wrong.\n";
    if (status >= 500) ctx.app.emit("error", error, ctx);
  }
};

function statusOf(error: unknown): number {
  const status: unknown =
    typeof error === "object" && error !== null && Reflect.get(error, "status");
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}
