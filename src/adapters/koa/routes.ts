import Router from "@koa/router";
import type { AuditRoutes, LicenseRoutes, ReceiptRoutes } from "./audit/routes.ts";
import type { CatalogRoutes } from "./catalog/routes.ts";
import type { Handler, MakeRoute } from "./error-boundary.ts";
import type { AdminGuard } from "./guards.ts";
import type { HostContext, HostMiddleware } from "./host-callbacks.ts";
import type { LogoutRoutes } from "./logout/routes.ts";
import type { PageRoutes } from "./page/settings-page-routes.tsx";
import { PROBLEMS } from "./problems.ts";
import { NoQuery, parseQuery } from "./request.ts";
import { loadOnce, readOwnFile, sendJson, sendProblem } from "./send.ts";
import type { ConnectionRoutes } from "./settings/connection-routes.ts";
import type { DomainRoutes } from "./settings/domain-routes.ts";
import { atAdditionalAcs, redirectToSignInPage } from "./sign-in/routes.ts";
import type { TestSignInRoutes } from "./test-sign-in/routes.ts";

/** The handlers of all routes. */
export interface RouteHandlers {
  readonly loginRoute: Handler;
  readonly signInPageRoute: Handler;
  readonly acsRoute: Handler;
  readonly metadataRoute: Handler;
  readonly getSettingsRoute: Handler;
  readonly putSettingsRoute: Handler;
  readonly licenseRoutes: LicenseRoutes;
  readonly auditRoutes: AuditRoutes;
  readonly receiptRoutes: ReceiptRoutes;
  readonly catalogRoutes: CatalogRoutes;
  readonly inspectCertificatesRoute: Handler;
  readonly openApiRoute: Handler;
  readonly previewRoute: Handler;
  readonly parseMetadataRoute: Handler;
  /** Absent where DNS proves no domains. */
  readonly domainRoutes: DomainRoutes | undefined;
  readonly connectionRoutes: ConnectionRoutes;
  /** Absent if the settings page is turned off. */
  readonly pageRoutes: PageRoutes | undefined;
  readonly testSignInRoutes: TestSignInRoutes;
  /** URL of the single logout service; absent without single logout. */
  readonly logoutRoutes: LogoutRoutes | undefined;
}

export interface RoutesDeps extends RouteHandlers {
  readonly prefix: string;
  /** Paths beside the prefix that are assertion consumer services, too. */
  readonly additionalAcsPaths: readonly string[];
  readonly makeRoute: MakeRoute;
}

/**
 * One middleware with every route under the prefix, and the additional ones. Requests for other
 * paths go on to the host; other methods on ours are answered 405 with `Allow`.
 *
 * @throws TypeError if an additional path is a route already.
 */
export function makeRoutes(deps: RoutesDeps): HostMiddleware {
  const { prefix, additionalAcsPaths } = deps;
  const router = new Router({ prefix, sensitive: true });
  addRoutes(router, deps);
  for (const layer of router.stack) {
    // HEAD must not have the side effects of GET (RFC 9110 section 9.2.1).
    if (ACTING.some((path) => layer.path === `${prefix}${path}`)) {
      layer.methods = layer.methods.filter((method) => method !== "HEAD");
    }
  }

  const taken = additionalAcsPaths.find((path) => router.match(path, "POST").path.length > 0);
  if (taken !== undefined) {
    throw new TypeError(`createSamlJit: additionalAcsPaths: ${taken} is a route of the plugin`);
  }
  const additional = additionalRouter(deps);
  const [routes, additionalRoutes] = [router.routes(), additional.routes()];
  return (koaContext, next) => {
    const ctx = koaContext as HostContext; // the routers add what it has more
    return routes(ctx, () =>
      additionalRoutes(ctx, () => {
        const matched = [router, additional].flatMap((of) => of.match(ctx.path, ctx.method).path);
        if (matched.length === 0) return next();
        return sendMethods(ctx, [...new Set(matched.flatMap(({ methods }) => methods))]);
      }),
    );
  };
}

function additionalRouter({ additionalAcsPaths, makeRoute, acsRoute }: RoutesDeps): Router {
  const router = new Router({ sensitive: true });
  for (const [index, path] of additionalAcsPaths.entries()) {
    router.get(path, makeRoute(redirectToSignInPage, "browser"));
    router.post(path, makeRoute(atAdditionalAcs(acsRoute, index), "browser"));
  }
  return router;
}

