import type { GroupId, OrganizationAccess, RoleId } from "./access.ts";
import type { EmailSource } from "./email-identity.ts";
import type { ProfileMapping } from "./profile.ts";

/** Weak algorithms, refused unless a connection allows them. */
export type WeakAlgorithm = "sha1" | "rsa-1_5" | "triple-des";

/** Every {@link WeakAlgorithm}. */
export const WEAK_ALGORITHMS: readonly WeakAlgorithm[] = ["sha1", "rsa-1_5", "triple-des"];

/** A tenant's configuration of its identity provider. */
export interface Connection {
  /** Entity ID of the identity provider, compared exactly with every Issuer. */
  readonly entityId: string;
  /** URL for login requests (HTTP-Redirect binding). */
  readonly ssoUrl: string;
  /** URL for logout messages. Default: no single logout with this identity provider. */
  readonly sloUrl?: string;
  /** X.509 certificates of the signing keys, PEM or Base64; several during a rollover. */
  readonly certificates: readonly string[];
  /** Whether unsolicited responses are accepted (sign-ins that start at the identity provider). */
  readonly idpInitiated: boolean;
  /** Whether login requests are signed; requires a key of the service provider. */
  readonly signRequests: boolean;
  /** Weak algorithms allowed for this identity provider. */
  readonly weakAlgorithms: readonly WeakAlgorithm[];
  /** Whether certificates outside their validity period verify signatures. */
  readonly acceptExpiredCertificates: boolean;
}

/** Policy for a new user who would exceed the license limit. */
export type LicensePolicy =
  | { readonly kind: "deny" }
  | { readonly kind: "allow" }
  /** Create the user with this role, which uses no license. */
  | { readonly kind: "lite"; readonly role: RoleId };

/** ID of a connection within its tenant. */
export type ConnectionId = string;

/** The only connection of a tenant. */
export const DEFAULT_CONNECTION: ConnectionId = "default";

/** What a rule matches: one of the values, compared exactly. */
export type RuleCondition =
  /** A value of the attribute with this exact name. */
  | { readonly attribute: string; readonly anyOf: readonly string[] }
  /** The domain of the email address. Subdomains must be listed separately. */
  | { readonly emailDomain: readonly string[] }
  /** The connection through which the user signs in. */
  | { readonly connection: readonly ConnectionId[] };

/** A rule that refines the defaults for those new users whom it matches. */
export interface ProvisioningRule {
  /** Whom it matches. */
  readonly when: RuleCondition;
  /** Role instead of the default; the first matching rule with a role decides. */
  readonly role?: RoleId;
  /** Security groups in addition to the defaults. */
  readonly groups?: readonly GroupId[];
  /** Organizations in addition to the defaults. */
  readonly organizations?: OrganizationAccess;
  /** Do not create the user, whatever other rules say. */
  readonly refuse?: true;
}

/** Defaults for new users. */
export interface AutoProvisioning {
  /** Whether unknown users are created. */
  readonly enabled: boolean;
  /** Role; required if `enabled`. */
  readonly role?: RoleId;
  /** Whether an administrator has confirmed privileged roles, as the default and in rules. */
  readonly privilegedRoleConfirmed: boolean;
  /** Security groups. */
  readonly groups: readonly GroupId[];
  /** Organizations of the new user. */
  readonly organizations: OrganizationAccess;
  /** Policy when all licenses are in use. */
  readonly whenLicensesRunOut: LicensePolicy;
  /** Rules that refine the defaults when a user is created; never applied to existing users. */
  readonly rules: readonly ProvisioningRule[];
  /** Whether users whom no rule matches get the defaults or are refused. */
  readonly whenNoRuleMatches: "defaults" | "refuse";
}

/** The single sign-on settings of one tenant. */
export interface Settings {
  /** Whether users can sign in through the connection. */
  readonly enabled: boolean;
  /** The identity provider; required if `enabled`. */
  readonly connection?: Connection;
  /** Source of the email address, and domains that may sign in. */
  readonly email: {
    readonly source: EmailSource;
    /** Domains that may sign in; empty means all. Subdomains must be listed separately. */
    readonly allowedDomains: readonly string[];
  };
  /** Attributes with the names of new users. */
  readonly profile: ProfileMapping;
  /** Defaults for new users. */
  readonly autoProvisioning: AutoProvisioning;
}

/** A saved version of the settings. */
export interface VersionedSettings {
  /** The settings. */
  readonly settings: Settings;
  /** 1 for the first save, incremented by each save; 0 for unsaved defaults. */
  readonly version: number;
  /** Version in which the connection last changed; older login requests are void. */
  readonly connectionVersion: number;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  /** The host's ID of the administrator who saved. */
  readonly savedBy: string;
}

/** The settings of a tenant without saved settings: no sign-ins, no new users. */
export const DEFAULT_SETTINGS: Settings = {
  enabled: false,
  email: { source: { kind: "automatic" }, allowedDomains: [] },
  profile: {},
  autoProvisioning: {
    enabled: false,
    privilegedRoleConfirmed: false,
    groups: [],
    organizations: { kind: "selected", ids: [] },
    whenLicensesRunOut: { kind: "deny" },
    rules: [],
    whenNoRuleMatches: "defaults",
  },
};

/** The version 0 of a tenant without saved settings. */
export const UNSAVED_SETTINGS: VersionedSettings = {
  settings: DEFAULT_SETTINGS,
  version: 0,
  connectionVersion: 0,
  savedAt: 0,
  savedBy: "",
};

/** A draft as it would decide if enabled, for previews and test sign-ins. */
export function asEnabled(draft: Settings): Settings {
  return { ...draft, enabled: true };
}

/** The version that saving `next` over `current` creates. */
export function nextVersion(
  current: VersionedSettings,
  next: Settings,
  save: { readonly at: number; readonly by: string },
): VersionedSettings {
  const version = current.version + 1;
  const { connection } = current.settings;
  return {
    settings: next,
    version,
    connectionVersion: outlasts(connection, next.connection) ? current.connectionVersion : version,
    savedAt: save.at,
    savedBy: save.by,
  };
}

/**
 * Whether responses to login requests made under `old` are accepted under `next`: the same identity
 * provider at the same URL, and no certificate removed. Adding a certificate voids nothing:
 * responses are always verified with the current certificates, and a rollover must not interrupt
 * sign-ins.
 */
function outlasts(old: Connection | undefined, next: Connection | undefined): boolean {
  if (old === undefined || next === undefined) return old === next;
  return (
    old.entityId === next.entityId &&
    old.ssoUrl === next.ssoUrl &&
    old.certificates.every((certificate) => next.certificates.includes(certificate))
  );
}
