import { makeGuardedFetch } from "../adapters/guarded-fetch/guarded-fetch.ts";
import {
  checkCatalog,
  checkFetchMetadata,
  checkLicenseLimit,
  checkVerifiedDomains,
} from "../adapters/host/check-host-answers.ts";
import {
  makeAuditRoutes,
  makeLicenseRoutes,
  makeReceiptRoutes,
} from "../adapters/koa/audit/routes.ts";
import { makeSendBrowserMessage } from "../adapters/koa/browser-message.tsx";
import { makeCatalogRoutes } from "../adapters/koa/catalog/routes.ts";
import { makeErrorBoundary, makeRouteMaker } from "../adapters/koa/error-boundary.ts";
import { makeAdminGuard } from "../adapters/koa/guards.ts";
import type { HostMiddleware } from "../adapters/koa/host-callbacks.ts";
import { makeLogoutRoutes } from "../adapters/koa/logout/routes.ts";
import { makeFindPageUrls } from "../adapters/koa/page/document.tsx";
import { makeLoadView } from "../adapters/koa/page/load-view.ts";
import { makeLoadPreview, makeLoadProof } from "../adapters/koa/page/loaders.ts";
import { makePageActions } from "../adapters/koa/page/page-actions.ts";
import { makeSaveDraft } from "../adapters/koa/page/save-draft.ts";
import { makePageRoutes } from "../adapters/koa/page/settings-page-routes.tsx";
import { makeLoadAssets } from "../adapters/koa/page/style.ts";
import { makeChooseTexts } from "../adapters/koa/page/texts.ts";
import {
  makePendingLogins,
  makePendingLogouts,
  makePendingTests,
  type PendingDeps,
} from "../adapters/koa/pending-cookies.ts";
import { DEFAULT_BODY_LIMITS, makeRequestBodies } from "../adapters/koa/request.ts";
import { makeOpenApiRoute, makeRoutes } from "../adapters/koa/routes.ts";
import { makeConnectionRoutes } from "../adapters/koa/settings/connection-routes.ts";
import { makeDomainRoutes } from "../adapters/koa/settings/domain-routes.ts";
import { makeReadDraft } from "../adapters/koa/settings/read-draft.ts";
import {
  makeGetSettingsRoute,
  makeInspectCertificatesRoute,
  makeParseMetadataRoute,
  makePreviewRoute,
  makePutSettingsRoute,
} from "../adapters/koa/settings/routes.ts";
import {
  makeRouteProbe,
  makeSetupFindings,
  type RouteProbe,
} from "../adapters/koa/setup-findings.ts";
import { makeFinishedLogins } from "../adapters/koa/sign-in/finished-logins.ts";
import { makeSendRefusal, makeShowUserPage } from "../adapters/koa/sign-in/pages.tsx";
import {
  makeAcsRoute,
  makeLoginRoute,
  makeMetadataRoute,
  makeSignInPageRoute,
} from "../adapters/koa/sign-in/routes.ts";
import {
  makePublicUrls,
  makeResolveTenantContext,
  type PublicUrls,
} from "../adapters/koa/tenant-context.ts";
import { makeTestSignInDone, makeTestSignInRoutes } from "../adapters/koa/test-sign-in/routes.ts";
import { SIGN_IN_BUDGET_MS, withinBudget } from "../adapters/objection/db/bound-statements.ts";
import { inOrderOfUse } from "../adapters/saml2-js/crypto/service-provider-keys.ts";
import { makeSaml2JsIdentity } from "../adapters/saml2-js/identity.ts";
import { makeParseSettings } from "../adapters/settings-document/parse.ts";
import {
  makeConsoleLogger,
  makeRandomIds,
  makeSystemClock,
  makeTimeLimit,
  makeTxtResolver,
} from "../adapters/system/environment.ts";
import {
  makePageAudit,
  makePageReceipts,
  makeReadReceipt,
  makeWalkAudit,
  type ReadReceipt,
} from "../application/audit/audit.ts";
import { makeReadCatalog } from "../application/catalog.ts";
import { makeAnnounceExpiry } from "../application/connections/announcements.ts";
import {
  makeReadMetadataStatus,
  makeResolvePendingChange,
} from "../application/connections/pending-change.ts";
import {
  makeFetchIdpMetadata,
  makeInspectCertificates,
  makeReadIdpMetadata,
  makeReadMetadata,
} from "../application/connections/read-connections.ts";
import {
  makeAttemptRefresh,
  makeRefreshConnection,
  makeRefreshConnections,
  type RefreshConnections,
} from "../application/connections/refresh-connections.ts";
import { makeDomains } from "../application/domains.ts";
import {
  makeAsked,
  makePasswordAllowed,
  type PasswordAllowed,
} from "../application/enforcement.ts";
import { type DeliverEvents, makeDeliverEvents, makeRecordEvent } from "../application/events.ts";
import { type CheckHealth, type CheckHealthDeps, makeCheckHealth } from "../application/health.ts";
import { makeReadLicenses, type ReadLicenses } from "../application/licenses.ts";
import { makeBeginLogout } from "../application/logout/begin-logout.ts";
import { makeHandleLogoutMessage } from "../application/logout/handle-logout-message.ts";
import { makeLogoutMessages } from "../application/logout/used-logout-messages.ts";
import { makeReadOverview } from "../application/overview.ts";
import { makePurge, type Purge } from "../application/purge.ts";
import { makeCheckSettings } from "../application/settings/check-settings.ts";
import { makeDisableSignIn } from "../application/settings/disable-sign-in.ts";
import { makePreviewDecision } from "../application/settings/preview-decision.ts";
import {
  makeLoadSettings,
  makeReadSettings,
  type ReadSettings,
} from "../application/settings/read-settings.ts";
import { makeSaveConnection, makeTagConnection } from "../application/settings/save-connection.ts";
import { makeSaveSettings } from "../application/settings/save-settings.ts";
import { makeBeginSignIn, makeReadSignInOffer } from "../application/sign-in/begin-sign-in.ts";
import {
  type HandleSamlResponse,
  type HandleSamlResponseDeps,
  makeHandleSamlResponse,
} from "../application/sign-in/complete-sign-in.ts";
import { makeReceiveResponse } from "../application/sign-in/dispatch-response.ts";
import { makeRecordRefusal } from "../application/sign-in/sign-in-outcome.ts";
import { makeSignInTransaction } from "../application/sign-in/sign-in-transaction.ts";
import { makeSignInWithRetry } from "../application/sign-in/sign-in-with-retry.ts";
import { makeUserFacts } from "../application/sign-in/user-facts.ts";
import { makeCompleteTestSignIn } from "../application/test-sign-in/complete-test-sign-in.ts";
import { makeDryRun } from "../application/test-sign-in/dry-run.ts";
import {
  makeFindTested,
  makeForgetTests,
  makeListReceivedValues,
  makeReadTestSignIn,
} from "../application/test-sign-in/read-test-sign-in.ts";
import {
  makeBeginTestSignIn,
  makeStartTestSignIn,
} from "../application/test-sign-in/start-test-sign-in.ts";
import { defined } from "../domain/defined.ts";
import { parseTenantId } from "../domain/tenant.ts";
import type { UnitOfWork } from "../ports/unit-of-work.ts";
import {
  type Cradle,
  DEFAULT_TENANT,
  OPTION_DEFAULTS,
  type Overrides,
  type PluginOptions,
} from "./options.ts";
import { decorateIn, makeRegistry, registerAll, replaceParts } from "./registry.ts";
import { makeSeedSettings, type SeedSettings } from "./seed-settings.ts";
import { schemaState, storageOf } from "./storage.ts";
import { observeOperations } from "./telemetry.ts";

