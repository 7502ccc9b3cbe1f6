import type { SaveSettings } from "../../../application/settings/save-settings.ts";
import type { VersionedSettings } from "../../../domain/settings.ts";
import type { SettingsFault } from "../../../domain/settings-rules.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import { FIELDS } from "./form/fields.ts";
import { documentOf, valuesOf } from "./form/form-state.ts";
import { mergeDraft, resolveDisputes } from "./form/merge.ts";
import { NO_INPUTS } from "./form/read-form.ts";
import type { ActionRequest, ActionResult, PageState } from "./page-state.ts";

/** Saves the form completely or not at all; typed values are never lost. */
export type SaveDraft = (request: ActionRequest, state: PageState) => Promise<ActionResult>;

export function makeSaveDraft({
  parseSettings,
  saveSettings,
}: {
  readonly parseSettings: ParseSettings;
  readonly saveSettings: SaveSettings;
}): SaveDraft {
  return async (request, state) => {
    const { stored, tenantContext, administrator, posted, texts } = request;
    const { tenant } = tenantContext;
    const { resolutions, disputed } = state.inputs;
    const refused = (faults: readonly SettingsFault[]): ActionResult => ({
      kind: "page",
      state: { ...state, status: 422, faults },
    });
    const open = disputed.filter((field) => resolutions[field] === undefined);
    if (open.length > 0) {
      return refused(
        open.map((field) => ({
          path: [`resolve-${FIELDS[field]}`],
          code: "choice-needed",
          message: texts.problems.choiceNeeded,
        })),
      );
    }
    const draft = resolveDisputes(state.draft, resolutions);
    const decided: PageState = { ...state, draft, inputs: { ...state.inputs, ...UNDISPUTED } };
    if (draft.base.version !== stored.version) return conflicting(decided, stored);
    const enabled = posted.action.name === "enable" || stored.settings.enabled;
    const document = documentOf(draft, stored.settings, enabled);
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) return refused(parsed.faults);
    const saved = await saveSettings({
      tenant,
      settings: parsed.settings,
      base: stored,
      by: administrator.id,
      acceptUntested: state.inputs.untested,
    });
    if (saved.kind === "conflict") return conflicting(decided, saved.current);
    if (saved.kind === "invalid") {
      const atCheckbox = { path: ["untested"], message: texts.problems.untested };
      return refused(
        saved.faults.map((fault) =>
          fault.code === "untested" ? { ...fault, ...atCheckbox } : fault,
        ),
      );
    }
    return { kind: "reopen", done: "saved" };
  };
}

const { disputed, resolutions } = NO_INPUTS;
const UNDISPUTED = { disputed, resolutions };

/** Merges both changes into the form; conflicts require a choice. */
function conflicting(state: PageState, current: VersionedSettings): ActionResult {
  const theirs = {
    version: current.version,
    values: valuesOf(current.settings, state.draft.connection),
  };
  const merged = mergeDraft(state.draft, theirs);
  return {
    kind: "page",
    state: {
      ...state,
      status: 409,
      stored: current,
      draft: merged.draft,
      inputs: { ...state.inputs, disputed: merged.disputed, resolutions: {} },
      conflict: {
        by: current.savedBy,
        at: current.savedAt,
        taken: merged.taken,
        disputed: merged.disputed,
        before: state.draft.base.values,
        version: state.draft.base.version,
      },
    },
  };
}
