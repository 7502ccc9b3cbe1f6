import { type AwilixContainer, asFunction, createContainer, type Resolver } from "awilix/browser";
import type { HostMiddleware } from "./adapters/koa/host.ts";
import type { IntegrityFinding } from "./adapters/objection/integrity-findings.ts";
import type { Health } from "./application/check-health.ts";
import type { Purge } from "./application/purge.ts";
import type { LicenseUsageRead } from "./application/read-license-usage.ts";
import type { Receipt } from "./domain/receipt.ts";
import type { VersionedSettings } from "./domain/settings.ts";
import { parseTenantId, type TenantId } from "./domain/tenant.ts";
import type { Overrides } from "./plugin-container.ts";
import type { Inside, Makers } from "./plugin-cradle.ts";
import { maintenance } from "./plugin-database.ts";
import { httpMakers } from "./plugin-http.ts";
import { pluginOptionFaults } from "./plugin-option-faults.ts";
import type { PluginOptions } from "./plugin-options.ts";
import { DEFAULT_TENANT, outsideMakers, STORE_MAKERS } from "./plugin-outside.ts";
import { makeSeedSettings, type SeedSettings } from "./plugin-settings.ts";
import { type Around, observeOperations } from "./plugin-telemetry.ts";
import { useCaseMakers } from "./plugin-use-cases.ts";
import type { ParsedIdpMetadata } from "./ports/identity-port.ts";

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

/** The most tenants that one look at the health takes. */
export const MAX_HEALTH_TENANTS = 100;

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
  registerAll(container, outsideMakers(options));
  registerAll(container, useCaseMakers(options));
  registerAll(container, httpMakers(options));
  if (options.override !== undefined) override(container, options.override);
  registerAll(container, STORE_MAKERS);
  if (options.telemetry !== undefined) observeOperations(aroundIn(container), options.telemetry);
  const { cradle } = container;
  if (cradle.publicUrls.exposed) cradle.logger.warn({ event: "saml.base-url.unencrypted" });
  const { routes } = cradle;
  return Object.freeze({
    routes: () => routes,
    purge: cradle.purge,
    health: async (tenants = options.resolveTenant === undefined ? [DEFAULT_TENANT] : []) => {
      if (tenants.length > MAX_HEALTH_TENANTS) {
        throw new TypeError(`tenants must contain at most ${MAX_HEALTH_TENANTS} IDs`);
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

/** Each part is made once, when another needs it first. */
function registerAll(container: AwilixContainer<Inside>, makers: Partial<Makers<Inside>>): void {
  container.register(
    Object.fromEntries(
      Object.entries(makers).map(([name, make]) => [name, once<unknown>(make)] as const),
    ),
  );
}

function once<T>(make: (parts: Inside) => T): Resolver<T> {
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
  const alone = unknown.filter((name) => Object.hasOwn(STORE_MAKERS, name));
  if (alone.length > 0) {
    throw new TypeError(
      `createSamlJit: override can only replace storage, not ${alone.join(", ")}`,
    );
  }
  if (unknown.length > 0) {
    throw new TypeError(
      `createSamlJit: override: unknown container registration ${unknown.join(", ")}`,
    );
  }
}

function tenantOf(raw: string): TenantId {
  const tenant = parseTenantId(raw);
  if (tenant === undefined) throw new TypeError("tenant must be a valid tenant ID");
  return tenant;
}
