import type { Settings } from "../../../domain/settings.ts";
import type { SettingsFault, SettingsPath } from "../../../domain/settings-rules.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { MAX_FAULTS, type ParseSettings } from "../../settings-document/parse.ts";
import { type HttpProblem, jsonPointer, type ProblemFault, problem } from "../problems.ts";

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
export function problemFaults(
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
