import { type AwilixContainer, asFunction, asValue, createContainer, type Resolver } from "awilix";
import { makeAcsRoute } from "./adapters/koa/acs-route.ts";
import { makeAdminGuard } from "./adapters/koa/admin-guard.ts";
import { makeAuditExportRoute } from "./adapters/koa/audit-export-route.ts";
import { makeAuditRoute } from "./adapters/koa/audit-route.ts";
import { makeCatalogRoutes } from "./adapters/koa/catalog-routes.ts";
import { makeErrorBoundary } from "./adapters/koa/error-boundary.ts";
import { makeGetSettingsRoute } from "./adapters/koa/get-settings-route.ts";
import type { HostMiddleware } from "./adapters/koa/host.ts";
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
import { makeMemoryStores } from "./adapters/memory/memory-stores.ts";
import { checkIntegrity } from "./adapters/objection/integrity.ts";
import type { IntegrityFinding } from "./adapters/objection/integrity-findings.ts";
import { migrate } from "./adapters/objection/migrate.ts";
import { missingMigrations } from "./adapters/objection/missing-migrations.ts";
import { makeObjectionStores } from "./adapters/objection/objection-stores.ts";
import { makeSaml2JsIdentity } from "./adapters/saml2-js/saml2-js-identity.ts";
import { makeConsoleLogger } from "./adapters/system/console-logger.ts";
import { makeRandomIds } from "./adapters/system/random-ids.ts";
import { makeSystemClock } from "./adapters/system/system-clock.ts";
import { makeTimeLimit } from "./adapters/system/time-limit.ts";
import { makeAttemptSignIn } from "./application/attempt-sign-in.ts";
import { makeBeginLogout } from "./application/begin-logout.ts";
import { makeBeginSignIn } from "./application/begin-sign-in.ts";
import { makeBeginTestSignIn } from "./application/begin-test-sign-in.ts";
import { type Health, makeCheckHealth } from "./application/check-health.ts";
import { makeCheckSettings } from "./application/check-settings.ts";
import { checkedCatalog } from "./application/checked-catalog.ts";
import { makeCompleteSignIn } from "./application/complete-sign-in.ts";
import { makeCompleteTestSignIn } from "./application/complete-test-sign-in.ts";
import { makeDisableSignIn } from "./application/disable-sign-in.ts";
import { makeDryRun } from "./application/dry-run.ts";
import { makeEnterPerson } from "./application/enter-person.ts";
import { makeFindTestedSettings } from "./application/find-tested-settings.ts";
import { makeForgetTests } from "./application/forget-tests.ts";
import { makeGatherPersonFacts } from "./application/gather-person-facts.ts";
import { makeHandleLogoutMessage } from "./application/handle-logout-message.ts";
import { checkedLimit } from "./application/host-licenses.ts";
import { makeInspectCertificates } from "./application/inspect-certificates.ts";
import { makeLogoutMessages } from "./application/logout-messages.ts";
import { makePageAudit } from "./application/page-audit.ts";
import { makePreviewDecision } from "./application/preview-decision.ts";
import { makePurge, type Purge } from "./application/purge.ts";
import { type LicenseUsageRead, makeReadLicenseUsage } from "./application/read-license-usage.ts";
import { makeReadMetadata } from "./application/read-metadata.ts";
import { makeReadReceipt } from "./application/read-receipt.ts";
import { makeReadSettings } from "./application/read-settings.ts";
import { makeReadTestSignIn } from "./application/read-test-sign-in.ts";
import { makeRecordRefusal } from "./application/record-refusal.ts";
import { makeSaveSettings } from "./application/save-settings.ts";
import { makeStartTestSignIn } from "./application/start-test-sign-in.ts";
import { makeWalkAudit } from "./application/walk-audit.ts";
import type { Receipt } from "./domain/receipt.ts";
import type { VersionedSettings } from "./domain/settings.ts";
import { parseTenantId, type TenantId } from "./domain/tenant.ts";
import type { Overrides } from "./plugin-container.ts";
import type { Cradle, Inside } from "./plugin-cradle.ts";
import { pluginOptionFaults } from "./plugin-option-faults.ts";
import type { PluginOptions, Storage } from "./plugin-options.ts";
import { makeSeedSettings, type SeedSettings } from "./plugin-settings.ts";
import { type Around, observeOperations } from "./plugin-telemetry.ts";
import type { ParsedIdpMetadata } from "./ports/identity-port.ts";
import type { Stores } from "./ports/unit-of-work.ts";

/** Everything that a host says when it mounts the plugin. */
export interface SamlJitOptions extends PluginOptions {
  /** Replaces parts of the container, by their names in {@link Cradle}, before any is made. */
  readonly override?: (container: Overrides) => void;
}

