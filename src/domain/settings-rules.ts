import type { CatalogFacts } from "./access.ts";
import {
  type CertificateFacts,
  certificateListWarnings,
  certificateTextFault,
} from "./certificate-rules.ts";
import { parseDomain, parseEmailAddress } from "./email-address.ts";
import { provisioningFaults, provisioningWarnings } from "./provisioning-faults.ts";
import type { Connection, IdentityProvider, Settings } from "./settings.ts";
import {
  attributeNameFaults,
  domainFault,
  fault,
  type SettingsFault,
  type SettingsPath,
} from "./texts/faults.ts";

export {
  MAX_ATTRIBUTE_NAME_LENGTH,
  type SettingsFault,
  type SettingsPath,
} from "./texts/faults.ts";

/** Input of the rules besides the settings. */
export interface SettingsFacts {
  readonly catalog: CatalogFacts;
  /**
   * The certificates of each connection, both in order; `undefined` for one that cannot be read.
   */
  readonly certificates: readonly (readonly (CertificateFacts | undefined)[])[];
  /** Whether an exempt address belongs to an active user. */
  readonly activeExempt: boolean;
  /** Email domains that are proven to be the tenant's; `undefined` if none need a proof. */
  readonly verifiedDomains?: ReadonlySet<string> | undefined;
  /** Those of them whose proof is lost. Default: none. */
  readonly lostDomains?: ReadonlySet<string>;
  /** Whether the service provider has a key to sign requests with. */
  readonly canSignRequests: boolean;
  /** Whether the host lets metadata be fetched. */
  readonly fetchesMetadata: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const MAX_URL_LENGTH = 2000;
/** Maximum number of connections of a tenant. */
export const MAX_CONNECTIONS = 50;
/** Maximum number of certificates of a connection; a rollover needs two. */
export const MAX_CERTIFICATES = 10;
/** The redirect binding adds these (bindings section 3.4.4.1). */
const SAML_PARAMETERS: readonly string[] = [
  "SAMLRequest",
  "SAMLResponse",
  "RelayState",
  "SigAlg",
  "Signature",
];

/** All faults of `settings`; empty if they are valid. */
export function settingsFaults(settings: Settings, facts: SettingsFacts): readonly SettingsFault[] {
  return [
    ...connectionsFaults(settings),
    ...settings.connections.flatMap((connection, index) =>
      connectionFaults(settings, connection, facts, index),
    ),
    ...provisioningFaults(
      settings.autoProvisioning,
      facts.catalog,
      new Set(settings.connections.map(({ id }) => id)),
    ),
    ...enforcementFaults(settings, facts),
  ];
}

/** Warnings about valid settings. */
export function settingsWarnings(
  settings: Settings,
  facts: SettingsFacts,
): readonly SettingsFault[] {
  return [
    ...settings.connections.flatMap(({ idp }, index) =>
      idp === undefined ? [] : idpWarnings(idp, facts, index),
    ),
    ...sharedDomains(settings).map(({ path, domain }) => fault(path, "domain-shared", { domain })),
    ...[...(facts.lostDomains ?? [])].map((domain) =>
      fault(placeOf(settings, domain), "domain-proof-lost", { domain }),
    ),
    ...provisioningWarnings(settings.autoProvisioning),
  ];
}

/** Where a domain is listed. */
function placeOf({ connections }: Settings, domain: string): SettingsPath {
  const connection = connections.findIndex(({ domains }) => domains.includes(domain));
  const index = connections[connection]?.domains.indexOf(domain);
  return index === undefined ? ["connections"] : ["connections", connection, "domains", index];
}

function idpWarnings(
  idp: IdentityProvider,
  { certificates, fetchesMetadata, now }: SettingsFacts,
  index: number,
): readonly SettingsFault[] {
  const path: SettingsPath = ["connections", index, "idp"];
  const ofCertificates = certificateListWarnings(certificates[index] ?? [], now).flatMap(
    (findings, at) =>
      findings.map((finding) => ({ path: [...path, "certificates", at], ...finding })),
  );
  const weak = idp.weakAlgorithms.map((algorithm, at) =>
    fault([...path, "weakAlgorithms", at], "weak-algorithm", { algorithm }),
  );
  const unread =
    idp.metadataUrl === undefined || fetchesMetadata
      ? []
      : [fault([...path, "metadataUrl"], "metadata-not-fetched")];
  return [...ofCertificates, ...weak, ...unread];
}

/** What is wrong between connections. */
function connectionsFaults(settings: Settings): readonly SettingsFault[] {
  const { connections, enabled } = settings;
  const usable = connections.some((connection) => connection.enabled);
  const needed = enabled && !usable ? [fault(["connections"], "required:connection")] : [];
  return [
    ...needed,
    ...repeated(connections, ({ id }) => id).map((index) =>
      fault(["connections", index, "id"], "not-unique:id"),
    ),
    ...repeated(connections, ({ name }) => name).map((index) =>
      fault(["connections", index, "name"], "not-unique:name"),
    ),
    ...repeated(connections, ({ idp }) => idp?.entityId).map((index) =>
      fault(["connections", index, "idp", "entityId"], "not-unique:issuer"),
    ),
    ...repeated(connections, (one) => one.enabled && one.acceptsOtherDomains).map((index) =>
      fault(["connections", index, "acceptsOtherDomains"], "not-unique:other-domains"),
    ),
    ...sharedDomains(settings)
      .filter(({ domain }) => !settings.sharedDomains.includes(domain))
      .map(({ path, domain }) => fault(path, "domain-of-other-connection", { domain })),
    ...settings.sharedDomains.flatMap((domain, index) =>
      domainFaults(["sharedDomains", index], domain),
    ),
  ];
}

function enforcementFaults(
  { enabled, enforcement }: Settings,
  { activeExempt }: SettingsFacts,
): readonly SettingsFault[] {
  const at = (...rest: SettingsPath): SettingsPath => ["enforcement", ...rest];
  const unusable = enforcement.exempt.flatMap((email, index) => {
    const parsed = parseEmailAddress(email);
    return parsed.ok && parsed.address === email
      ? []
      : [fault(at("exempt", index), "email-invalid")];
  });
  if (!enforcement.enabled || !enabled) return unusable;
  return activeExempt || unusable.length > 0 ? unusable : [fault(at("exempt"), "required:exempt")];
}

/** Indexes of those whose key an earlier one has; `undefined` and `false` are no keys. */
function repeated<T>(
  items: readonly T[],
  keyOf: (item: T) => string | true | false | undefined,
): readonly number[] {
  const seen = new Set<string | true>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    if (key === undefined || key === false) return [];
    if (seen.has(key)) return [index];
    seen.add(key);
    return [];
  });
}

