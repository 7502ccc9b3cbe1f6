import type { SaveSettings } from "../../../application/settings/save-settings.ts";
import { defined } from "../../../domain/defined.ts";
import { toOneConnection } from "../../../domain/one-connection.ts";
import type { ConnectionId, Settings, VersionedSettings } from "../../../domain/settings.ts";
import type { SettingsFault } from "../../../domain/settings-rules.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import { FIELDS } from "./form/fields.ts";
import { documentOf, type FormState, listDocument, valuesOf } from "./form/form-state.ts";
import { mergeDraft, resolveDisputes } from "./form/merge.ts";
import { NO_INPUTS, type PostedForm } from "./form/read-form.ts";
import type { ActionRequest, ActionResult, PageState } from "./view.ts";

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
    const { document, shown } = changed(draft, stored.settings, enabled, posted);
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) return refused(parsed.faults);
    const saved = await saveSettings({
      tenant,
      settings: parsed.settings,
      base: stored,
      by: administrator,
      acceptUntested: state.inputs.untested,
    });
    if (saved.kind === "conflict") return conflicting(decided, saved.current);
    if (saved.kind === "invalid") {
      const atCheckbox = { path: ["untested"], code: "untested", message: texts.problems.untested };
      return refused(
        saved.faults.map((fault) =>
          // Enforcement has no box to tick: it needs a test.
          fault.code === "untested" && fault.path[0] === "enabled" ? atCheckbox : fault,
        ),
      );
    }
    return { kind: "reopen", done: "saved", ...defined({ shown }) };
  };
}

const { disputed, resolutions } = NO_INPUTS;
const UNDISPUTED = { disputed, resolutions };

/** What the pressed button saves, and the connection to show then. */
function changed(
  draft: FormState,
  stored: Settings,
  enabled: boolean,
  { action, inputs }: PostedForm,
): { readonly document: unknown; readonly shown?: ConnectionId } {
  const list = listDocument(draft, stored, enabled);
  switch (action.name) {
    case "add-connection": {
      const name = inputs.newConnection;
      const id = freeId(name, stored);
      const added = { id, name, enabled: false, acceptsOtherDomains: false };
      return { document: { ...list, connections: [...list.connections, added] }, shown: id };
    }
    case "connection-up": {
      const connections = [...list.connections];
      const at = connections.findIndex(({ id }) => id === action.argument);
      const [moved] = at > 0 ? connections.splice(at, 1) : [];
      if (moved !== undefined) connections.splice(at - 1, 0, moved);
      return { document: { ...list, connections }, shown: draft.connection };
    }
    case "remove-connection": {
      const connections = list.connections.filter(({ id }) => id !== draft.connection);
      return { document: { ...list, connections } };
    }
    default: {
      const shown = toOneConnection(stored) === undefined ? { shown: draft.connection } : {};
      return { document: documentOf(draft, stored, enabled), ...shown };
    }
  }
}

/** An ID made from a name, which no connection has. */
function freeId(name: string, { connections }: Settings): ConnectionId {
  const slug = (name.toLowerCase().match(/[a-z0-9]+/g) ?? ["connection"]).join("-").slice(0, 30);
  const base = slug.endsWith("-") ? slug.slice(0, -1) : slug;
  const taken = new Set(connections.map(({ id }) => id));
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id;
}

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
