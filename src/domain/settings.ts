import type { GroupId, OrganizationAccess, RoleId } from "./access.ts";
import type { ProfileMapping } from "./assertion.ts";
import { domainOf, type EmailAddress } from "./email-address.ts";
import type { EmailSource } from "./email-identity.ts";

/** Weak algorithms, refused unless a connection allows them. */
export type WeakAlgorithm = "sha1" | "rsa-1_5" | "triple-des";

/** Every {@link WeakAlgorithm}. */
export const WEAK_ALGORITHMS: readonly WeakAlgorithm[] = ["sha1", "rsa-1_5", "triple-des"];

/** Authentication contexts to ask for (SAML core section 3.3.2.2.1). */
export interface RequestedAuthnContext {
  /** URIs of classes, best first; at least one. */
  readonly classRefs: readonly string[];
  /** How the identity provider compares them with what it can do. */
  readonly comparison: AuthnContextComparison;
}

/** How authentication contexts are compared. */
export type AuthnContextComparison = "exact" | "minimum" | "maximum" | "better";

/** Every {@link AuthnContextComparison}. */
export const AUTHN_CONTEXT_COMPARISONS: readonly AuthnContextComparison[] = [
  "exact",
  "minimum",
  "maximum",
  "better",
];

/** How the browser carries messages (bindings sections 3.4 and 3.5). */
export type Binding = "redirect" | "post";

/** Every {@link Binding}. */
export const BINDINGS: readonly Binding[] = ["redirect", "post"];

/** An identity provider: what it is called, where it is, and how we talk to it. */
export interface IdentityProvider {
  /** Entity ID, compared exactly with every Issuer. */
  readonly entityId: string;
  /** https URL of its metadata, which refreshes follow. Default: nothing is fetched. */
  readonly metadataUrl?: string;
  /** URL for login requests. */
  readonly ssoUrl: string;
  /** Binding of login requests. Default: `redirect`. */
  readonly ssoBinding?: Binding;
  /** URL for logout messages. Default: no single logout with this identity provider. */
  readonly sloUrl?: string;
  /** URL for logout responses. Default: `sloUrl`. */
  readonly sloResponseUrl?: string;
  /** Binding of logout messages to the identity provider. Default: `redirect`. */
  readonly sloBinding?: Binding;
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
  /**
   * Whether users must authenticate at the identity provider for every sign-in; a response must say
   * that they have. Default: false.
   */
  readonly forceAuthn?: boolean;
  /** Authentication contexts that login requests ask for. Default: none. */
  readonly requestedAuthnContext?: RequestedAuthnContext;
  /**
   * Authentication context classes, compared exactly; a response must name one of them. Default: any,
   * or none.
   */
  readonly acceptedAuthnContextClasses?: readonly string[];
  /** NameID format that login requests ask for. Default: unspecified. */
  readonly nameIdFormat?: string;
  /**
   * Whether login requests leave out our ACS URL, for identity providers that know an additional one
   * only. Default: false.
   */
  readonly omitAcsUrl?: boolean;
}

/** What an identity provider is accepted with if nobody says otherwise. */
export const IDENTITY_PROVIDER_DEFAULTS: Pick<
  IdentityProvider,
  "idpInitiated" | "signRequests" | "weakAlgorithms" | "acceptExpiredCertificates"
> = {
  idpInitiated: true,
  signRequests: false,
  weakAlgorithms: [],
  acceptExpiredCertificates: false,
};

/** Name of a connection in URLs and documents; unique within the tenant, never changed. */
export type ConnectionId = string;

/** One way in: an identity provider, and what it may say of whom. */
export interface Connection {
  /** 1 to 40 lower-case letters, digits and single hyphens. */
  readonly id: ConnectionId;
  /** Name for users and administrators. */
  readonly name: string;
  /** Whether users can sign in through it, if single sign-on is on. */
  readonly enabled: boolean;
  /** The identity provider; required if `enabled` and single sign-on is on. */
  readonly idp?: IdentityProvider;
  /** Which part of the assertion holds the email address. */
  readonly email: { readonly source: EmailSource };
  /** Attributes with the names of new users. */
  readonly profile: ProfileMapping;
  /** Email domains it speaks for. Subdomains must be listed separately. */
  readonly domains: readonly string[];
  /** Whether it also speaks for domains that no connection lists. */
  readonly acceptsOtherDomains: boolean;
}

