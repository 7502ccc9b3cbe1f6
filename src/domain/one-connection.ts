import type { ProfileMapping } from "./assertion.ts";
import { defined } from "./defined.ts";
import type { EmailSource } from "./email-identity.ts";
import {
  type AutoProvisioning,
  type Connection,
  DEFAULT_CONNECTION_ID,
  type Enforcement,
  type IdentityProvider,
  NEW_CONNECTION,
  NOT_ENFORCED,
  type Settings,
} from "./settings.ts";
import type { SettingsPath } from "./settings-rules.ts";

/**
 * Settings of a tenant with at most one connection, without what only several need. Documents and
 * stored settings have this form while it says everything, so a tenant with one connection never
 * meets the rest, and versions that know one connection only can still read them.
 */
export interface OneConnectionSettings {
  /** As in {@link Settings}. */
  readonly enabled: boolean;
  /** The identity provider of the only connection. */
  readonly connection?: IdentityProvider;
  /** Source of the email address, and domains that may sign in. */
  readonly email: {
    readonly source: EmailSource;
    /** Domains that may sign in; empty means all. */
    readonly allowedDomains: readonly string[];
  };
  /** Attributes with the names of new users. */
  readonly profile: ProfileMapping;
  /** Defaults for new users. */
  readonly autoProvisioning: AutoProvisioning;
  /** Who must use single sign-on. Default: nobody. */
  readonly enforcement?: Enforcement;
}

/** The settings that a short form means. */
export function fromOneConnection(short: OneConnectionSettings): Settings {
  const { enabled, connection: idp, email, profile } = short;
  const { autoProvisioning, enforcement = NOT_ENFORCED } = short;
  const connection: Connection = {
    id: NEW_CONNECTION.id,
    name: NEW_CONNECTION.name,
    enabled: NEW_CONNECTION.enabled,
    ...defined({ idp }),
    email: { source: email.source },
    profile,
    domains: email.allowedDomains,
    acceptsOtherDomains: email.allowedDomains.length === 0,
  };
  const empty = JSON.stringify(connection) === JSON.stringify(NEW_CONNECTION);
  const connections = empty ? [] : [connection];
  return { enabled, connections, sharedDomains: [], autoProvisioning, enforcement };
}

/** The short form of settings; `undefined` if it does not say everything that they say. */
export function toOneConnection(settings: Settings): OneConnectionSettings | undefined {
  const { connections, sharedDomains } = settings;
  const [connection = NEW_CONNECTION, ...others] = connections;
  const plain =
    connection.id === DEFAULT_CONNECTION_ID &&
    connection.name === NEW_CONNECTION.name &&
    connection.enabled &&
    connection.acceptsOtherDomains === (connection.domains.length === 0);
  return plain && others.length === 0 && sharedDomains.length === 0
    ? oneConnection(settings, connection)
    : undefined;
}

/** The settings as one of their connections sees them. */
export function oneConnection(
  { enabled, autoProvisioning, enforcement }: Settings,
  { idp, email, profile, domains }: Connection,
): OneConnectionSettings {
  return {
    enabled,
    ...defined({ connection: idp }),
    email: { source: email.source, allowedDomains: domains },
    profile,
    autoProvisioning,
    ...(enforcement.enabled || enforcement.exempt.length > 0 ? { enforcement } : {}),
  };
}

/**
 * The path in the short form of a path in settings.
 *
 * @param index of the connection that the short form shows. Default: 0.
 */
export function pathInOneConnection(path: SettingsPath, index = 0): SettingsPath {
  const [section, at, member, ...rest] = path;
  if (section !== "connections") return path;
  if (at === undefined) return ["connection"];
  if (at !== index) return path;
  switch (member) {
    case "idp":
      return ["connection", ...rest];
    case "domains":
      return ["email", "allowedDomains", ...rest];
    case undefined:
      return ["connection"];
    default:
      return [member, ...rest];
  }
}
