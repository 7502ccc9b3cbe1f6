import { readFileSync } from "node:fs";
import { defined } from "../../src/domain/defined.ts";
import {
  type AutoProvisioning,
  type FetchMetadata,
  type IdentityProvider,
  type IdpMetadata,
  type OneConnectionSettings,
  type SamlJit,
  type Settings,
  SettingsInvalidError,
} from "../../src/mod.ts";
import { ConfigError, type DemoConfig, type DemoConnection, isLoopback } from "./config.ts";
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
    connections: connections.map(({ id, name, metadata, idp, domains, acceptsOtherDomains }) => {
      // What may sign in at all is what a connection that lists no domains may sign in.
      const own = domains.length > 0 || acceptsOtherDomains === true;
      const listed = own ? domains : config.allowedDomains;
      return {
        id,
        name,
        enabled: true,
        idp: { ...identityProviderOf(idp), ...defined({ metadataUrl: followedUrl(metadata) }) },
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

/** What settings can follow: https, without credentials; anything else is read at the start only. */
function followedUrl(metadata: string): string | undefined {
  const url = URL.canParse(metadata) ? new URL(metadata) : undefined;
  if (url?.protocol !== "https:" || `${url.username}${url.password}` !== "") return undefined;
  url.hash = "";
  return url.href;
}

function identityProviderOf(idp: IdpMetadata): IdentityProvider {
  const { entityId, ssoUrl, ssoBinding, sloUrl, sloResponseUrl, sloBinding, certificates } = idp;
  return {
    entityId,
    ssoUrl,
    ...defined({ ssoBinding, sloUrl, sloResponseUrl, sloBinding }),
    certificates,
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
  const wanted = JSON.stringify(settings, whatTheEnvironmentSays);
  if ((await state.read(APPLIED)) === wanted) return;
  try {
    await saml.saveSettings("default", settings, "environment");
  } catch (error) {
    if (!(error instanceof SettingsInvalidError)) throw error;
    throw new ConfigError(`The environment: ${error.message}`, { cause: error });
  }
  await state.write(APPLIED, wanted);
}

/** Of metadata that is followed the URL only: what it says changes by itself. */
function whatTheEnvironmentSays(_member: string, value: unknown): unknown {
  const followed = typeof value === "object" && value !== null && "metadataUrl" in value;
  return followed ? { metadataUrl: value.metadataUrl } : value;
}

/**
 * Fetches metadata of this computer, and anything else by `others`. For development: the package has
 * no such option, and the demo takes it only where nobody else can reach it.
 */
export function withLoopbackMetadata(others: FetchMetadata): FetchMetadata {
  return async (request) => {
    const { url } = request;
    if (!URL.canParse(url) || !isLoopback(new URL(url).hostname)) return others(request);
    try {
      return { kind: "metadata", xml: await fetchText(url, "error") };
    } catch (error) {
      const detail = error instanceof Error ? error.message : "the connection failed";
      return { kind: "failed", code: "not-reachable", detail };
    }
  };
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
  let xml: string;
  try {
    xml = /^https?:/i.test(source) ? await fetchText(source) : readFileSync(source, "utf8");
  } catch (cause) {
    throw new ConfigError(`${named} cannot be read`, { cause });
  }
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

async function fetchText(url: string, redirect: "follow" | "error" = "follow"): Promise<string> {
  const response = await fetch(url, { redirect, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const octets = await response.arrayBuffer();
  if (octets.byteLength > MAX_METADATA_OCTETS) throw new Error("more than 2 MB");
  return new TextDecoder().decode(octets);
}
