import { readFileSync } from "node:fs";
import {
  type IdpMetadata,
  type OneConnectionSettings,
  type SamlJit,
  SettingsInvalidError,
} from "../../src/mod.ts";
import { ConfigError, type DemoConfig } from "./config.ts";
import { roleNamed } from "./roles.ts";
import type { DemoState } from "./state.ts";

const APPLIED = "applied-environment";

/** Settings that the environment describes: single sign-on and auto-provisioning are on. */
export function settingsOf(config: DemoConfig, idp: IdpMetadata): OneConnectionSettings {
  const { role, groups, organizations } = config.defaults;
  return {
    enabled: true,
    connection: {
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
    },
    email: { source: { kind: "automatic" }, allowedDomains: config.allowedDomains },
    profile: {},
    autoProvisioning: {
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
    },
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
  readonly settings: OneConnectionSettings;
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
 * Reads the metadata of the one IdP to use.
 *
 * @throws ConfigError when `path` cannot be read, or describes no IdP or several.
 */
export function readIdpMetadata(saml: SamlJit, path: string): IdpMetadata {
  return oneIdentityProvider(saml, readText(path), `IDP_METADATA ${path}`);
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

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`IDP_METADATA ${path} cannot be read`, { cause });
  }
}