/** Every route, below the prefix. */
export function addRoutes(
  router: Router,
  deps: Omit<RoutesDeps, "prefix" | "additionalAcsPaths">,
): void {
  const { makeRoute, testSignInRoutes, pageRoutes, logoutRoutes, domainRoutes } = deps;
  const forBrowser = (handler: Handler) => makeRoute(handler, "browser");
  const forApi = (handler: Handler) => makeRoute(handler, "api");

  router.get("/login", forBrowser(deps.loginRoute));
  router.post("/login", forBrowser(deps.loginRoute));
  router.get("/sign-in", forBrowser(deps.signInPageRoute));
  router.get("/acs", forBrowser(redirectToSignInPage));
  router.post("/acs", forBrowser(deps.acsRoute));
  router.get("/metadata", forApi(deps.metadataRoute));
  router.get("/settings", forApi(deps.getSettingsRoute));
  router.put("/settings", forApi(deps.putSettingsRoute));
  const { connectionRoutes: connections } = deps;
  const connection = "/settings/connections/:id";
  router.get("/settings/connections", forApi(connections.list));
  router.get(connection, forApi(connections.read));
  router.put(connection, forApi(connections.save));
  router.delete(connection, forApi(connections.remove));
  router.post(`${connection}/domains`, forApi(connections.moveDomain));
  router.get(`${connection}/metadata`, forApi(connections.metadata));
  router.post(`${connection}/metadata/refresh`, forApi(connections.refresh));
  router.post(`${connection}/metadata/accept`, forApi(connections.accept));
  router.post(`${connection}/metadata/dismiss`, forApi(connections.dismiss));
  router.post("/settings/fetch-metadata", forApi(connections.fetchMetadata));
  router.get("/settings/license-usage", forApi(deps.licenseRoutes.usage));
  router.get("/settings/license-report", forApi(deps.licenseRoutes.report));
  router.get("/settings/license-report/export", forApi(deps.licenseRoutes.export));
  router.get("/settings/overview", forApi(deps.auditRoutes.overview));
  router.get("/settings/audit", forApi(deps.auditRoutes.page));
  router.get("/settings/audit/export", forApi(deps.auditRoutes.export));
  router.get("/settings/receipts", forApi(deps.receiptRoutes.page));
  router.get("/settings/receipts/export", forApi(deps.receiptRoutes.export));
  router.get("/settings/roles", forApi(deps.catalogRoutes.roles));
  router.get("/settings/groups", forApi(deps.catalogRoutes.groups));
  router.get("/settings/organizations", forApi(deps.catalogRoutes.organizations));
  router.post("/settings/inspect-certificates", forApi(deps.inspectCertificatesRoute));
  router.get("/settings/openapi.json", forApi(deps.openApiRoute));
  router.post("/settings/preview", forApi(deps.previewRoute));
  router.post("/settings/parse-metadata", forApi(deps.parseMetadataRoute));
  if (domainRoutes !== undefined) {
    router.get("/settings/domains", forApi(domainRoutes.list));
    router.post("/settings/domains", forApi(domainRoutes.add));
    router.post("/settings/domains/:domain/check", forApi(domainRoutes.check));
    router.delete("/settings/domains/:domain", forApi(domainRoutes.remove));
  }
  if (pageRoutes !== undefined) {
    router.get("/settings/page", forBrowser(pageRoutes.settings.show));
    router.post("/settings/page", forBrowser(pageRoutes.settings.act));
    router.get("/settings/page/activity", forBrowser(pageRoutes.activity));
    router.get("/settings/page/users", forBrowser(pageRoutes.users));
    router.get("/settings/page/:screen", forBrowser(pageRoutes.settings.show));
    router.post("/settings/page/:screen", forBrowser(pageRoutes.settings.act));
    router.get("/settings/test-sign-ins/:id/result", forBrowser(pageRoutes.testResult));
    router.get("/settings/assets/:file", forApi(pageRoutes.asset));
  }
  router.post("/settings/test-sign-ins", forApi(testSignInRoutes.begin));
  router.get("/settings/test-sign-ins/:id", forApi(testSignInRoutes.read));
  router.get("/settings/test-sign-ins/:id/start", forBrowser(testSignInRoutes.start));
  if (logoutRoutes !== undefined) {
    router.get("/logout", forBrowser(logoutRoutes.logout));
    router.post("/logout", forBrowser(logoutRoutes.logout));
    router.get("/slo", forBrowser(logoutRoutes.slo.redirect));
    router.post("/slo", forBrowser(logoutRoutes.slo.post));
  }
}

/** Routes whose GET has side effects. */
const ACTING: readonly string[] = [
  "/login",
  "/logout",
  "/slo",
  "/settings/test-sign-ins/:id/start",
];

async function sendMethods(ctx: HostContext, allowed: readonly string[]): Promise<void> {
  ctx.set("Allow", allowed.join(", "));
  if (ctx.method === "OPTIONS") {
    ctx.status = 204;
  } else {
    const { status, detail } = PROBLEMS["method-not-allowed"];
    sendProblem(ctx, status, "method-not-allowed", { detail });
  }
}

/** `GET /settings/openapi.json`: the settings API in OpenAPI 3.1, with the URL of this tenant. */
export function makeOpenApiRoute({ adminGuard }: { readonly adminGuard: AdminGuard }): Handler {
  const loadDocument = loadOnce(load);
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    parseQuery(NoQuery, ctx);
    const url = tenantContext.metadataUrl.replace(/\/metadata$/, "");
    sendJson<object>(ctx, { ...(await loadDocument()), servers: [{ url }] });
  };
}

/** The document that `npm run openapi` writes. */
async function load(): Promise<object> {
  return JSON.parse(await readOwnFile(new URL("openapi.json", import.meta.url)));
}
