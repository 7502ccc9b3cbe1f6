import { makeAcsRoute } from "./adapters/koa/acs-route.ts";
import { makeAdminGuard } from "./adapters/koa/admin-guard.ts";
import { makeAuditExportRoute } from "./adapters/koa/audit-export-route.ts";
import { makeAuditRoute } from "./adapters/koa/audit-route.ts";
import { makeCatalogRoutes } from "./adapters/koa/catalog-routes.ts";
import { makeErrorBoundary } from "./adapters/koa/error-boundary.ts";
import { makeGetSettingsRoute } from "./adapters/koa/get-settings-route.ts";
import { makeInspectCertificatesRoute } from "./adapters/koa/inspect-certificates-route.ts";
import { makeLicenseUsageRoute } from "./adapters/koa/license-usage-route.ts";
import { makeLoginRoute } from "./adapters/koa/login-route.ts";
import { makeLogoutRoute } from "./adapters/koa/logout-route.ts";
import { makeRoutes } from "./adapters/koa/make-routes.ts";
import { makeMetadataRoute } from "./adapters/koa/metadata-route.ts";
import { makeOpenApiRoute } from "./adapters/koa/openapi/openapi-route.ts";
import { makeActivityPageRoute } from "./adapters/koa/page/activity-page-route.tsx";
import { makeAssetRoute } from "./adapters/koa/page/asset-route.ts";
import { makeLoadAssets } from "./adapters/koa/page/assets.ts";
import { makeChooseTexts } from "./adapters/koa/page/choose-texts.ts";
import { makeFindProof } from "./adapters/koa/page/find-proof.ts";
import { makeLoadPreview } from "./adapters/koa/page/load-preview.ts";
import { makeLoadProof } from "./adapters/koa/page/load-proof.ts";
import { makeLoadView } from "./adapters/koa/page/load-view.ts";
import { makePageActions } from "./adapters/koa/page/page-actions.ts";
import { makeFindPageUrls } from "./adapters/koa/page/page-urls.ts";
import { makeSaveDraft } from "./adapters/koa/page/save-draft.ts";
import { makeSettingsPageRoutes } from "./adapters/koa/page/settings-page-routes.tsx";
import { makeTestResultRoute } from "./adapters/koa/page/test-result-route.tsx";
import { makeParseMetadataRoute } from "./adapters/koa/parse-metadata-route.ts";
import { makePendingLogins } from "./adapters/koa/pending-logins.ts";
import { makePendingLogouts } from "./adapters/koa/pending-logouts.ts";
import { makePendingTests } from "./adapters/koa/pending-tests.ts";
import { makeShowPersonPage } from "./adapters/koa/person-pages.ts";
import { makeFindPlace } from "./adapters/koa/place.ts";
import { makePreviewRoute } from "./adapters/koa/preview-route.ts";
import { makePublicUrls } from "./adapters/koa/public-urls.ts";
import { makePutSettingsRoute } from "./adapters/koa/put-settings-route.ts";
import { makeReadDraft } from "./adapters/koa/read-draft.ts";
import { DEFAULT_BODY_LIMITS, makeRequestBodies } from "./adapters/koa/request-body.ts";
import { makeRouteMaker } from "./adapters/koa/route.ts";
import { makeSendRefusal } from "./adapters/koa/send-refusal.ts";
import { makeParseSettings } from "./adapters/koa/settings-document.ts";
import { makeSignInPageRoute } from "./adapters/koa/sign-in-page-route.ts";
import { makeSloRoutes } from "./adapters/koa/slo-routes.ts";
import { makeTestSignInDone } from "./adapters/koa/test-sign-in-done.ts";
import { makeTestSignInRoutes } from "./adapters/koa/test-sign-in-routes.ts";
import type { HttpParts, Makers } from "./plugin-cradle.ts";
import type { PluginOptions } from "./plugin-options.ts";

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
    findPlace: makeFindPlace,
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
