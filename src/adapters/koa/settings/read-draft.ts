import type { SettingsRead } from "../../../application/settings/read-settings.ts";
import { type OneConnectionSettings, toOneConnection } from "../../../domain/one-connection.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { SettingsFault, SettingsPath } from "../../../domain/settings-rules.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import { faultsIn, MAX_FAULTS, type ParseSettings } from "../../settings-document/parse.ts";
import { type HttpProblem, jsonPointer, type ProblemFault, problem } from "../problems.ts";
import type { TenantContext } from "../tenant-context.ts";

/**
 * Reads an unsaved settings document under `settings` in a body.
 *
 * @throws HttpProblem 422 with every fault, at pointers under `/settings`.
 */
export type ReadDraft = (tenant: TenantId, document: unknown) => Promise<Settings>;

export function makeReadDraft({
  parseSettings,
}: {
  readonly parseSettings: ParseSettings;
}): ReadDraft {
  return async (tenant, document) => {
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) throw settingsInvalid(parsed.faults, ["settings"]);
    return parsed.settings;
  };
}

/**
 * Faults of a settings document at their JSON pointers, the first {@link MAX_FAULTS}.
 *
 * @param within path of the document in the body. Default: the body is the document.
 */
function problemFaults(
  faults: readonly SettingsFault[],
  within: SettingsPath = [],
): readonly ProblemFault[] {
  return faults.slice(0, MAX_FAULTS).map(({ path, code, message }) => ({
    pointer: jsonPointer([...within, ...path]),
    code,
    detail: message,
  }));
}

/** 422: settings that would not work, with every fault of them. */
export function settingsInvalid(
  faults: readonly SettingsFault[],
  within?: SettingsPath,
): HttpProblem {
  return problem("settings-invalid", { errors: problemFaults(faults, within) });
}

/** The settings document of `GET` and `PUT /settings`. */
export type SettingsView = (OneConnectionSettings | Settings) & {
  /** Read-only data; `PUT` ignores it. */
  readonly meta: {
    readonly version: number;
    /** Milliseconds since the epoch; absent if no settings have been saved. */
    readonly savedAt?: number;
    readonly savedBy?: string;
    readonly warnings: readonly ProblemFault[];
    /** Whether a test sign-in with these exact settings succeeded within the last 24 hours. */
    readonly tested: boolean;
    readonly serviceProvider: ServiceProvider & { readonly metadataUrl: string };
  };
};

/** The settings document with its read-only data. */
export function settingsView(
  { stored, warnings, tested }: SettingsRead,
  tenantContext: TenantContext,
): SettingsView {
  const { settings, version, savedAt, savedBy } = stored;
  const short = toOneConnection(settings);
  const form = short === undefined ? "several-connections" : "one-connection";
  return {
    ...(short ?? settings),
    meta: {
      version,
      ...(version === 0 ? {} : { savedAt, savedBy }),
      warnings: problemFaults(faultsIn(form, warnings)),
      tested,
      serviceProvider: { ...tenantContext.serviceProvider, metadataUrl: tenantContext.metadataUrl },
    },
  };
}

/** The strong entity tag (RFC 9110 section 8.8.3) of a version of the settings. */
export function entityTag(version: number): string {
  return `"${version}"`;
}