/** Timeouts of a database response in a health check, and of the host's handler of events. */
const [HEALTH_LIMIT_MS, EVENT_HANDLER_LIMIT_MS] = [2000, 30_000];

interface Given {
  readonly options: PluginOptions;
}

/** What the host gave, and the infrastructure: {@link Cradle}, which a host may replace. */
const CRADLE = {
  instance: ({ options, prefix }: Given & Pick<Cradle, "prefix">) => `${options.baseUrl}${prefix}`,
  prefix: ({ options }: Given) => options.prefix ?? OPTION_DEFAULTS.prefix,
  catalog: ({ options }: Given) => checkCatalog(options.catalog),
  organizationRequired: ({ options }: Given) =>
    options.organizationRequired ?? OPTION_DEFAULTS.organizationRequired,
  licenseLimit: ({ options }: Given) => checkLicenseLimit(options.licenseLimit),
  verifiedDomains: ({ options, storage }: Given & Pick<Cradle, "storage">) =>
    checkVerifiedDomains(options.verifiedDomains, storage.stores.domainProofs),
  fetchMetadata: ({ options: { fetchMetadata } }: Given) =>
    fetchMetadata === "guarded" ? makeGuardedFetch() : checkFetchMetadata(fetchMetadata),
  resolveTenant: ({ options }: Given) =>
    options.resolveTenant ?? (() => options.tenant ?? DEFAULT_TENANT),
  requireAdmin: ({ options }: Given) => options.requireAdmin,
  signIn: ({ options }: Given) => options.signIn,
  clock: ({ options }: Given) => options.clock ?? makeSystemClock(),
  logger: ({ options }: Given) => options.logger ?? makeConsoleLogger(),
  ids: makeRandomIds,
  resolveTxt: () => makeTxtResolver(),
  identity: ({ options, clock, logger }: Given & Pick<Cradle, "clock" | "logger">) =>
    makeSaml2JsIdentity({
      keys: options.serviceProvider?.keys ?? [],
      description: options.serviceProvider ?? {},
      limits: options.limits ?? {},
      secondReading: options.secondReading ?? OPTION_DEFAULTS.secondReading,
      clock,
      logger,
    }),
  storage: ({ options }: Given) => storageOf(options),
} satisfies { readonly [Name in keyof Cradle]: (parts: Given & Cradle) => Cradle[Name] };

