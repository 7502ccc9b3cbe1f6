import type { VNode } from "preact";
import { ActionButton } from "../components/form-controls.tsx";
import { isEdited } from "../form/form-state.ts";
import type { PageView } from "../view.ts";

/** Save buttons, always visible. */
export function SaveSection({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, draft } = view;
  const t = texts.switch;
  return (
    <section id="save" class="card" aria-label={t.save}>
      <div class="row">
        <ActionButton action="save" section="outcome" kind="first">
          {t.save}
        </ActionButton>
        {!stored.settings.enabled && (
          <ActionButton action="enable" section="outcome">
            {t.saveAndSwitchOn}
          </ActionButton>
        )}
        <span id="unsaved" class="soft" hidden={!isEdited(draft)}>
          {t.unsaved}
        </span>
      </div>
    </section>
  );
}