/** A connection with an identity provider. */
export type ConnectedConnection = Connection & { readonly idp: IdentityProvider };

/** Policy for a new user who would exceed the license limit. */
export type LicensePolicy =
  | { readonly kind: "deny" }
  | { readonly kind: "allow" }
  /** Create the user with this role, which uses no license. */
  | { readonly kind: "lite"; readonly role: RoleId };

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
  /**
   * What becomes of a newcomer whose persistent NameID is that of a user with another address: a
   * second user, with a warning, or a refusal until an administrator has changed the address.
   * Default: `create`.
   */
  readonly whenAddressChanged?: "create" | "refuse";
}

/** Who must sign in through single sign-on. It only answers the host's password form. */
export interface Enforcement {
  /** Whether the host's password form is closed to users of the connections' domains. */
  readonly enabled: boolean;
  /** Normalized addresses that may use passwords nevertheless. */
  readonly exempt: readonly string[];
}

/** Enforcement of a tenant that never turned it on. */
export const NOT_ENFORCED: Enforcement = { enabled: false, exempt: [] };

/** The single sign-on settings of one tenant. */
export interface Settings {
  /** Whether users can sign in through the enabled connections. */
  readonly enabled: boolean;
  /** The ways in, in the administrator's order. */
  readonly connections: readonly Connection[];
  /**
   * Domains that two connections list on purpose, while users move from one identity provider to
   * another.
   */
  readonly sharedDomains: readonly string[];
  /** Defaults for new users. */
  readonly autoProvisioning: AutoProvisioning;
  /** Who must use single sign-on; off whenever single sign-on is off. */
  readonly enforcement: Enforcement;
}

/** A saved version of the settings. */
export interface VersionedSettings {
  /** The settings. */
  readonly settings: Settings;
  /** 1 for the first save, incremented by each save; 0 for unsaved defaults. */
  readonly version: number;
  /** Version in which each connection last changed; its older login requests are void. */
  readonly connectionVersions: ReadonlyMap<ConnectionId, number>;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  /** The host's ID of the administrator who saved. */
  readonly savedBy: string;
}

/** The settings of a tenant without saved settings: no sign-ins, no new users. */
export const DEFAULT_SETTINGS: Settings = {
  enabled: false,
  connections: [],
  sharedDomains: [],
  autoProvisioning: {
    enabled: false,
    privilegedRoleConfirmed: false,
    groups: [],
    organizations: { kind: "selected", ids: [] },
    whenLicensesRunOut: { kind: "deny" },
    rules: [],
    whenNoRuleMatches: "defaults",
  },
  enforcement: NOT_ENFORCED,
};

/** The version 0 of a tenant without saved settings. */
export const UNSAVED_SETTINGS: VersionedSettings = {
  settings: DEFAULT_SETTINGS,
  version: 0,
  connectionVersions: new Map(),
  savedAt: 0,
  savedBy: "",
};

/** ID of the connection of tenants that have one and never named it. */
export const DEFAULT_CONNECTION_ID: ConnectionId = "default";

/** A connection without identity provider, as a tenant's first one begins. */
export const NEW_CONNECTION: Connection = {
  id: DEFAULT_CONNECTION_ID,
  name: "Single sign-on",
  enabled: true,
  email: { source: { kind: "automatic" } },
  profile: {},
  domains: [],
  acceptsOtherDomains: true,
};

/** The connection with this ID, if there is one. */
export function connectionById(
  { connections }: Settings,
  id: ConnectionId,
): Connection | undefined {
  return connections.find((connection) => connection.id === id);
}

/** The settings with `connection` in place of the one with its ID, if there is one. */
export function withConnection(settings: Settings, connection: Connection): Settings {
  const { id } = connection;
  const connections = settings.connections.map((one) => (one.id === id ? connection : one));
  return { ...settings, connections };
}

