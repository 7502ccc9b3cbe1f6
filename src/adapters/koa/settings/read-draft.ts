import type { Settings } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { ParseSettings } from "../settings-document.ts";
import { settingsInvalid } from "./settings-problems.ts";

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