type FromStorage = Pick<Cradle, "storage">;

/** The stores are parts of the storage: a host replaces them together, as `storage`. */
const STORES = {
  users: ({ storage }: FromStorage) => storage.stores.users,
  settings: ({ storage }: FromStorage) => storage.stores.settings,
  ledger: ({ storage }: FromStorage) => storage.stores.ledger,
  audit: ({ storage }: FromStorage) => storage.stores.audit,
  testSignIns: ({ storage }: FromStorage) => storage.stores.testSignIns,
  domainProofs: ({ storage }: FromStorage) => storage.stores.domainProofs,
  refreshes: ({ storage }: FromStorage) => storage.stores.refreshes,
  events: ({ storage }: FromStorage) => storage.stores.events,
  unitOfWork: ({ storage }: FromStorage) => storage.unitOfWork,
};

/** Everything that the plugin makes itself: use cases, then what speaks HTTP. */
const PARTS = {
  eventsOn: ({ options }: Given) => options.events ?? OPTION_DEFAULTS.events,
  recordEvent: makeRecordEvent,
  limitHandler: () => makeTimeLimit(EVENT_HANDLER_LIMIT_MS),
  deliverEvents: makeDeliverEvents,
  userFacts: makeUserFacts,
  recordRefusal: makeRecordRefusal,
  signInTransaction: makeSignInTransaction,
  signInWithRetry: makeSignInWithRetry,
  beginSignIn: makeBeginSignIn,
  readSignInOffer: makeReadSignInOffer,
  handleSamlResponse: (deps: HandleSamlResponseDeps): HandleSamlResponse => {
    const handle = makeHandleSamlResponse(deps);
    return (input) => withinBudget(SIGN_IN_BUDGET_MS, () => handle(input));
  },
  domains: (parts: Given & Parameters<typeof makeDomains>[0]) =>
    parts.options.verifiedDomains === "dns" ? makeDomains(parts) : undefined,
  asked: makeAsked,
  passwordAllowed: makePasswordAllowed,
  checkSettings: makeCheckSettings,
  loadSettings: makeLoadSettings,
  readSettings: makeReadSettings,
  saveSettings: makeSaveSettings,
  disableSignIn: makeDisableSignIn,
  readCatalog: makeReadCatalog,
  readLicenses: makeReadLicenses,
  pageAudit: makePageAudit,
  readOverview: makeReadOverview,
  walkAudit: makeWalkAudit,
  dryRun: makeDryRun,
  inspectCertificates: makeInspectCertificates,
  previewDecision: makePreviewDecision,
  findTested: makeFindTested,
  forgetTests: makeForgetTests,
  beginTestSignIn: makeBeginTestSignIn,
  startTestSignIn: makeStartTestSignIn,
  completeTestSignIn: makeCompleteTestSignIn,
  receiveResponse: makeReceiveResponse,
  readTestSignIn: makeReadTestSignIn,
  listReceivedValues: makeListReceivedValues,
  readMetadata: makeReadMetadata,
  readIdpMetadata: makeReadIdpMetadata,
  readMetadataStatus: makeReadMetadataStatus,
  servedTenant: ({ options: { resolveTenant, tenant = DEFAULT_TENANT } }: Given) =>
    resolveTenant === undefined ? parseTenantId(tenant) : undefined,
  announceExpiry: makeAnnounceExpiry,
  attemptRefresh: makeAttemptRefresh,
  refreshConnection: makeRefreshConnection,
  fetchIdpMetadata: makeFetchIdpMetadata,
  tagConnection: makeTagConnection,
  saveConnection: makeSaveConnection,
  refreshConnections: makeRefreshConnections,
  resolvePendingChange: makeResolvePendingChange,
  readReceipt: makeReadReceipt,
  beginLogout: makeBeginLogout,
  logoutMessages: makeLogoutMessages,
  handleLogoutMessage: makeHandleLogoutMessage,
  purge: makePurge,
  seedSettings: makeSeedSettings,
  checkHealth: (
    parts: Given &
      Omit<
        CheckHealthDeps,
        "ownCertificate" | "readsTwice" | "tenantOfWrite" | "readSchemaState" | "limited"
      >,
  ) =>
    makeCheckHealth({
      settings: parts.settings,
      users: parts.users,
      asked: parts.asked,
      domains: parts.domains,
      readMetadataStatus: parts.readMetadataStatus,
      unitOfWork: parts.unitOfWork,
      ids: parts.ids,
      clock: parts.clock,
      events: parts.events,
      eventsOn: parts.eventsOn,
      inspectCertificates: parts.inspectCertificates,
      ownCertificate: inOrderOfUse(parts.options.serviceProvider?.keys ?? [])[0]?.certificate,
      readsTwice: parts.options.secondReading !== "off",
      tenantOfWrite: parts.options.knex === undefined ? undefined : parseTenantId("health"),
      readSchemaState: () => schemaState(parts.options),
      limited: makeTimeLimit(HEALTH_LIMIT_MS),
    }),
  additionalAcsPaths: ({ options }: Given) => options.additionalAcsPaths ?? [],
  publicUrls: ({
    options,
    prefix,
    additionalAcsPaths,
  }: Given & Pick<Cradle, "prefix"> & { readonly additionalAcsPaths: readonly string[] }) => {
    const { baseUrl, logout, serviceProvider } = options;
    const entityId = serviceProvider?.entityId;
    return makePublicUrls({
      baseUrl,
      prefix,
      logout: logout !== undefined,
      additionalAcsPaths,
      ...defined({ entityId }),
    });
  },
  bodies: ({ options }: Given) => makeRequestBodies({ ...DEFAULT_BODY_LIMITS, ...options.limits }),
  pendingLogins: makePendingLogins,
  pendingLogouts: makePendingLogouts,
  pendingTests: makePendingTests,
  finishedLogins: ({ options, publicUrls, instance, clock }: Given & PendingDeps) =>
    makeFinishedLogins({ publicUrls, instance, clock, logout: options.logout }),
  settingsPage: ({ options }: Given) => options.settingsPage ?? OPTION_DEFAULTS.settingsPage,
  testSignInDone: makeTestSignInDone,
  adminGuard: makeAdminGuard,
  renderPage: ({ options }: Given) => options.renderPage,
  showUserPage: makeShowUserPage,
  sendRefusal: makeSendRefusal,
  setupFindings: makeSetupFindings,
  routeProbe: makeRouteProbe,
  errorBoundary: makeErrorBoundary,
  onlyTenant: ({ options }: Given) => options.tenant,
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
  licenseRoutes: makeLicenseRoutes,
  auditRoutes: makeAuditRoutes,
  pageReceipts: makePageReceipts,
  receiptRoutes: makeReceiptRoutes,
  catalogRoutes: makeCatalogRoutes,
  domainRoutes: makeDomainRoutes,
  inspectCertificatesRoute: makeInspectCertificatesRoute,
  openApiRoute: makeOpenApiRoute,
  previewRoute: makePreviewRoute,
  parseMetadataRoute: makeParseMetadataRoute,
  connectionRoutes: makeConnectionRoutes,
  fetchesMetadata: ({ fetchMetadata }: Pick<Cradle, "fetchMetadata">) =>
    fetchMetadata !== undefined,
  limitsLicenses: ({ options }: Given) => options.licenseLimit !== undefined,
  canSignRequests: ({ identity }: Pick<Cradle, "identity">) => identity.canSignRequests,
  ownCertificates: ({ options }: Given) =>
    inOrderOfUse(options.serviceProvider?.keys ?? []).map(({ certificate, use }) => ({
      certificate,
      use,
    })),
  loadAssets: ({ options }: Given) => makeLoadAssets(options.theme),
  chooseTexts: ({ options, logger }: Given & Cradle) => makeChooseTexts(options.languages, logger),
  sendBrowserMessage: makeSendBrowserMessage,
  pageUrls: makeFindPageUrls,
  loadPreview: makeLoadPreview,
  loadProof: makeLoadProof,
  loadView: makeLoadView,
  saveDraft: makeSaveDraft,
  pageActions: makePageActions,
  pageRoutes: makePageRoutes,
  testSignInRoutes: makeTestSignInRoutes,
  logout: ({ options }: Given) => options.logout,
  logoutRoutes: makeLogoutRoutes,
  routes: makeRoutes,
};