/** The plugin, ready to be mounted. */
export interface SamlJit {
  /** Every route under the prefix, as one middleware for `app.use`. */
  routes(): HostMiddleware;
  /** Brings the plugin's tables up to date; any number of processes may call it at once. */
  migrate(): Promise<void>;
  /** Forgets what nobody needs any more: for a timer of the host. */
  purge: Purge;
  /** Looks for half-made users and the like; finds nothing when all is well. Reads only. */
  checkIntegrity(): Promise<readonly IntegrityFinding[]>;
  /**
   * Whether sign-ins can work, and which certificates end soon: for a health route of the host.
   * Never throws for what is unwell; takes some seconds at most.
   *
   * @param tenants whose identity providers to look at, {@link MAX_HEALTH_TENANTS} at most; unless
   * given, the one tenant of a host without tenants.
   * @throws TypeError for what is no list of tenants.
   */
  health(tenants?: readonly string[]): Promise<Health>;
  /** Why a provisioned user has the access that they have; `undefined` for all others. */
  receipt(tenant: string, userId: string): Promise<Receipt | undefined>;
  /** The settings of a tenant as they are stored; version 0 when nobody saved any. */
  readSettings(tenant: string): Promise<VersionedSettings>;
  /**
   * Saves settings from code. Nothing is saved when they are the stored ones already.
   *
   * @param document as `PUT /settings` takes it.
   * @param by who saves, for the audit trail.
   * @throws SettingsInvalidError with every fault.
   */
  saveSettings: SeedSettings;
  /** Reads an IdP's metadata, for hosts that save settings from code; fetches nothing. */
  parseIdpMetadata(xml: string): ParsedIdpMetadata;
  /** Seats taken in a tenant, those by auto-provisioning, and the limit. */
  licenseUsage(tenant: string): Promise<LicenseUsageRead>;
  /** Lets go of what the plugin holds; the database connection is the host's own. */
  close(): Promise<void>;
}

const DEFAULT_TENANT = "default";

/** The most tenants that one look at the health takes. */
export const MAX_HEALTH_TENANTS = 100;

/** How long one answer of the database is waited for when somebody asks how it is. */
const HEALTH_LIMIT_MS = 2000;

/**
 * SAML 2.0 single sign-on with just-in-time provisioning, for a Koa host. Instances share nothing.
 *
 * @throws TypeError that names every fault of the options.
 * @example
 * const saml = createSamlJit({ baseUrl, knex, catalog, requireAdmin, signIn });
 * await saml.migrate();
 * app.use(saml.routes());
 */
export function createSamlJit(options: SamlJitOptions): SamlJit {
  const faults = pluginOptionFaults(options);
  if (faults.length > 0) throw new TypeError(`createSamlJit: ${faults.join("; ")}`);
  const container = createContainer<Inside>({ injectionMode: "PROXY", strict: true });
  container.register({
    ...hostRegistrations(options),
    ...outsideRegistrations(options),
    ...USE_CASES,
    ...httpRegistrations(options),
  } satisfies Registrations<Exclude<keyof Inside, keyof typeof STORES>>);
  if (options.override !== undefined) override(container, options.override);
  container.register(STORES);
  if (options.telemetry !== undefined) observeOperations(aroundIn(container), options.telemetry);
  const { cradle } = container;
  if (cradle.publicUrls.exposed) cradle.logger.warn({ event: "saml.base-url.unencrypted" });
  const { routes } = cradle;
  return Object.freeze({
    routes: () => routes,
    purge: cradle.purge,
    health: async (tenants = options.resolveTenant === undefined ? [DEFAULT_TENANT] : []) => {
      if (tenants.length > MAX_HEALTH_TENANTS) {
        throw new TypeError(`tenants must be ${MAX_HEALTH_TENANTS} at most`);
      }
      return cradle.checkHealth(tenants.map(tenantOf));
    },
    receipt: async (tenant, userId) => cradle.readReceipt(tenantOf(tenant), userId),
    readSettings: async (tenant) => (await cradle.readSettings(tenantOf(tenant))).stored,
    saveSettings: makeSeedSettings(cradle),
    parseIdpMetadata: (xml) => cradle.identity.parseIdpMetadata(xml),
    licenseUsage: async (tenant) => cradle.readLicenseUsage(tenantOf(tenant)),
    close: () => container.dispose(),
    ...maintenance(options),
  } satisfies SamlJit);
}

type Registrations<K extends keyof Inside> = { readonly [Name in K]: Resolver<Inside[Name]> };

/** A registration that is made once, from the others that its factory names. */
function once<T>(make: (cradle: Inside) => T): Resolver<T> {
  return asFunction(make).singleton();
}

