import type { HostMiddleware } from "./adapters/koa/host-callbacks.ts";
import type { IntegrityAssumptions } from "./adapters/objection/integrity/integrity.ts";
import type { IntegrityFinding } from "./adapters/objection/integrity/integrity-queries.ts";
import type { RefreshConnections } from "./application/connections/refresh-connections.ts";
import type { PasswordAnswer } from "./application/enforcement.ts";
import type { DeliverEvents } from "./application/events.ts";
import { type Health, withCheck } from "./application/health.ts";
import type { LicenseUsageRead } from "./application/licenses.ts";
import type { Purge } from "./application/purge.ts";
import type { Receipt } from "./domain/receipt.ts";
import type { VersionedSettings } from "./domain/settings.ts";
import { parseTenantId, type TenantId } from "./domain/tenant.ts";
import { type CheckHost, makeCheckHost } from "./plugin/check-host.ts";
import { makeContainer } from "./plugin/container.ts";
import { pluginOptionFaults } from "./plugin/option-faults.ts";
import type { Overrides, PluginOptions } from "./plugin/options.ts";
import { DEFAULT_TENANT } from "./plugin/options.ts";
import type { SeedSettings } from "./plugin/seed-settings.ts";
import { maintenance } from "./plugin/storage.ts";
import type { ParsedIdpMetadata } from "./ports/identity-port.ts";

/** Options of {@link createSamlJit}. */
export interface SamlJitOptions extends PluginOptions {
  /** Replaces registrations of the container, named in {@link Cradle}, before any is resolved. */
  readonly override?: (container: Overrides) => void;
}

/** An instance of the plugin. */
export interface SamlJit {
  /** Every route under the prefix, as one middleware for `app.use`. */
  routes(): HostMiddleware;
  /**
   * Brings the plugin's tables up to date. Any number of processes may call it concurrently. What
   * {@link checkHost} finds without a new user is logged.
   */
  migrate(): Promise<void>;
  /** Deletes expired data. Call it from a timer. */
  purge: Purge;
  /**
   * Looks for what of the host keeps users from signing in: tables, columns and keys of the mapping,
   * stored addresses, whether a new user can be stored (and is rolled back), and whether responses reach
   * the plugin.
   */
  checkHost: CheckHost;
  /**
   * Reads the metadata of connections with a `metadataUrl` where it is due, if `fetchMetadata` is set:
   * adds new signing certificates, and keeps other changes for an administrator. Announces the
   * certificates that expire within 30, 14, 7 and 1 days, each once. Call it from a timer, such as
   * every hour, in any number of processes.
   */
  refreshConnections: RefreshConnections;
  /**
   * Delivers events to the host's handler: each at least once, those of a tenant in order. Requires
   * the option `events`. Call it from a timer; several processes may call it concurrently.
   *
   * @throws TypeError without the option `events`.
   * @throws StorageUnavailableError when the storage is not responding.
   */
  deliverEvents: DeliverEvents;
  /**
   * Looks for inconsistent data; returns an empty list if there is none. Reads only.
   *
   * @param assumptions seat limits to check, whether grants must be as provisioned, and since when the
   * audit trail is complete. Default: since its oldest entry.
   */
  checkIntegrity(assumptions?: IntegrityAssumptions): Promise<readonly IntegrityFinding[]>;
  /**
   * Reports whether sign-ins can work and which certificates expire soon, for a health route, with
   * what {@link checkHost} found last in this process. A failed check is a result, not an error.
   * Returns within seconds.
   *
   * @param tenants IDs of the tenants whose identity providers to check, at most
   * {@link MAX_HEALTH_TENANTS}. Default: the only tenant of a host without tenants, otherwise none.
   * @throws TypeError if a tenant ID is invalid or there are too many.
   */
  health(tenants?: readonly string[]): Promise<Health>;
  /** The receipt of a provisioned user; `undefined` for other users. */
  receipt(tenant: string, userId: string): Promise<Receipt | undefined>;
  /** The stored settings of a tenant; version 0 if none have been saved. */
  readSettings(tenant: string): Promise<VersionedSettings>;
  /**
   * Saves settings from code. Identical settings create no new version.
   *
   * @param document the body of `PUT /settings`.
   * @param by the actor for the audit trail.
   * @throws SettingsInvalidError with every fault.
   */
  saveSettings: SeedSettings;
  /**
   * Answers the host's password form: whether single sign-on is enforced for an address. Ask after
   * the password was right: every use of an exemption is audited.
   *
   * @throws StorageUnavailableError when the storage is not responding: let nobody in.
   */
  passwordAllowed(tenant: string, email: string): Promise<PasswordAnswer>;
  /** Parses the metadata of an identity provider, without network access. */
  parseIdpMetadata(xml: string): ParsedIdpMetadata;
  /** Seats taken in a tenant, how many of them by auto-provisioning, and the limit. */
  licenseUsage(tenant: string): Promise<LicenseUsageRead>;
  /** Releases the plugin's resources. The Knex instance remains the host's. */
  close(): Promise<void>;
}

