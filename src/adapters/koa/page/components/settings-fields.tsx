import type { ComponentChildren, VNode } from "preact";
import { faultsAt } from "../form/faults.ts";
import {
  FIELDS,
  type Field,
  type FlagField,
  type TextField as LineField,
  type ListField as LinesField,
} from "../form/fields.ts";
import type { PageView } from "../view.ts";
import {
  CheckField,
  type FieldProps,
  RadioGroup,
  SelectField,
  TextArea,
  TextField,
} from "./form-controls.tsx";

/** A field of the settings: its label, hint, value and faults are found by its name. */
interface Props<F extends Field> {
  readonly view: PageView;
  readonly field: F;
}

function commonOf({ view, field }: Props<Field>): FieldProps {
  const { texts, faults } = view;
  const hints: Readonly<Partial<Record<Field, string>>> = texts.hints;
  return {
    name: FIELDS[field],
    label: texts.fields[field],
    hint: hints[field],
    faults,
  };
}

/** One line of text. */
export function TextSetting(
  props: Props<LineField> & { readonly type?: "url"; readonly optional?: boolean },
): VNode {
  const { view, field, type, optional = false } = props;
  const value = view.draft.values[field];
  return <TextField {...commonOf(props)} value={value} type={type} optional={optional} />;
}

/** A list, one entry a line; faults of all entries stand at the field. */
export function LinesSetting(props: Props<LinesField> & { readonly rows: number }): VNode {
  const { view, field, rows } = props;
  const faults = view.faults.filter((fault) => fault.field === FIELDS[field]);
  const value = view.draft.values[field].join("\n");
  return <TextArea {...commonOf(props)} value={value} rows={rows} faults={faults} />;
}

/** A box to tick. */
export function CheckSetting(
  props: Props<FlagField> & { readonly hint?: string | undefined; readonly disabled?: boolean },
): VNode {
  const { view, field, disabled = false } = props;
  const common = commonOf(props);
  return (
    <CheckField
      {...common}
      hint={props.hint ?? common.hint}
      checked={view.draft.values[field]}
      disabled={disabled}
      faults={faultsAt(view.faults, FIELDS[field])}
    />
  );
}

/** A choice of few, of which each may have further fields. */
export function RadioSetting<F extends keyof PageView["texts"]["options"]>(
  props: Props<F> & {
    readonly nested?: Readonly<Record<string, ComponentChildren>>;
  },
): VNode {
  const { view, field, nested = {} } = props;
  const options = Object.entries(view.texts.options[field]).map(([value, label]) => {
    const children = nested[value];
    return { value, label, ...(children === undefined ? {} : { children }) };
  });
  return <RadioGroup {...commonOf(props)} value={view.draft.values[field]} options={options} />;
}

/** A choice from a short list. Default: the options that the texts name. */
export function SelectSetting(
  props: Props<LineField> & { readonly options: Parameters<typeof SelectField>[0]["options"] },
): VNode {
  const { view, field, options } = props;
  return <SelectField {...commonOf(props)} value={view.draft.values[field]} options={options} />;
}

/** Fields that are posted as they are, where the platform has no use for them. */
export function KeptSettings(props: {
  readonly view: PageView;
  readonly fields: readonly LineField[];
}): VNode {
  const { view, fields } = props;
  return (
    <>
      {fields.map((field) => (
        <input type="hidden" name={FIELDS[field]} value={view.draft.values[field]} />
      ))}
    </>
  );
}
