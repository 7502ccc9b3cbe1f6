import { makeAuditExportRoute, makeAuditRoute } from "../adapters/koa/audit/routes.ts";
import { makeCatalogRoutes } from "../adapters/koa/catalog/routes.ts";
import { makeErrorBoundary } from "../adapters/koa/error-boundary.ts";
import { makeAdminGuard } from "../adapters/koa/guards.ts";
import { makeLogoutRoute } from "../adapters/koa/logout/logout-route.ts";
import { makeSloRoutes } from "../adapters/koa/logout/slo-routes.ts";
import { makeOpenApiRoute } from "../adapters/koa/openapi/openapi-route.ts";
import { makeActivityPageRoute } from "../adapters/koa/page/activity/activity-page-route.tsx";
import { makeAssetRoute } from "../adapters/koa/page/asset-route.ts";
import { makeLoadAssets } from "../adapters/koa/page/assets.ts";
import { makeChooseTexts } from "../adapters/koa/page/choose-texts.ts";
import { makeLoadView } from "../adapters/koa/page/load-view.ts";
import { makeFindProof, makeLoadPreview, makeLoadProof } from "../adapters/koa/page/loaders.ts";
import { makePageActions } from "../adapters/koa/page/page-actions.ts";
import { makeFindPageUrls } from "../adapters/koa/page/page-urls.ts";
import { makeSaveDraft } from "../adapters/koa/page/save-draft.ts";
import { makeSettingsPageRoutes } from "../adapters/koa/page/settings-page-routes.tsx";
import { makeTestResultRoute } from "../adapters/koa/page/test-result-route.tsx";
import {
  makePendingLogins,
  makePendingLogouts,
  makePendingTests,
} from "../adapters/koa/pending-requests.ts";
import { DEFAULT_BODY_LIMITS, makeRequestBodies } from "../adapters/koa/request.ts";
import { makeRouteMaker } from "../adapters/koa/route.ts";
import { makeRoutes } from "../adapters/koa/routes.ts";
import { makeReadDraft } from "../adapters/koa/settings/draft.ts";
import {
  makeGetSettingsRoute,
  makeInspectCertificatesRoute,
  makeLicenseUsageRoute,
  makeParseMetadataRoute,
  makePreviewRoute,
  makePutSettingsRoute,
} from "../adapters/koa/settings/routes.ts";
import { makeAcsRoute } from "../adapters/koa/sign-in/acs-route.ts";
import { makeLoginRoute } from "../adapters/koa/sign-in/login-route.ts";
import { makeMetadataRoute } from "../adapters/koa/sign-in/metadata-route.ts";
import { makeShowPersonPage } from "../adapters/koa/sign-in/person-pages.ts";
import { makeSendRefusal } from "../adapters/koa/sign-in/send-refusal.ts";
import { makeSignInPageRoute } from "../adapters/koa/sign-in/sign-in-page-route.ts";
import { makePublicUrls, makeResolveTenantContext } from "../adapters/koa/tenant-context.ts";
import { makeTestSignInDone, makeTestSignInRoutes } from "../adapters/koa/test-sign-in/routes.ts";
import { makeParseSettings } from "../adapters/settings-document/parse.ts";
import type { HttpParts, Makers } from "./cradle.ts";
import type { PluginOptions } from "./options.ts";

/** How everything that speaks HTTP is made. */
export function httpMakers(options: PluginOptions): Makers<HttpParts> {
  const { baseUrl, serviceProvider, settingsPage, logout, limits } = options;
  const entityId = serviceProvider?.entityId;
  return {
    publicUrls: ({ prefix }) =>
      makePublicUrls({
        baseUrl,
        prefix,
        logout: logout !== undefined,
        ...(entityId === undefined ? {} : { entityId }),
      }),
    bodies: () => makeRequestBodies({ ...DEFAULT_BODY_LIMITS, ...limits }),
    pendingLogins: makePendingLogins,
    pendingLogouts: makePendingLogouts,
    pendingTests: makePendingTests,
    settingsPage: () => settingsPage !== false,
    testSignInDone: makeTestSignInDone,
    adminGuard: makeAdminGuard,
    renderPage: () => options.renderPage,
    showPersonPage: makeShowPersonPage,
    sendRefusal: makeSendRefusal,
    errorBoundary: makeErrorBoundary,
    resolveTenantContext: makeResolveTenantContext,
    makeRoute: makeRouteMaker,
    parseSettings: makeParseSettings,
    readDraft: makeReadDraft,
    loginRoute: makeLoginRoute,
    signInPageRoute: makeSignInPageRoute,
    acsRoute: makeAcsRoute,
    metadataRoute: makeMetadataRoute,
    getSettingsRoute: makeGetSettingsRoute,
    putSettingsRoute: makePutSettingsRoute,
    licenseUsageRoute: makeLicenseUsageRoute,
    auditRoute: makeAuditRoute,
    auditExportRoute: makeAuditExportRoute,
    catalogRoutes: makeCatalogRoutes,
    inspectCertificatesRoute: makeInspectCertificatesRoute,
    openApiRoute: makeOpenApiRoute,
    previewRoute: makePreviewRoute,
    parseMetadataRoute: makeParseMetadataRoute,
    ownCertificates: () => (serviceProvider?.keys ?? []).map(({ certificate }) => certificate),
    loadAssets: makeLoadAssets,
    chooseTexts: () => makeChooseTexts(settingsPage === false ? {} : settingsPage?.texts),
    pageUrls: makeFindPageUrls,
    loadPreview: makeLoadPreview,
    findProof: makeFindProof,
    loadProof: makeLoadProof,
    loadView: makeLoadView,
    saveDraft: makeSaveDraft,
    pageActions: makePageActions,
    pageRoutes: (cradle) =>
      settingsPage === false
        ? undefined
        : {
            settings: makeSettingsPageRoutes(cradle),
            activity: makeActivityPageRoute(cradle),
            testResult: makeTestResultRoute(cradle),
            asset: makeAssetRoute(cradle),
          },
    testSignInRoutes: makeTestSignInRoutes,
    logoutRoutes: (cradle) => {
      if (logout === undefined) return undefined;
      const { beginLogout, pendingLogouts, publicUrls } = cradle;
      return {
        logout: makeLogoutRoute({ beginLogout, pendingLogouts, publicUrls, logout }),
        slo: makeSloRoutes({
          handleLogoutMessage: cradle.handleLogoutMessage,
          pendingLogouts,
          bodies: cradle.bodies,
          publicUrls,
          sendRefusal: cradle.sendRefusal,
          signOut: logout.signOut,
        }),
      };
    },
    routes: makeRoutes,
  };
}
