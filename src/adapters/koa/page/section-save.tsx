import type { VNode } from "preact";
import { faultsAt } from "./faults.ts";
import { ActionButton, CheckField, Section } from "./parts.tsx";
import type { PageView } from "./view.ts";

/** The end of the form: saves, and switches on what has been tested. */
export function SaveSection({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, faults, inputs } = view;
  const t = texts.switch;
  const { enabled } = stored.settings;
  const untested = faultsAt(faults, "untested");
  return (
    <Section id="save" title={enabled ? t.save : t.title}>
      {(!enabled || untested.length > 0) && (
        <CheckField
          name="untested"
          label={t.untested}
          hint={t.untestedHint}
          checked={inputs.untested}
          faults={untested}
          texts={texts}
        />
      )}
      <div class="row">
        <ActionButton action="save" section="settings" kind="first">
          {t.save}
        </ActionButton>
        {!enabled && (
          <ActionButton action="enable" section="settings">
            {t.saveAndSwitchOn}
          </ActionButton>
        )}
      </div>
    </Section>
  );
}