/** The connections through which users can sign in. */
export function openConnections(settings: Settings): readonly ConnectedConnection[] {
  return settings.enabled
    ? settings.connections.filter((one) => one.enabled).filter(isConnected)
    : [];
}

/** Whether a connection has an identity provider. */
export function isConnected(connection: Connection): connection is ConnectedConnection {
  return connection.idp !== undefined;
}

/** The connection whose identity provider has this entity ID. */
export function connectionOfIssuer(
  connections: readonly Connection[],
  issuer: string | undefined,
): ConnectedConnection | undefined {
  return connections.filter(isConnected).find(({ idp }) => idp.entityId === issuer);
}

/** Whether `connection` speaks for an email domain. */
export type DomainClaim =
  | { readonly kind: "speaks" }
  /** Another connection lists the domain, and this one does not. */
  | { readonly kind: "other"; readonly connection: Connection }
  | { readonly kind: "none" };

/** Whether `connection` may say who somebody of `domain` is. */
export function domainClaim(
  { connections }: Settings,
  connection: Connection,
  domain: string,
): DomainClaim {
  if (connection.domains.includes(domain)) return { kind: "speaks" };
  // Enabled or not: turning a connection off gives its domains to nobody.
  const other = connections.find(({ id, domains }) => {
    return id !== connection.id && domains.includes(domain);
  });
  if (other !== undefined) return { kind: "other", connection: other };
  return { kind: connection.acceptsOtherDomains ? "speaks" : "none" };
}

/**
 * The connection that users of `domain` sign in through: the first that lists it, otherwise the one
 * that accepts other domains.
 */
export function connectionOfDomain<T extends Connection>(
  connections: readonly T[],
  domain: string,
): T | undefined {
  return (
    connections.find(({ domains }) => domains.includes(domain)) ??
    connections.find(({ acceptsOtherDomains }) => acceptsOtherDomains)
  );
}

/** Maximum number of exempt addresses. */
export const MAX_EXEMPT = 100;

/** Whether an address must sign in through single sign-on. */
export type PasswordRule = "not-enforced" | "exempt" | "enforced";

/**
 * The rule for an address. Enforcement applies to the domains that the enabled connections list, to
 * all addresses if they list none. Nobody is held to a way that is closed.
 */
export function passwordRule(settings: Settings, email: EmailAddress): PasswordRule {
  const domain = domainOf(email);
  const open = openConnections(settings);
  const listed = open.flatMap(({ domains }) => domains);
  const applies = listed.length === 0 || listed.includes(domain);
  const canSignIn = open.some(
    (connection) => domainClaim(settings, connection, domain).kind === "speaks",
  );
  if (!settings.enforcement.enabled || !applies || !canSignIn) return "not-enforced";
  return settings.enforcement.exempt.includes(email) ? "exempt" : "enforced";
}

/** A draft as it would decide if enabled, for previews and test sign-ins. */
export function asEnabled(draft: Settings): Settings {
  return { ...draft, enabled: true };
}

/** The version that saving `next` over `current` creates. */
export function nextVersion(
  current: VersionedSettings,
  wanted: Settings,
  save: { readonly at: number; readonly by: string },
): VersionedSettings {
  const version = current.version + 1;
  const { enabled, enforcement } = wanted;
  const next = {
    ...wanted,
    enforcement: { ...enforcement, enabled: enabled && enforcement.enabled },
  };
  const since = ({ id, idp }: Connection): number => {
    const before = connectionById(current.settings, id);
    const kept = before !== undefined && outlasts(before.idp, idp);
    return (kept ? current.connectionVersions.get(id) : undefined) ?? version;
  };
  return {
    settings: next,
    version,
    connectionVersions: new Map(next.connections.map((one) => [one.id, since(one)])),
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
function outlasts(old: IdentityProvider | undefined, next: IdentityProvider | undefined): boolean {
  if (old === undefined || next === undefined) return old === next;
  return (
    old.entityId === next.entityId &&
    old.ssoUrl === next.ssoUrl &&
    // A request that did not force authentication cannot be answered by a forced one.
    (old.forceAuthn === true || next.forceAuthn !== true) &&
    old.certificates.every((certificate) => next.certificates.includes(certificate))
  );
}
