import type { LogoutCallbacks, RequireAdmin, ResolveTenant, SignIn } from "./adapters/koa/host.ts";
import type { SettingsPageTexts } from "./adapters/koa/page/choose-texts.ts";
import type { BodyLimits } from "./adapters/koa/request-body.ts";
import type { RenderPage } from "./adapters/koa/sign-in-page.ts";
import type { HostUsers } from "./adapters/objection/host-users.ts";
import type {
  ObjectionStores,
  ObjectionStoresDeps,
} from "./adapters/objection/objection-stores.ts";
import type { TimeLimits } from "./adapters/saml2-js/checks.ts";
import type { ServiceProviderKeyOptions } from "./adapters/saml2-js/service-provider-keys.ts";
import type { LicenseLimit } from "./application/host-licenses.ts";
import type { AccessCatalog } from "./ports/access-catalog.ts";
import type { Clock, Logger } from "./ports/environment.ts";
import type { Telemetry } from "./ports/telemetry.ts";

/** Where the plugin keeps what it keeps. */
export type Storage = Pick<ObjectionStores, "stores" | "unitOfWork">;

/** What the host says of its service provider. */
export interface ServiceProviderOptions {
  /** Our entity ID; may hold `:tenant`. The metadata's URL unless given. */
  readonly entityId?: string;
  /** RSA key pairs, newest first: the first signs, all decrypt. None unless given. */
  readonly keys?: readonly ServiceProviderKeyOptions[];
}

/** What the host says of the settings page. */
export interface SettingsPageOptions {
  /** Other words than ours, or a function that chooses them by the request. */
  readonly texts?: SettingsPageTexts;
}

/** Everything that a host says when it mounts the plugin. */
export interface PluginOptions {
  /** Absolute http or https URL under which browsers reach the host; with the path that proxies strip. */
  readonly baseUrl: string;
  /** Path of the plugin's routes; may hold `:tenant`. `/saml` unless given. */
  readonly prefix?: string;
  /** The host's database: SQLite, PostgreSQL or MySQL/MariaDB. Either this or `storage`. */
  readonly knex?: ObjectionStoresDeps["knex"];
  /** `memory` (everything is gone when the process ends), or stores of the host's own making. */
  readonly storage?: "memory" | Storage;
  /** Begins the name of every table of the plugin. `saml_jit_` unless given; only with `knex`. */
  readonly tablePrefix?: string;
  /** The host's own users. Tables of the plugin's own unless given; only with `knex`. */
  readonly hostUsers?: HostUsers;
  /** Our entity ID and keys. The metadata's URL and no key unless given. */
  readonly serviceProvider?: ServiceProviderOptions;
  /** Begins the host's session for somebody who got in. */
  readonly signIn: SignIn;
  /** Says who may administer single sign-on. There is no default: nothing is open by accident. */
  readonly requireAdmin: RequireAdmin;
  /** The host's roles, groups and organizations. */
  readonly catalog: AccessCatalog;
  /** Whether every user must have access to at least one organization. False unless given. */
  readonly organizationRequired?: boolean;
  /** The most seats of a tenant. No limit unless given. */
  readonly licenseLimit?: LicenseLimit;
  /** Says which tenant a request is for; needed if, and only if, `prefix` holds `:tenant`. */
  readonly resolveTenant?: ResolveTenant;
  /** Warnings and errors go to the console unless given. */
  readonly logger?: Logger;
  /** Watches sign-ins and the like, for tracing and metrics. Nothing is observed unless given. */
  readonly telemetry?: Telemetry;
  /** The system's clock unless given. */
  readonly clock?: Clock;
  /** The page on which administrators set everything up, or false for none. On unless given. */
  readonly settingsPage?: false | SettingsPageOptions;
  /** Shows the pages of people who sign in, in the host's own style. Plain ones unless given. */
  readonly renderPage?: RenderPage;
  /** Single logout; off unless given. */
  readonly logout?: LogoutCallbacks;
  /**
   * Dangerous: does without saml2-js's reading of every response. Several times as fast, and one
   * reading less between a parser's mistake and somebody else's account. False unless given.
   */
  readonly skipSecondReadingBySaml2Js?: boolean;
  /** Times in milliseconds, sizes in octets. */
  readonly limits?: Partial<TimeLimits & BodyLimits>;
}