/** Every domain that an earlier connection lists as well. */
function sharedDomains({
  connections,
}: Settings): readonly { readonly path: SettingsPath; readonly domain: string }[] {
  const owners = new Map<string, number>();
  return connections.flatMap(({ domains }, connection) =>
    domains.flatMap((domain, index) => {
      const owner = owners.get(domain) ?? connection;
      owners.set(domain, owner);
      const path: SettingsPath = ["connections", connection, "domains", index];
      return owner === connection ? [] : [{ path, domain }];
    }),
  );
}

const MAX_CONNECTION_NAME_LENGTH = 100;

function connectionFaults(
  { enabled }: Settings,
  connection: Connection,
  facts: SettingsFacts,
  index: number,
): readonly SettingsFault[] {
  const path: SettingsPath = ["connections", index];
  const { id, name, idp, domains } = connection;
  const trimmed = name.trim();
  return [
    ...(CONNECTION_ID.test(id) && id.length <= 40 ? [] : [fault([...path, "id"], "id-invalid")]),
    ...(trimmed === name && name !== "" && name.length <= MAX_CONNECTION_NAME_LENGTH
      ? []
      : [fault([...path, "name"], "name-invalid", { most: MAX_CONNECTION_NAME_LENGTH })]),
    ...(enabled && connection.enabled && idp === undefined
      ? [fault([...path, "idp"], "required:connection")]
      : []),
    ...(idp === undefined ? [] : idpFaults(idp, [...path, "idp"], facts, index)),
    ...emailFaults(connection, path),
    ...profileFaults(connection, path),
    ...domains.flatMap((domain, at) => [
      ...domainFaults([...path, "domains", at], domain),
      ...proofFaults([...path, "domains", at], domain, facts),
    ]),
  ];
}

