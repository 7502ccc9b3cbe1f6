import { readFileSync } from "node:fs";
import {
  type AutoProvisioning,
  type IdentityProvider,
  type IdpMetadata,
  type OneConnectionSettings,
  type SamlJit,
  type Settings,
  SettingsInvalidError,
} from "../../src/mod.ts";
import { ConfigError, type DemoConfig, type DemoConnection } from "./config.ts";
import { roleNamed } from "./roles.ts";
import type { DemoState } from "./state.ts";

const APPLIED = "applied-environment";

/** Settings that the environment describes: single sign-on and auto-provisioning are on. */
export function settingsOf(config: DemoConfig, idp: IdpMetadata): OneConnectionSettings {
  return {
    enabled: true,
    connection: identityProviderOf(idp),
    email: { source: { kind: "automatic" }, allowedDomains: config.allowedDomains },
    profile: {},
    autoProvisioning: autoProvisioningOf(config),
    enforcement: config.enforcement,
  };
}

/** The same with the connections of `CONNECTIONS`. */
export function severalSettingsOf(
  config: DemoConfig,
  connections: readonly (DemoConnection & { readonly idp: IdpMetadata })[],
): Settings {
  return {
    enabled: true,
    connections: connections.map(({ id, name, idp, domains, acceptsOtherDomains }) => {
      // What may sign in at all is what a connection that lists no domains may sign in.
      const own = domains.length > 0 || acceptsOtherDomains === true;
      const listed = own ? domains : config.allowedDomains;
      return {
        id,
        name,
        enabled: true,
        idp: identityProviderOf(idp),
        email: { source: { kind: "automatic" } },
        profile: {},
        domains: listed,
        acceptsOtherDomains:
          acceptsOtherDomains ?? (connections.length === 1 && listed.length === 0),
      };
    }),
    sharedDomains: [],
    autoProvisioning: autoProvisioningOf(config),
    enforcement: config.enforcement,
  };
}

function identityProviderOf(idp: IdpMetadata): IdentityProvider {
  return {
    entityId: idp.entityId,
    ssoUrl: idp.ssoUrl,
    ...(idp.sloUrl === undefined ? {} : { sloUrl: idp.sloUrl }),
    ...(idp.sloResponseUrl === undefined ? {} : { sloResponseUrl: idp.sloResponseUrl }),
    ...(idp.sloBinding === undefined ? {} : { sloBinding: idp.sloBinding }),
    certificates: idp.certificates,
    idpInitiated: true,
    signRequests: idp.wantsSignedRequests,
    weakAlgorithms: [],
    acceptExpiredCertificates: false,
  };
}

function autoProvisioningOf(config: DemoConfig): AutoProvisioning {
  const { role, groups, organizations } = config.defaults;
  return {
    enabled: true,
    role,
    // Setting JIT_ROLE or JIT_RULES is the confirmation.
    privilegedRoleConfirmed: [role, ...config.rules.map((rule) => rule.role)].some(
      (name) => name !== undefined && roleNamed(name)?.privileged === true,
    ),
    groups,
    organizations:
      organizations === "all" ? { kind: "all" } : { kind: "selected", ids: organizations },
    whenLicensesRunOut: { kind: "deny" },
    rules: config.rules,
    whenNoRuleMatches: config.whenNoRuleMatches,
  };
}

/**
 * Saves the environment's settings, unless they are what was saved last time: what administrators
 * changed since survives a restart, and a changed environment overwrites it.
 *
 * @throws ConfigError when the settings would not work, with every fault.
 */
export async function applyEnvironment(deps: {
  readonly saml: SamlJit;
  readonly state: DemoState;
  readonly settings: OneConnectionSettings | Settings;
}): Promise<void> {
  const { saml, state, settings } = deps;
  const wanted = JSON.stringify(settings);
  if ((await state.read(APPLIED)) === wanted) return;
  try {
    await saml.saveSettings("default", settings, "environment");
  } catch (error) {
    if (!(error instanceof SettingsInvalidError)) throw error;
    throw new ConfigError(`The environment: ${error.message}`, { cause: error });
  }
  await state.write(APPLIED, wanted);
}

/**
 * Reads the metadata of the one identity provider in a file, or at a URL. Whoever sets the
 * environment may name any URL; settings cannot.
 *
 * @throws ConfigError when it cannot be read, or describes no identity provider or several.
 */
export async function readIdpMetadata(
  saml: SamlJit,
  source: string,
  variable: string,
): Promise<IdpMetadata> {
  const named = `${variable} ${source}`;
  const xml = /^https?:/i.test(source) ? await fetchText(source, named) : readText(source, named);
  return oneIdentityProvider(saml, xml, named);
}

/** The identity provider in `xml`. @throws ConfigError if there is not exactly one. */
export function oneIdentityProvider(saml: SamlJit, xml: string, source: string): IdpMetadata {
  const parsed = saml.parseIdpMetadata(xml);
  if (parsed.kind === "invalid") throw new ConfigError(`${source}: ${parsed.detail}`);
  const [first, ...others] = parsed.identityProviders;
  if (first === undefined || others.length > 0) {
    throw new ConfigError(
      `${source}: exactly one identity provider is needed, not ${parsed.identityProviders.length}`,
    );
  }
  return first;
}

const MAX_METADATA_OCTETS = 2 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 10_000;

async function fetchText(url: string, named: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const octets = await response.arrayBuffer();
    if (octets.byteLength > MAX_METADATA_OCTETS) throw new Error("more than 2 MB");
    return new TextDecoder().decode(octets);
  } catch (cause) {
    throw new ConfigError(`${named} cannot be read`, { cause });
  }
}

function readText(path: string, named: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`${named} cannot be read`, { cause });
  }
}