function aroundIn(container: AwilixContainer<Inside>): Around {
  return (name, wrap) => {
    const inner = container.getRegistration(name);
    if (inner === null) throw new TypeError(`createSamlJit: ${name} is not registered`);
    container.register(
      name,
      once(() => wrap(inner.resolve(container))),
    );
  };
}

function hostRegistrations(options: SamlJitOptions) {
  const { baseUrl, prefix = "/saml", licenseLimit } = options;
  return {
    instance: asValue(`${baseUrl}${prefix}`),
    prefix: asValue(prefix),
    catalog: asValue(checkedCatalog(options.catalog)),
    organizationRequired: asValue(options.organizationRequired ?? false),
    licenseLimit: asValue(
      licenseLimit === undefined ? () => undefined : checkedLimit(licenseLimit),
    ),
    resolveTenant: asValue(options.resolveTenant ?? (() => DEFAULT_TENANT)),
    requireAdmin: asValue(options.requireAdmin),
    signIn: asValue(options.signIn),
  };
}

function outsideRegistrations(options: SamlJitOptions) {
  const { serviceProvider, limits } = options;
  return {
    clock: options.clock === undefined ? once(makeSystemClock) : asValue(options.clock),
    logger: options.logger === undefined ? once(makeConsoleLogger) : asValue(options.logger),
    ids: once(makeRandomIds),
    identity: once(({ clock, logger }) =>
      makeSaml2JsIdentity({
        keys: serviceProvider?.keys ?? [],
        limits: limits ?? {},
        skipSecondReadingBySaml2Js: options.skipSecondReadingBySaml2Js ?? false,
        clock,
        logger,
      }),
    ),
    storage: once(() => storageOf(options)),
    checkHealth: once(({ settings, inspectCertificates }) =>
      makeCheckHealth({
        settings,
        inspectCertificates,
        ownCertificate: serviceProvider?.keys?.[0]?.certificate,
        missingMigrations: () => missing(options),
        limited: makeTimeLimit(HEALTH_LIMIT_MS),
      }),
    ),
  };
}

const STORES = {
  users: once(({ storage }) => storage.stores.users),
  settings: once(({ storage }) => storage.stores.settings),
  ledger: once(({ storage }) => storage.stores.ledger),
  audit: once(({ storage }) => storage.stores.audit),
  testSignIns: once(({ storage }) => storage.stores.testSignIns),
  unitOfWork: once(({ storage }) => storage.unitOfWork),
} satisfies Registrations<keyof Stores | "unitOfWork">;

/**
 * @throws TypeError for a part that there is not, and for a store that was replaced alone:
 * transactions would use the other one.
 */
function override(
  container: AwilixContainer<Inside>,
  replace: NonNullable<SamlJitOptions["override"]>,
): void {
  const known = new Set(Object.keys(container.registrations));
  replace(container);
  const unknown = Object.keys(container.registrations).filter((name) => !known.has(name));
  const alone = unknown.filter((name) => Object.hasOwn(STORES, name));
  if (alone.length > 0) {
    throw new TypeError(`createSamlJit: override must replace storage, not ${alone.join(", ")}`);
  }
  if (unknown.length > 0) {
    throw new TypeError(`createSamlJit: override: there is no part ${unknown.join(", ")}`);
  }
}

const USE_CASES = {
  personFacts: once(makeGatherPersonFacts),
  recordRefusal: once(makeRecordRefusal),
  attemptSignIn: once(makeAttemptSignIn),
  enterPerson: once(makeEnterPerson),
  beginSignIn: once(makeBeginSignIn),
  completeSignIn: once(makeCompleteSignIn),
  checkSettings: once(makeCheckSettings),
  readSettings: once(makeReadSettings),
  saveSettings: once(makeSaveSettings),
  disableSignIn: once(makeDisableSignIn),
  readLicenseUsage: once(makeReadLicenseUsage),
  pageAudit: once(makePageAudit),
  walkAudit: once(makeWalkAudit),
  dryRun: once(makeDryRun),
  inspectCertificates: once(makeInspectCertificates),
  previewDecision: once(makePreviewDecision),
  findTestedSettings: once(makeFindTestedSettings),
  forgetTests: once(makeForgetTests),
  beginTestSignIn: once(makeBeginTestSignIn),
  startTestSignIn: once(makeStartTestSignIn),
  completeTestSignIn: once(makeCompleteTestSignIn),
  readTestSignIn: once(makeReadTestSignIn),
  readMetadata: once(makeReadMetadata),
  readReceipt: once(makeReadReceipt),
  beginLogout: once(makeBeginLogout),
  logoutMessages: once(makeLogoutMessages),
  handleLogoutMessage: once(makeHandleLogoutMessage),
  purge: once(makePurge),
};