const CONNECTION_ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function domainFaults(path: SettingsPath, domain: string): readonly SettingsFault[] {
  return parseDomain(domain) === domain ? [] : [domainFault(path)];
}

function proofFaults(
  path: SettingsPath,
  domain: string,
  { verifiedDomains }: SettingsFacts,
): readonly SettingsFault[] {
  return verifiedDomains === undefined || verifiedDomains.has(domain)
    ? []
    : [fault(path, "domain-not-verified", { domain })];
}

function idpFaults(
  idp: IdentityProvider,
  path: SettingsPath,
  { certificates, canSignRequests }: SettingsFacts,
  index: number,
): readonly SettingsFault[] {
  return [
    ...entityIdFaults(idp, path),
    ...metadataUrlFaults(idp, path),
    ...urlFaults([...path, "ssoUrl"], idp.ssoUrl),
    ...(idp.sloUrl === undefined ? [] : urlFaults([...path, "sloUrl"], idp.sloUrl)),
    ...(idp.sloResponseUrl === undefined
      ? []
      : urlFaults([...path, "sloResponseUrl"], idp.sloResponseUrl)),
    ...certificateFaults(idp, path, certificates[index] ?? []),
    ...(idp.signRequests && !canSignRequests ? [fault([...path, "signRequests"], "no-key")] : []),
  ];
}

function entityIdFaults(
  { entityId }: IdentityProvider,
  path: SettingsPath,
): readonly SettingsFault[] {
  return entityId.trim() !== entityId || entityId === "" || entityId.length > 1024
    ? [fault([...path, "entityId"], "entity-id-invalid")]
    : [];
}

function metadataUrlFaults(
  { metadataUrl }: IdentityProvider,
  path: SettingsPath,
): readonly SettingsFault[] {
  return metadataUrl === undefined || (isWebUrl(metadataUrl) && /^https:/i.test(metadataUrl))
    ? []
    : [fault([...path, "metadataUrl"], "metadata-url-invalid")];
}

function urlFaults(path: SettingsPath, text: string): readonly SettingsFault[] {
  return isWebUrl(text) ? [] : [fault(path, "url-invalid")];
}

function isWebUrl(text: string): boolean {
  // Parsers silently drop white space and control characters; a Location header must be ASCII.
  if (text.length > MAX_URL_LENGTH || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) {
    return false;
  }
  const url = new URL(text);
  return (
    (url.protocol === "https:" || url.protocol === "http:") &&
    url.username === "" &&
    url.password === "" &&
    !text.includes("#") &&
    !SAML_PARAMETERS.some((parameter) => url.searchParams.has(parameter))
  );
}

function certificateFaults(
  idp: IdentityProvider,
  within: SettingsPath,
  facts: readonly (CertificateFacts | undefined)[],
): readonly SettingsFault[] {
  const path = [...within, "certificates"];
  if (idp.certificates.length === 0) {
    return [fault(path, "required:certificate")];
  }
  if (idp.certificates.length > MAX_CERTIFICATES) {
    return [fault(path, "too-many:certificates", { most: MAX_CERTIFICATES })];
  }
  return idp.certificates.flatMap((text, index) => {
    const found = certificateTextFault(text, facts[index]);
    return found === undefined ? [] : [{ path: [...path, index], ...found }];
  });
}

function emailFaults(
  { email: { source } }: Connection,
  path: SettingsPath,
): readonly SettingsFault[] {
  return source.kind === "attribute"
    ? attributeNameFaults(
        [...path, "email", "source", "name"],
        source.name,
        "required:email-attribute",
      )
    : [];
}

function profileFaults({ profile }: Connection, path: SettingsPath): readonly SettingsFault[] {
  return Object.entries(profile).flatMap(([member, name]) =>
    attributeNameFaults([...path, "profile", member], name, "required:profile-attribute"),
  );
}
