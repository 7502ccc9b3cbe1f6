import type { GroupId, OrganizationAccess, RoleId } from "./access.ts";
import type { EmailSource } from "./email-identity.ts";
import type { ProfileMapping } from "./profile.ts";

/** Algorithms that are refused unless a connection allows them by name. */
export type WeakAlgorithm = "sha1" | "rsa-1_5" | "triple-des";

/** Every {@link WeakAlgorithm}. */
export const WEAK_ALGORITHMS: readonly WeakAlgorithm[] = ["sha1", "rsa-1_5", "triple-des"];

/** What a tenant knows of its identity provider. */
export interface Connection {
  /** The IdP's entity ID, compared exactly with every Issuer. */
  readonly entityId: string;
  /** URL for login requests (HTTP-Redirect binding). */
  readonly ssoUrl: string;
  /** Where logout messages go; single logout is off when absent. */
  readonly sloUrl?: string;
  /** X.509 certificates of the IdP's signing keys, PEM or bare base64; several during a rollover. */
  readonly certificates: readonly string[];
  /** Whether responses that nobody asked for are taken (login from the IdP's tile). */
  readonly idpInitiated: boolean;
  /** Whether our login requests are signed; needs a key of the service provider. */
  readonly signRequests: boolean;
  /** Weak algorithms that this IdP cannot do without. */
  readonly weakAlgorithms: readonly WeakAlgorithm[];
  /** Whether a certificate outside its validity period still verifies signatures. */
  readonly acceptExpiredCertificates: boolean;
}

/** What happens when a provisioning would exceed the license limit. */
export type LicensePolicy =
  | { readonly kind: "deny" }
  | { readonly kind: "allow" }
  /** Provision with this role, which takes no license, instead. */
  | { readonly kind: "lite"; readonly role: RoleId };

/** What new users get. */
export interface AutoProvisioning {
  /** Whether unknown people are created. */
  readonly enabled: boolean;
  /** Their role; must be there when `enabled`. */
  readonly role?: RoleId;
  /** An administrator has confirmed that every new user gets a privileged role. */
  readonly privilegedRoleConfirmed: boolean;
  /** Their security groups. */
  readonly groups: readonly GroupId[];
  /** The organizations that they may access. */
  readonly organizations: OrganizationAccess;
  /** What happens when the last license is taken. */
  readonly whenLicensesRunOut: LicensePolicy;
}

/** All that an administrator configures, for one tenant. */
export interface Settings {
  /** Whether anybody can sign in through the connection. */
  readonly enabled: boolean;
  /** The identity provider; must be there when `enabled`. */
  readonly connection?: Connection;
  /** Where the address comes from, and which may sign in. */
  readonly email: {
    readonly source: EmailSource;
    /** Domains whose addresses may sign in; every domain when empty. Sub-domains count only if listed. */
    readonly allowedDomains: readonly string[];
  };
  /** Where new users' names come from; they reach the host when a user is created, never later. */
  readonly profile: ProfileMapping;
  /** What new users get. */
  readonly autoProvisioning: AutoProvisioning;
}

/** Settings as they were saved. */
export interface VersionedSettings {
  /** What was saved. */
  readonly settings: Settings;
  /** 1 for the first save, one more for each later one; 0 for the defaults that nobody saved. */
  readonly version: number;
  /** The version with which the connection last changed: login requests from before it are void. */
  readonly connectionVersion: number;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  /** Who saved: the host's own ID of an administrator. */
  readonly savedBy: string;
}

/** The settings of a tenant that has none: nobody gets in and nobody is created. */
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
  },
};

/** What stands for the settings of a tenant that has saved none. */
export const UNSAVED_SETTINGS: VersionedSettings = {
  settings: DEFAULT_SETTINGS,
  version: 0,
  connectionVersion: 0,
  savedAt: 0,
  savedBy: "",
};

/** A draft as it would decide once somebody enabled it: what a preview or a test sign-in is of. */
export function asEnabled(draft: Settings): Settings {
  return { ...draft, enabled: true };
}

/** The version after `current` when `next` is saved over it. */
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
 * Whether login requests that were made for `old` may be answered under `next`: the same identity
 * provider at the same address, and none of its keys withdrawn. A certificate that was added voids
 * nothing: responses are verified with the certificates of now whatever a request was made with, so
 * it would be trusted a moment later anyway, and a rollover must not interrupt anybody's sign-in.
 */
function outlasts(old: Connection | undefined, next: Connection | undefined): boolean {
  if (old === undefined || next === undefined) return old === next;
  return (
    old.entityId === next.entityId &&
    old.ssoUrl === next.ssoUrl &&
    old.certificates.every((certificate) => next.certificates.includes(certificate))
  );
}