function httpRegistrations(options: SamlJitOptions) {
  const { baseUrl, serviceProvider, settingsPage, logout, limits } = options;
  const entityId = serviceProvider?.entityId;
  return {
    publicUrls: once(({ prefix }) =>
      makePublicUrls({
        baseUrl,
        prefix,
        logout: logout !== undefined,
        ...(entityId === undefined ? {} : { entityId }),
      }),
    ),
    bodies: once(() => makeRequestBodies({ ...DEFAULT_BODY_LIMITS, ...limits })),
    pendingLogins: once(makePendingLogins),
    pendingLogouts: once(makePendingLogouts),
    pendingTests: once(makePendingTests),
    settingsPage: asValue(settingsPage !== false),
    testSignInDone: once(makeTestSignInDone),
    adminGuard: once(makeAdminGuard),
    renderPage: asValue(options.renderPage),
    showPersonPage: once(makeShowPersonPage),
    sendRefusal: once(makeSendRefusal),
    errorBoundary: once(makeErrorBoundary),
    findPlace: once(makeFindPlace),
    makeRoute: once(makeRouteMaker),
    parseSettings: once(makeParseSettings),
    readDraft: once(makeReadDraft),
    loginRoute: once(makeLoginRoute),
    signInPageRoute: once(makeSignInPageRoute),
    acsRoute: once(makeAcsRoute),
    metadataRoute: once(makeMetadataRoute),
    getSettingsRoute: once(makeGetSettingsRoute),
    putSettingsRoute: once(makePutSettingsRoute),
    licenseUsageRoute: once(makeLicenseUsageRoute),
    auditRoute: once(makeAuditRoute),
    auditExportRoute: once(makeAuditExportRoute),
    catalogRoutes: once(makeCatalogRoutes),
    inspectCertificatesRoute: once(makeInspectCertificatesRoute),
    openApiRoute: once(makeOpenApiRoute),
    previewRoute: once(makePreviewRoute),
    parseMetadataRoute: once(makeParseMetadataRoute),
    ownCertificates: asValue((serviceProvider?.keys ?? []).map(({ certificate }) => certificate)),
    loadAssets: once(makeLoadAssets),
    chooseTexts: asValue(makeChooseTexts(settingsPage === false ? {} : settingsPage?.texts)),
    pageUrls: once(makeFindPageUrls),
    loadPreview: once(makeLoadPreview),
    findProof: once(makeFindProof),
    loadProof: once(makeLoadProof),
    loadView: once(makeLoadView),
    saveDraft: once(makeSaveDraft),
    pageActions: once(makePageActions),
    pageRoutes: once((cradle) =>
      settingsPage === false
        ? undefined
        : {
            settings: makeSettingsPageRoutes(cradle),
            activity: makeActivityPageRoute(cradle),
            testResult: makeTestResultRoute(cradle),
            asset: makeAssetRoute(cradle),
          },
    ),
    testSignInRoutes: once(makeTestSignInRoutes),
    logoutRoutes: once((cradle) => {
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
    }),
    routes: once(makeRoutes),
  };
}

function storageOf({ knex, storage, tablePrefix, hostUsers }: SamlJitOptions): Storage {
  if (knex === undefined) {
    return storage === undefined || storage === "memory" ? makeMemoryStores() : storage;
  }
  return makeObjectionStores({ knex, ...database({ tablePrefix, hostUsers }) });
}

function maintenance(options: SamlJitOptions): Pick<SamlJit, "migrate" | "checkIntegrity"> {
  const { knex, hostUsers } = options;
  if (knex === undefined) {
    return { migrate: async () => undefined, checkIntegrity: async () => [] };
  }
  const given = database({ tablePrefix: options.tablePrefix, hostUsers });
  return {
    migrate: () => migrate({ knex, ...given, userTables: hostUsers === undefined }),
    checkIntegrity: () => checkIntegrity({ knex, ...given }),
  };
}

async function missing({
  knex,
  tablePrefix,
  hostUsers,
}: SamlJitOptions): Promise<readonly string[]> {
  if (knex === undefined) return [];
  const given = database({ tablePrefix, hostUsers: undefined });
  return missingMigrations({ knex, ...given, userTables: hostUsers === undefined });
}

/** Leaves out what the host left out. */
function database({
  tablePrefix,
  hostUsers,
}: {
  readonly tablePrefix: SamlJitOptions["tablePrefix"] | undefined;
  readonly hostUsers: SamlJitOptions["hostUsers"] | undefined;
}): Pick<SamlJitOptions, "tablePrefix" | "hostUsers"> {
  return {
    ...(tablePrefix === undefined ? {} : { tablePrefix }),
    ...(hostUsers === undefined ? {} : { hostUsers }),
  };
}

function tenantOf(raw: string): TenantId {
  const tenant = parseTenantId(raw);
  if (tenant === undefined) throw new TypeError("tenant must be a tenant's ID");
  return tenant;
}
