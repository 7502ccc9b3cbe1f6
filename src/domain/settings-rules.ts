import { type CatalogFacts, exceedsOrganizationsOf, type RoleId } from "./access.ts";
import {
  type CertificateFacts,
  certificateFault,
  certificateWarnings,
} from "./certificate-rules.ts";
import { parseDomain } from "./email-address.ts";
import type { AutoProvisioning, Connection, Settings } from "./settings.ts";

/** Path in the settings document: member names and indexes, outermost first. */
export type SettingsPath = readonly (string | number)[];

/** A fault or warning of settings. */
export interface SettingsFault {
  /** Path of the fault. */
  readonly path: SettingsPath;
  /** Stable code. */
  readonly code: string;
  /** Message for administrators. */
  readonly message: string;
}

/** Input of the rules besides the settings. */
export interface SettingsFacts {
  readonly catalog: CatalogFacts;
  /** One per certificate of the connection, in order; `undefined` if it cannot be read. */
  readonly certificates: readonly (CertificateFacts | undefined)[];
  /** Whether the service provider has a key to sign requests with. */
  readonly canSignRequests: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const MAX_URL_LENGTH = 2000;
/** Maximum number of certificates of a connection; a rollover needs two. */
export const MAX_CERTIFICATES = 10;
/** Maximum length of an attribute name in the settings, in UTF-16 code units. */
export const MAX_ATTRIBUTE_NAME_LENGTH = 256;
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
    ...connectionFaults(settings, facts),
    ...emailFaults(settings),
    ...profileFaults(settings),
    ...provisioningFaults(settings.autoProvisioning, facts.catalog),
  ];
}

/** Warnings about valid settings. */
export function settingsWarnings(
  settings: Settings,
  facts: SettingsFacts,
): readonly SettingsFault[] {
  const { connection } = settings;
  if (connection === undefined) return [];
  const ofCertificates = facts.certificates.flatMap((certificate, index) =>
    certificate === undefined
      ? []
      : certificateWarnings(certificate, facts.now).map(({ code, message }) =>
          fault(["connection", "certificates", index], code, message),
        ),
  );
  const weak = connection.weakAlgorithms.map((algorithm, index) =>
    fault(
      ["connection", "weakAlgorithms", index],
      "weak-algorithm",
      `${algorithm} is weak. Allow it only while the identity provider supports nothing stronger.`,
    ),
  );
  return [...ofCertificates, ...weak];
}

function connectionFaults(settings: Settings, facts: SettingsFacts): readonly SettingsFault[] {
  const { connection, enabled } = settings;
  if (connection === undefined) {
    return enabled
      ? [
          fault(
            ["connection"],
            "required",
            "Connect an identity provider before you turn on single sign-on.",
          ),
        ]
      : [];
  }
  return [
    ...entityIdFaults(connection),
    ...urlFaults(["connection", "ssoUrl"], connection.ssoUrl),
    ...(connection.sloUrl === undefined
      ? []
      : urlFaults(["connection", "sloUrl"], connection.sloUrl)),
    ...certificateFaults(connection, facts),
    ...(connection.signRequests && !facts.canSignRequests
      ? [
          fault(
            ["connection", "signRequests"],
            "no-key",
            "This service has no key to sign requests with.",
          ),
        ]
      : []),
  ];
}

function entityIdFaults({ entityId }: Connection): readonly SettingsFault[] {
  return entityId.trim() !== entityId || entityId === "" || entityId.length > 1024
    ? [
        fault(
          ["connection", "entityId"],
          "entity-id-invalid",
          "The issuer must be 1 to 1,024 characters long, without leading or trailing white space.",
        ),
      ]
    : [];
}

