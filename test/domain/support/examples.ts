import type { CatalogFacts, Role, SeatsKnown } from "../../../src/domain/access.ts";
import type { CertificateFacts } from "../../../src/domain/certificate-rules.ts";
import { type EmailAddress, parseEmailAddress } from "../../../src/domain/email-address.ts";
import type { EmailIdentity } from "../../../src/domain/email-identity.ts";
import {
  fromOneConnection,
  type OneConnectionSettings,
} from "../../../src/domain/one-connection.ts";
import type { Asserted } from "../../../src/domain/provisioning-rules.ts";
import {
  type AutoProvisioning,
  type ConnectedConnection,
  type Connection,
  DEFAULT_CONNECTION_ID,
  type IdentityProvider,
  NEW_CONNECTION,
  type Settings,
  type VersionedSettings,
} from "../../../src/domain/settings.ts";
import type { SettingsFacts } from "../../../src/domain/settings-rules.ts";
import type { UserLookup, UserState } from "../../../src/domain/sign-in-decision.ts";

export const NOW: number = Date.UTC(2030, 0, 15);
export const DAY_MS: number = 24 * 3600 * 1000;

export const LITE: Role = {
  id: "lite",
  name: "Lite",
  licensed: false,
  privileged: false,
  maxOrganizations: 5,
};
export const EDITOR: Role = { id: "editor", name: "Editor", licensed: true, privileged: false };
export const ADMINISTRATOR: Role = {
  id: "administrator",
  name: "Administrator",
  licensed: true,
  privileged: true,
};

export const CATALOG: CatalogFacts = catalogOf();

export const PROVISIONING: AutoProvisioning = {
  enabled: true,
  role: "editor",
  privilegedRoleConfirmed: false,
  groups: ["designers", "reviewers"],
  organizations: { kind: "selected", ids: ["north", "south"] },
  whenLicensesRunOut: { kind: "deny" },
  rules: [],
  whenNoRuleMatches: "defaults",
};

export const IDP: IdentityProvider = {
  entityId: "https://idp.example/metadata",
  ssoUrl: "https://idp.example/sso",
  sloUrl: "https://idp.example/slo",
  certificates: ["MIIB"],
  idpInitiated: true,
  signRequests: false,
  weakAlgorithms: [],
  acceptExpiredCertificates: false,
};

export const CERTIFICATE: CertificateFacts = {
  subject: "CN=idp.example",
  issuer: "CN=idp.example",
  fingerprint: "AA:BB",
  notBefore: NOW - 100 * DAY_MS,
  notAfter: NOW + 400 * DAY_MS,
  keyType: "rsa",
  keyBits: 2048,
  keyExponent: 65_537,
};

export const CONNECTION: ConnectedConnection = {
  ...NEW_CONNECTION,
  idp: IDP,
  domains: ["corp.example"],
  acceptsOtherDomains: false,
};

/** Settings with {@link CONNECTION} only, in the short form. */
export const ONE: OneConnectionSettings = {
  enabled: true,
  connection: IDP,
  email: { source: { kind: "automatic" }, allowedDomains: ["corp.example"] },
  profile: {},
  autoProvisioning: PROVISIONING,
};

/** The same settings. */
export const SETTINGS: Settings = fromOneConnection(ONE);

/** The example catalog, with `changes`. */
export function catalogOf(changes: Partial<CatalogFacts> = {}): CatalogFacts {
  return {
    roles: new Map([LITE, EDITOR, ADMINISTRATOR].map((role) => [role.id, role])),
    groups: new Set(["designers", "reviewers"]),
    organizations: new Set(["north", "south", "east", "west", "center", "abroad"]),
    organizationRequired: true,
    ...changes,
  };
}

/** The example settings, saved, with `changes` to what new users get. */
export function savedSettings(
  provisioning: Partial<AutoProvisioning> = {},
  changes: Partial<Settings> = {},
): VersionedSettings {
  return {
    settings: {
      ...SETTINGS,
      autoProvisioning: { ...PROVISIONING, ...provisioning },
      ...changes,
    },
    version: 7,
    connectionVersions: new Map([[DEFAULT_CONNECTION_ID, 3]]),
    savedAt: NOW,
    savedBy: "admin",
  };
}

/** What the settings rules know besides the settings, with `changes`. */
export function factsOf(changes: Partial<SettingsFacts> = {}): SettingsFacts {
  return {
    catalog: CATALOG,
    certificates: [[CERTIFICATE]],
    activeExempt: true,
    canSignRequests: true,
    fetchesMetadata: true,
    now: NOW,
    ...changes,
  };
}

/** The normal form of an address that must be one. */
export function emailOf(text: string): EmailAddress {
  const parsed = parseEmailAddress(text);
  if (!parsed.ok) throw new Error(`${text} is not a valid email address: ${parsed.fault}`);
  return parsed.address;
}

export function identityOf(text: string): EmailIdentity {
  return { kind: "email", address: emailOf(text), from: ["NameID"] };
}

/** What an assertion with these attributes says besides the address. */
export function asserted(
  attributes: Readonly<Record<string, readonly string[]>> = {},
  connection: Connection = CONNECTION,
): Asserted {
  return {
    attributes: Object.entries(attributes).map(([name, values]) => ({ name, values })),
    connection,
  };
}

/** A person whom the host has. */
export function known(state: UserState, email = "ada@corp.example"): UserLookup {
  return { kind: "known", user: { id: "u1", email: emailOf(email), state } };
}

/** A person whom the host does not have. */
export function unknown(
  changes: { readonly catalog?: CatalogFacts; readonly licenses?: SeatsKnown } = {},
): UserLookup {
  return { kind: "unknown", catalog: CATALOG, licenses: { used: 3 }, ...changes };
}