type Made<Factories> = {
  readonly [Name in keyof Factories]: Factories[Name] extends (parts: never) => infer Part
    ? Part
    : never;
};

/** All registrations by name. */
interface Registrations extends Given, Cradle, Made<typeof STORES>, Made<typeof PARTS> {}

/** What {@link makeContainer} gives to the plugin. */
export interface Composition
  extends Pick<Cradle, "identity" | "logger" | "catalog" | "ids" | "clock"> {
  readonly unitOfWork: UnitOfWork;
  readonly publicUrls: PublicUrls;
  readonly routeProbe: RouteProbe;
  readonly routes: HostMiddleware;
  readonly purge: Purge;
  readonly refreshConnections: RefreshConnections;
  readonly deliverEvents: DeliverEvents;
  readonly checkHealth: CheckHealth;
  readonly readReceipt: ReadReceipt;
  readonly readSettings: ReadSettings;
  readonly readLicenses: ReadLicenses;
  readonly seedSettings: SeedSettings;
  readonly passwordAllowed: PasswordAllowed;
  dispose(): Promise<void>;
}

/**
 * Makes the parts of one plugin; each is made once, when another needs it first.
 *
 * @throws TypeError for an override of an unknown registration, or of a store alone.
 */
export function makeContainer(
  options: PluginOptions,
  override: ((container: Overrides) => void) | undefined,
): Composition {
  const container = makeRegistry<Registrations>({ options });
  registerAll(container, CRADLE);
  registerAll(container, PARTS);
  if (override !== undefined) replaceParts(container, override, Object.keys(STORES));
  registerAll(container, STORES);
  if (options.telemetry !== undefined) {
    observeOperations(decorateIn(container), options.telemetry);
  }
  const { cradle } = container;
  return {
    identity: cradle.identity,
    logger: cradle.logger,
    catalog: cradle.catalog,
    ids: cradle.ids,
    clock: cradle.clock,
    unitOfWork: cradle.unitOfWork,
    publicUrls: cradle.publicUrls,
    routeProbe: cradle.routeProbe,
    routes: cradle.routes,
    purge: cradle.purge,
    refreshConnections: cradle.refreshConnections,
    deliverEvents: cradle.deliverEvents,
    checkHealth: cradle.checkHealth,
    readReceipt: cradle.readReceipt,
    readSettings: cradle.readSettings,
    readLicenses: cradle.readLicenses,
    seedSettings: cradle.seedSettings,
    passwordAllowed: cradle.passwordAllowed,
    dispose: () => container.dispose(),
  };
}