function urlFaults(path: SettingsPath, text: string): readonly SettingsFault[] {
  return isWebUrl(text)
    ? []
    : [
        fault(
          path,
          "url-invalid",
          "Enter a complete http or https URL in ASCII, without credentials, a fragment or SAML parameters.",
        ),
      ];
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

function certificateFaults(connection: Connection, facts: SettingsFacts): readonly SettingsFault[] {
  const path = ["connection", "certificates"];
  if (connection.certificates.length === 0) {
    return [
      fault(path, "required", "Add at least one signing certificate of the identity provider."),
    ];
  }
  if (connection.certificates.length > MAX_CERTIFICATES) {
    return [fault(path, "too-many", `Add at most ${MAX_CERTIFICATES} certificates.`)];
  }
  return connection.certificates.flatMap((_, index) => {
    const found = certificateFault(facts.certificates[index]);
    return found === undefined ? [] : [fault([...path, index], found.code, found.message)];
  });
}

function emailFaults({ email }: Settings): readonly SettingsFault[] {
  const source =
    email.source.kind === "attribute"
      ? attributeNameFaults(
          ["email", "source", "name"],
          email.source.name,
          "Enter the name of the attribute that holds the email address.",
        )
      : [];
  const domains = email.allowedDomains.flatMap((domain, index) =>
    parseDomain(domain) === domain
      ? []
      : [
          fault(
            ["email", "allowedDomains", index],
            "domain-invalid",
            "Enter a domain name such as example.com.",
          ),
        ],
  );
  return [...source, ...domains];
}

function profileFaults({ profile }: Settings): readonly SettingsFault[] {
  return Object.entries(profile).flatMap(([member, name]) => {
    const path = ["profile", member];
    return attributeNameFaults(path, name, "Enter the name of an attribute, or leave this out.");
  });
}

function attributeNameFaults(
  path: SettingsPath,
  name: string,
  whenEmpty: string,
): readonly SettingsFault[] {
  if (name.length > MAX_ATTRIBUTE_NAME_LENGTH) {
    return [fault(path, "too-long", `Enter at most ${MAX_ATTRIBUTE_NAME_LENGTH} characters.`)];
  }
  const trimmed = name.trim();
  if (trimmed === "") return [fault(path, "required", whenEmpty)];
  return trimmed === name
    ? []
    : [
        fault(
          path,
          "attribute-name-invalid",
          "Remove the white space before or after the attribute name.",
        ),
      ];
}

function provisioningFaults(
  defaults: AutoProvisioning,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  const at = (...rest: SettingsPath): SettingsPath => ["autoProvisioning", ...rest];
  const needed =
    defaults.enabled && defaults.role === undefined
      ? [fault(at("role"), "required", "Choose a role for new users before you turn this on.")]
      : [];
  const policy = defaults.whenLicensesRunOut;
  return [
    ...needed,
    ...(defaults.role === undefined
      ? []
      : roleFaults(defaults.role, at("role"), defaults, catalog)),
    ...(policy.kind === "lite" ? liteFaults(policy.role, defaults, catalog) : []),
    ...defaults.groups.flatMap((id, index) =>
      catalog.groups.has(id)
        ? []
        : [fault(at("groups", index), "unknown", `The group ${id} does not exist.`)],
    ),
    ...organizationFaults(defaults, catalog),
  ];
}

function roleFaults(
  id: RoleId,
  path: SettingsPath,
  defaults: AutoProvisioning,
  { roles }: CatalogFacts,
): readonly SettingsFault[] {
  const role = roles.get(id);
  if (role === undefined) return [fault(path, "unknown", `The role ${id} does not exist.`)];
  const privileged =
    role.privileged && !defaults.privilegedRoleConfirmed
      ? [
          fault(
            ["autoProvisioning", "privilegedRoleConfirmed"],
            "confirmation-required",
            `Confirm that every new user gets the privileged role ${role.name}.`,
          ),
        ]
      : [];
  const tooMany = exceedsOrganizationsOf(role, defaults.organizations)
    ? [
        fault(
          path,
          "too-many-organizations",
          `Users with the role ${role.name} can access at most ${role.maxOrganizations} organizations.`,
        ),
      ]
    : [];
  return [...privileged, ...tooMany];
}

function liteFaults(
  id: RoleId,
  defaults: AutoProvisioning,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  const path: SettingsPath = ["autoProvisioning", "whenLicensesRunOut", "role"];
  const licensed = catalog.roles.get(id)?.licensed === true;
  return [
    ...(licensed
      ? [fault(path, "role-takes-a-license", "Choose a role that does not use a license.")]
      : []),
    ...roleFaults(id, path, defaults, catalog),
  ];
}

function organizationFaults(
  { enabled, organizations }: AutoProvisioning,
  catalog: CatalogFacts,
): readonly SettingsFault[] {
  if (organizations.kind === "all") return [];
  const path: SettingsPath = ["autoProvisioning", "organizations", "ids"];
  if (enabled && catalog.organizationRequired && organizations.ids.length === 0) {
    return [fault(path, "required", "Choose at least one organization.")];
  }
  return organizations.ids.flatMap((id, index) =>
    catalog.organizations.has(id)
      ? []
      : [fault([...path, index], "unknown", `The organization ${id} does not exist.`)],
  );
}

function fault(path: SettingsPath, code: string, message: string): SettingsFault {
  return { path, code, message };
}
