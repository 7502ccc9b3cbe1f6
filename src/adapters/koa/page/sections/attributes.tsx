import type { VNode } from "preact";
import { ATTRIBUTE_PRESETS } from "../../../../domain/attribute-presets.ts";
import { ActionButton, Section, SelectField } from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { RadioSetting, TextSetting } from "../components/settings-fields.tsx";
import type { PageView } from "../view.ts";

/** How the identity provider's attributes are read. */
export function AttributesSection({ view }: { readonly view: PageView }): VNode {
  const { texts, faults, inputs } = view;
  const t = texts.attributes;
  return (
    <Section id="email" title={t.title}>
      <SectionNotice view={view} section="email" />
      <div class="row end">
        <SelectField
          name="preset"
          label={t.preset}
          hint={t.presetHint}
          value={inputs.preset}
          options={[
            { value: "", label: t.choosePreset },
            ...ATTRIBUTE_PRESETS.map(({ vendor, name }) => ({ value: vendor, label: name })),
          ]}
          faults={faults}
        />
        <ActionButton action="apply-preset" section="outcome" live="email">
          {t.apply}
        </ActionButton>
      </div>
      <RadioSetting
        view={view}
        field="emailSource"
        nested={{ attribute: <TextSetting view={view} field="emailAttribute" /> }}
      />
      <fieldset id="profile" tabindex={-1}>
        <legend>{t.names}</legend>
        <p class="hint">{t.namesHint}</p>
        {(["displayName", "firstName", "lastName"] as const).map((field) => (
          <TextSetting view={view} field={field} optional />
        ))}
      </fieldset>
    </Section>
  );
}
