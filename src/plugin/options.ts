import type {
  LogoutCallbacks,
  RequireAdmin,
  ResolveTenant,
  SignIn,
} from "../adapters/koa/host-callbacks.ts";
import type { Theme } from "../adapters/koa/page/style.ts";
import type { LanguageOptions } from "../adapters/koa/page/texts.ts";
import type { BodyLimits } from "../adapters/koa/request.ts";
import type { RenderPage } from "../adapters/koa/sign-in/pages.tsx";
import { DEFAULT_TABLE_PREFIX } from "../adapters/objection/migrations/table-names.ts";
import type {
  ObjectionStores,
  ObjectionStoresDeps,
} from "../adapters/objection/objection-stores.ts";
import type { MakeHostUserDirectory } from "../adapters/objection/users/host-directory.ts";
import type { HostUsers } from "../adapters/objection/users/host-users.ts";
import type { ServiceProviderKeyOptions } from "../adapters/saml2-js/crypto/service-provider-keys.ts";
import type { ServiceProviderDescription } from "../adapters/saml2-js/metadata/sp-description.ts";
import type { TimeLimits } from "../adapters/saml2-js/response/checks.ts";
import {
  DEFAULT_SECOND_READING,
  type SecondReadingStrength,
} from "../adapters/saml2-js/second-reading/second-reading.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog, LicenseLimit, VerifiedDomains } from "../ports/access-catalog.ts";
import type { ResolveTxt } from "../ports/domain-proofs.ts";
import type { Clock, IdSource, Logger } from "../ports/environment.ts";
import type { Awaitable } from "../ports/errors.ts";
import type { IdentityPort } from "../ports/identity-port.ts";
import type { FetchMetadata } from "../ports/metadata-refresh.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Stores of the host's own, with their unit of work. */
export type Storage = Pick<ObjectionStores, "stores" | "unitOfWork">;

/** Options of the service provider. */
export interface ServiceProviderOptions extends ServiceProviderDescription {
  /** Our entity ID; may contain `:tenant`. Default: the metadata URL. */
  readonly entityId?: string;
  /** RSA key pairs, in any order; one of them signs. Default: none. */
  readonly keys?: readonly ServiceProviderKeyOptions[];
}

/** Options of {@link createSamlJit} except `override`. */
export interface PluginOptions {
  /**
   * Absolute http or https URL at which browsers reach the host, including a path that proxies
   * strip. The first label of its host name may be `:tenant`, as in `https://:tenant.example.com`.
   */
  readonly baseUrl: string;
  /**
   * Path of the plugin's routes; may contain `:tenant`, if `baseUrl` does not. Default: `/saml`.
   */
  readonly prefix?: string;
  /**
   * Further paths of the assertion consumer service, such as that of an old SAML library that
   * identity providers still know. Like `prefix`, below `baseUrl`. Default: none.
   */
  readonly additionalAcsPaths?: readonly string[];
  /** Knex instance for SQLite, PostgreSQL or MySQL/MariaDB. Required unless `storage` is set. */
  readonly knex?: ObjectionStoresDeps["knex"];
  /** `memory` (lost when the process ends), or the host's own stores. Excludes `knex`. */
  readonly storage?: "memory" | Storage;
  /** Prefix of the plugin's table names; requires `knex`. Default: `saml_jit_`. */
  readonly tablePrefix?: string;
  /** Mapping of the host's users; requires `knex`. Default: the plugin's own user tables. */
  readonly hostUsers?: HostUsers;
  /**
   * Makes the host's own directory of users over a transaction of the plugin, for hosts whose users
   * no mapping describes; requires `knex`, excludes `hostUsers`. Run its contract suite,
   * `hostUserDirectoryContract`.
   */
  readonly users?: MakeHostUserDirectory;
  /** Entity ID and keys. Default: the metadata URL as entity ID, no key. */
  readonly serviceProvider?: ServiceProviderOptions;
  /** Starts the host's session after a successful sign-in. */
  readonly signIn: SignIn;
  /** Decides who may administer single sign-on. Required, so that nothing is open by accident. */
  readonly requireAdmin: RequireAdmin;
  /** The host's roles, groups and organizations. */
  readonly catalog: AccessCatalog;
  /** Whether every user must have access to at least one organization. Default: false. */
  readonly organizationRequired?: boolean;
  /** Maximum number of seats of a tenant. Default: no limit. */
  readonly licenseLimit?: LicenseLimit;
  /**
   * Returns the email domains that are proven to belong to a tenant, or `dns`: administrators prove
   * them by TXT records. Connections may list no other, and addresses of other domains are refused.
   * Required where tenants share users. Default: no proof is needed.
   */
  readonly verifiedDomains?: "dns" | ((tenant: TenantId) => Awaitable<readonly string[]>);
  /**
   * How the metadata of identity providers is fetched, for connections with a `metadataUrl`.
   * `guarded`: over https from public addresses only, at most 2 MB in 10 seconds. Or a function of
   * the host's, which must not reach what administrators of tenants could not. Default: nothing is
   * fetched.
   */
  readonly fetchMetadata?: "guarded" | FetchMetadata;
  /**
   * Returns the tenant of a request. Required if `prefix` or `baseUrl` contains `:tenant`, otherwise
   * not allowed.
   */
  readonly resolveTenant?: ResolveTenant;
  /**
   * ID of the only tenant that this instance serves, for hosts whose users belong to tenants and
   * that have one instance for each. Excludes `:tenant`. Default: the tenant `default`.
   */
  readonly tenant?: string;
  /** Receives log events. Default: warnings and errors go to the console. */
  readonly logger?: Logger;
  /** Observes operations, for tracing and metrics. Default: none. */
  readonly telemetry?: Telemetry;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Whether administrators have the settings page. Default: true. */
  readonly settingsPage?: boolean;
  /**
   * Languages of the pages, and texts of the host's own. Default: English and German, as the
   * browser asks.
   */
  readonly languages?: LanguageOptions;
  /** The host's colour and font on the pages. Default: the plugin's own. */
  readonly theme?: Theme;
  /** Renders the pages for users in the host's style. Default: the plugin's own pages. */
  readonly renderPage?: RenderPage;
  /** Callbacks for single logout. Default: off. */
  readonly logout?: LogoutCallbacks;
  /**
   * What saml2-js does with a response that our own verification has accepted. `read`: it reads the
   * octets that were signed, and the result must be the same. `verify`: it also verifies the
   * signature, which takes three times as long. `off` is dangerous: nothing remains between a bug in
   * our reader and another user's account. Default: `read`.
   */
  readonly secondReading?: SecondReadingStrength;
  /** Whether to keep events for {@link SamlJit.deliverEvents}. Default: false. */
  readonly events?: boolean;
  /** Times in milliseconds, sizes in bytes. Defaults: see the members. */
  readonly limits?: Partial<TimeLimits & BodyLimits>;
}