/** Maximum number of tenants per call of {@link SamlJit.health}. */
export const MAX_HEALTH_TENANTS = 100;

/**
 * Creates an instance of the plugin: SAML 2.0 single sign-on with just-in-time provisioning for a
 * Koa host. Instances share nothing.
 *
 * @throws TypeError that lists every fault of the options.
 * @example
 * const saml = createSamlJit({ baseUrl, knex, catalog, requireAdmin, signIn });
 * await saml.migrate();
 * app.use(saml.routes());
 */
export function createSamlJit(options: SamlJitOptions): SamlJit {
  const faults = pluginOptionFaults(options);
  if (faults.length > 0) throw new TypeError(`createSamlJit: ${faults.join("; ")}`);
  const parts = makeContainer(options, options.override);
  if (parts.publicUrls.exposed) parts.logger.warn({ event: "saml.base-url.unencrypted" });
  const only = options.resolveTenant === undefined ? (options.tenant ?? DEFAULT_TENANT) : undefined;
  const tenantOf = (raw: string): TenantId => {
    const tenant = parseTenantId(raw);
    if (tenant === undefined) throw new TypeError("tenant must be a valid tenant ID");
    if (only !== undefined && tenant !== only) {
      throw new TypeError(`tenant must be ${only}, the only one of this instance, not ${tenant}`);
    }
    return tenant;
  };
  const { migrate, checkIntegrity } = maintenance(options);
  const { checkHost, warnOfHost, healthOfHost } = makeCheckHost({ ...parts, options }, only);
  return Object.freeze({
    migrate: async () => {
      await migrate();
      await warnOfHost();
    },
    checkHost,
    checkIntegrity,
    routes: () => parts.routes,
    purge: parts.purge,
    refreshConnections: parts.refreshConnections,
    deliverEvents: async (handler) => {
      if (options.events !== true) throw new TypeError("deliverEvents requires the option events");
      return parts.deliverEvents(handler);
    },
    health: async (tenants = only === undefined ? [] : [only]) => {
      if (tenants.length > MAX_HEALTH_TENANTS) {
        throw new TypeError(`tenants must contain at most ${MAX_HEALTH_TENANTS} IDs`);
      }
      return withCheck(await parts.checkHealth(tenants.map(tenantOf)), healthOfHost());
    },
    receipt: async (tenant, userId) => parts.readReceipt(tenantOf(tenant), userId),
    readSettings: async (tenant) => (await parts.readSettings(tenantOf(tenant))).stored,
    saveSettings: async (tenant, document, by) =>
      parts.seedSettings(tenantOf(tenant), document, by),
    passwordAllowed: async (tenant, email) => {
      if (await parts.passwordAllowed({ tenant: tenantOf(tenant), email })) {
        return { allowed: true };
      }
      const { root } = parts.publicUrls.forTenant(tenant);
      return { allowed: false, loginUrl: `${root}/login?email=${encodeURIComponent(email)}` };
    },
    parseIdpMetadata: (xml) => parts.identity.parseIdpMetadata(xml),
    licenseUsage: async (tenant) => parts.readLicenses.usage(tenantOf(tenant)),
    close: () => parts.dispose(),
  } satisfies SamlJit);
}
