import Router, { type RouterMiddleware } from "@koa/router";
import { sendProblem } from "./responses.ts";
import type { Handler, MakeRoute } from "./route.ts";
import type { SloRoutes } from "./slo-routes.ts";

/** The routes of single logout. */
export interface LogoutRoutes {
  readonly logout: Handler;
  readonly slo: SloRoutes;
}

/** Every route of the plugin. */
export interface RoutesDeps {
  readonly prefix: string;
  readonly makeRoute: MakeRoute;
  readonly loginRoute: Handler;
  readonly acsRoute: Handler;
  readonly metadataRoute: Handler;
  readonly getSettingsRoute: Handler;
  readonly putSettingsRoute: Handler;
  readonly licenseUsageRoute: Handler;
  readonly auditRoute: Handler;
  readonly previewRoute: Handler;
  readonly parseMetadataRoute: Handler;
  /** Absent when the host offers no single logout. */
  readonly logoutRoutes: LogoutRoutes | undefined;
}

/**
 * One middleware with every route under the prefix. Requests for other paths go on to the host;
 * other methods on ours are answered 405 with `Allow`.
 */
export function makeRoutes(deps: RoutesDeps): RouterMiddleware {
  const { prefix, makeRoute, logoutRoutes } = deps;
  const router = new Router({ prefix, sensitive: true });
  const forPerson = (handler: Handler) => makeRoute(handler, "person");
  const forProgram = (handler: Handler) => makeRoute(handler, "program");

  router.get("/login", forPerson(deps.loginRoute));
  router.post("/acs", forPerson(deps.acsRoute));
  router.get("/metadata", forProgram(deps.metadataRoute));
  router.get("/settings", forProgram(deps.getSettingsRoute));
  router.put("/settings", forProgram(deps.putSettingsRoute));
  router.get("/settings/license-usage", forProgram(deps.licenseUsageRoute));
  router.get("/settings/audit", forProgram(deps.auditRoute));
  router.post("/settings/preview", forProgram(deps.previewRoute));
  router.post("/settings/parse-metadata", forProgram(deps.parseMetadataRoute));
  if (logoutRoutes !== undefined) {
    router.get("/logout", forPerson(logoutRoutes.logout));
    router.post("/logout", forPerson(logoutRoutes.logout));
    router.get("/slo", forPerson(logoutRoutes.slo.redirect));
    router.post("/slo", forPerson(logoutRoutes.slo.post));
  }

  const routes = router.routes();
  const otherMethods = router.allowedMethods();
  return (ctx, next) =>
    routes(ctx, async () => {
      // The router's own answer to unknown methods would be given for the host's paths too.
      if (router.match(ctx.path, ctx.method).path.length === 0) return next();
      await otherMethods(ctx, async () => undefined);
      if (ctx.status === 405) {
        sendProblem(ctx, 405, { code: "method-not-allowed", detail: "Use one of Allow." });
      }
    });
}
