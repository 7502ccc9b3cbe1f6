import type { CatalogFacts } from "./access.ts";
import {
  type CertificateFacts,
  certificateFault,
  certificateWarnings,
} from "./certificate-rules.ts";
import { parseDomain } from "./email-address.ts";
import { provisioningFaults, provisioningWarnings } from "./provisioning-faults.ts";
import { type Connection, DEFAULT_CONNECTION, type Settings } from "./settings.ts";
import {
  attributeNameFaults,
  domainFault,
  fault,
  type SettingsFault,
  type SettingsPath,
} from "./settings-fault.ts";

export {
  MAX_ATTRIBUTE_NAME_LENGTH,
  type SettingsFault,
  type SettingsPath,
} from "./settings-fault.ts";

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
    ...provisioningFaults(settings.autoProvisioning, facts.catalog, new Set([DEFAULT_CONNECTION])),
  ];
}

/** Warnings about valid settings. */
export function settingsWarnings(
  settings: Settings,
  facts: SettingsFacts,
): readonly SettingsFault[] {
  const { connection } = settings;
  const ofProvisioning = provisioningWarnings(settings.autoProvisioning);
  if (connection === undefined) return ofProvisioning;
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
  return [...ofCertificates, ...weak, ...ofProvisioning];
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
    parseDomain(domain) === domain ? [] : [domainFault(["email", "allowedDomains", index])],
  );
  return [...source, ...domains];
}

function profileFaults({ profile }: Settings): readonly SettingsFault[] {
  return Object.entries(profile).flatMap(([member, name]) => {
    const path = ["profile", member];
    return attributeNameFaults(path, name, "Enter the name of an attribute, or leave this out.");
  });
}