type DefaultedOption =
  | "prefix"
  | "tablePrefix"
  | "organizationRequired"
  | "secondReading"
  | "settingsPage"
  | "events";

/** Defaults of options that are plain values; those of `limits` are where they are enforced. */
export const OPTION_DEFAULTS: Readonly<Required<Pick<PluginOptions, DefaultedOption>>> = {
  prefix: "/saml",
  tablePrefix: DEFAULT_TABLE_PREFIX,
  organizationRequired: false,
  secondReading: DEFAULT_SECOND_READING,
  settingsPage: true,
  events: false,
};

/** The registrations that a host can replace. */
export interface Cradle {
  // what the host gave
  /** Identifies this plugin instance within the process: base URL and prefix. */
  readonly instance: string;
  /** Path of the routes. */
  readonly prefix: string;
  /** The host's roles, groups and organizations. */
  readonly catalog: AccessCatalog;
  /** Whether every user must have access to at least one organization. */
  readonly organizationRequired: boolean;
  /** Maximum number of seats of a tenant. */
  readonly licenseLimit: LicenseLimit;
  /** Email domains that are proven to belong to a tenant. */
  readonly verifiedDomains: VerifiedDomains;
  /** Fetches the metadata of identity providers; absent if nothing is fetched. */
  readonly fetchMetadata: FetchMetadata | undefined;
  /** Returns the tenant of a request. */
  readonly resolveTenant: ResolveTenant;
  /** Decides who may administer single sign-on. */
  readonly requireAdmin: RequireAdmin;
  /** Starts the host's session. */
  readonly signIn: SignIn;
  // the outside
  /** Source of the current time. */
  readonly clock: Clock;
  /** Receives log events. */
  readonly logger: Logger;
  /** Creates IDs, references and digests. */
  readonly ids: IdSource;
  /** Looks up TXT records, for `verifiedDomains: "dns"`. */
  readonly resolveTxt: ResolveTxt;
  /** SAML. */
  readonly identity: IdentityPort;
  /** The stores and their transactions, which can only be replaced together. */
  readonly storage: Storage;
}

/** A registration, as created by `asValue`, `asFunction` or awilix. */
export interface Part<T> {
  /** Called by the container only. */
  resolve(container: never): T;
}

/** The part of the awilix container that `override` uses: known names, matching types. */
export interface Overrides {
  /** Replaces the registration `name`. */
  register<Name extends keyof Cradle>(name: Name, part: Part<Cradle[Name]>): unknown;
}

/** Tenant ID of a host without tenants. */
export const DEFAULT_TENANT = "default";
