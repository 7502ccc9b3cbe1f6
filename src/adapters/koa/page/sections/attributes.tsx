import type { VNode } from "preact";
import { ATTRIBUTE_PRESETS } from "../../../../domain/attribute-presets.ts";
import {
  ActionButton,
  RadioGroup,
  Section,
  SelectField,
  TextField,
} from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { FIELDS } from "../form/fields.ts";
import type { PageView } from "../view.ts";

/** How the identity provider's attributes are read. */
export function AttributesSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, inputs } = view;
  const t = texts.attributes;
  const { values } = draft;
  const common = { faults, texts };
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
          {...common}
        />
        <ActionButton action="apply-preset" section="outcome" live="email">
          {t.apply}
        </ActionButton>
      </div>
      <RadioGroup
        name={FIELDS.emailSource}
        label={t.email}
        value={values.emailSource}
        options={[
          { value: "automatic", label: t.automatic },
          { value: "name-id", label: t.nameId },
          {
            value: "attribute",
            label: t.attribute,
            children: (
              <TextField
                name={FIELDS.emailAttribute}
                label={t.attributeName}
                value={values.emailAttribute}
                {...common}
              />
            ),
          },
        ]}
        {...common}
      />
      <fieldset id="profile" tabindex={-1}>
        <legend>{t.names}</legend>
        <p class="hint">{t.namesHint}</p>
        {(["displayName", "firstName", "lastName"] as const).map((field) => (
          <TextField
            name={FIELDS[field]}
            label={t[field]}
            value={values[field]}
            optional
            {...common}
          />
        ))}
      </fieldset>
    </Section>
  );
}
