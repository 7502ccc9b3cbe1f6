import type { ComponentChildren, VNode } from "preact";
import { defined } from "../../../../domain/defined.ts";
import { type FieldFault, faultsAt } from "../form/faults.ts";
import type { PageTexts } from "../texts.ts";

/** Properties of every field. */
export interface FieldProps {
  /** The field's name, and its element's ID. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly faults: readonly FieldFault[];
  readonly texts: PageTexts;
}

/** A section with its heading. */
export function Section(props: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}): VNode {
  const { id, title, children } = props;
  return (
    <section id={id} class="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** The faults of one field, each as a sentence. */
export function Faults(props: {
  readonly id: string;
  readonly faults: readonly FieldFault[];
  readonly texts: PageTexts;
}): VNode | null {
  const { id, faults, texts } = props;
  if (faults.length === 0) return null;
  return (
    <div id={`${id}-fault`} class="fault">
      {faults.slice(0, MAX_SHOWN).map(({ text }) => (
        <p>
          <strong>{texts.problems.problem}</strong> {text}
        </p>
      ))}
      {faults.length > MAX_SHOWN && <p>{texts.problems.more(faults.length - MAX_SHOWN)}</p>}
    </div>
  );
}

const MAX_SHOWN = 5;

/** What tells assistive technology about a field's hint and faults. */
export function described(
  id: string,
  hint: string | undefined,
  faults: readonly FieldFault[],
): { readonly "aria-describedby"?: string; readonly "aria-invalid"?: "true" } {
  const ids = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(faults.length === 0 ? [] : [`${id}-fault`]),
  ];
  return {
    ...(ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") }),
    ...(faults.length === 0 ? {} : { "aria-invalid": "true" }),
  };
}

/** A hint under a label. */
export function Hint({ id, text }: { readonly id: string; readonly text?: string }): VNode | null {
  if (text === undefined) return null;
  return (
    <p id={`${id}-hint`} class="hint">
      {text}
    </p>
  );
}

/** One line of text. */
export function TextField(
  props: FieldProps & {
    readonly value: string;
    readonly type?: "text" | "url" | "email";
    readonly optional?: boolean;
  },
): VNode {
  const { name, label, hint, texts, value, type = "text", optional = false } = props;
  const faults = faultsAt(props.faults, name);
  return (
    <div class="field">
      <label for={name}>
        {label} {optional && <span class="soft">{texts.optional}</span>}
      </label>
      <Hint id={name} {...defined({ text: hint })} />
      <Faults id={name} faults={faults} texts={texts} />
      <input
        id={name}
        name={name}
        // Not type=url: browsers would refuse to submit the form, including "Turn off now".
        type="text"
        inputMode={type}
        value={value}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        {...described(name, hint, faults)}
      />
    </div>
  );
}

/** Several lines of text. */
export function TextArea(
  props: FieldProps & { readonly value: string; readonly rows: number; readonly id?: string },
): VNode {
  const { name, label, hint, texts, value, rows, id = name } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Hint id={id} {...defined({ text: hint })} />
      <Faults id={id} faults={props.faults} texts={texts} />
      <textarea
        id={id}
        name={name}
        rows={rows}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        {...described(id, hint, props.faults)}
      >
        {/* The first line break of a textarea is not part of its text. */}
        {`\n${value}`}
      </textarea>
    </div>
  );
}

/** A box to tick. */
export function CheckField(
  props: FieldProps & {
    readonly checked: boolean;
    readonly value?: string;
    readonly id?: string;
    readonly disabled?: boolean;
  },
): VNode {
  const { name, label, hint, texts, checked, value = "1", id = name, disabled = false } = props;
  return (
    <div class="field">
      <Faults id={id} faults={props.faults} texts={texts} />
      <div class="check">
        <input
          id={id}
          name={name}
          type="checkbox"
          value={value}
          checked={checked}
          disabled={disabled}
          {...described(id, hint, props.faults)}
        />
        <label for={id}>{label}</label>
      </div>
      <Hint id={id} {...defined({ text: hint })} />
    </div>
  );
}

/** One of several that exclude each other. */
export interface RadioOption {
  readonly value: string;
  readonly label: string;
  /** Further fields that belong to it. */
  readonly children?: ComponentChildren;
}

/** A group of options of which one is chosen. */
export function RadioGroup(
  props: FieldProps & { readonly value: string; readonly options: readonly RadioOption[] },
): VNode {
  const { name, label, hint, texts, value, options } = props;
  const faults = faultsAt(props.faults, name);
  return (
    <fieldset id={name} tabindex={-1} {...described(name, hint, faults)}>
      <legend>{label}</legend>
      <Hint id={name} {...defined({ text: hint })} />
      <Faults id={name} faults={faults} texts={texts} />
      {options.map((option) => (
        <div class="option">
          <div class="check">
            <input
              id={`${name}-${option.value}`}
              name={name}
              type="radio"
              value={option.value}
              checked={option.value === value}
            />
            <label for={`${name}-${option.value}`}>{option.label}</label>
          </div>
          {option.children !== undefined && <div class="nested">{option.children}</div>}
        </div>
      ))}
    </fieldset>
  );
}

/** A choice from a short list. */
export function SelectField(
  props: FieldProps & {
    readonly value: string;
    readonly options: readonly { readonly value: string; readonly label: string }[];
  },
): VNode {
  const { name, label, hint, texts, value, options } = props;
  const faults = faultsAt(props.faults, name);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <Hint id={name} {...defined({ text: hint })} />
      <Faults id={name} faults={faults} texts={texts} />
      <select id={name} name={name} {...described(name, hint, faults)}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Classes of the kinds of buttons. */
const BUTTONS = {
  first: "first",
  danger: "danger",
  small: "small",
  smallFirst: "small first",
  tile: "tile",
} as const;

/** A button that posts the form; afterwards the browser is at `section` again. */
export function ActionButton(props: {
  readonly action: string;
  readonly section: string;
  readonly children: ComponentChildren;
  readonly kind?: keyof typeof BUTTONS;
  /** Of several, whether it is the one that is chosen. */
  readonly pressed?: boolean;
  readonly label?: string;
  /** Answered without leaving the page, where scripts run: the ID of what is renewed. */
  readonly live?: string;
  /** Opens a tab for the test sign-in, where scripts run. */
  readonly test?: boolean;
}): VNode {
  const { action, section, children, kind, label, live, test = false, pressed } = props;
  return (
    <button
      type="submit"
      name="action"
      value={action}
      formaction={`?#${section}`}
      {...(kind === undefined ? {} : { class: BUTTONS[kind] })}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(live === undefined ? {} : { "data-live": live })}
      {...(test ? { "data-test": "" } : {})}
    >
      {children}
    </button>
  );
}

/** A timestamp for users and scripts. */
export function Time({ at, texts }: { readonly at: number; readonly texts: PageTexts }): VNode {
  const text = new Intl.DateTimeFormat(texts.lang, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  }).format(at);
  return <time dateTime={new Date(at).toISOString()}>{`${text} UTC`}</time>;
}

/** A value to be copied elsewhere; the button is shown where scripts run. */
export function Copyable(props: {
  readonly id: string;
  readonly value: string;
  readonly texts: PageTexts;
  readonly label: string;
}): VNode {
  const { id, value, texts, label } = props;
  return (
    <span class="copyable">
      <code id={id}>{value}</code>{" "}
      <button
        type="button"
        class="small"
        hidden
        data-copy={id}
        data-copied={texts.copied}
        aria-label={`${texts.copy}: ${label}`}
      >
        {texts.copy}
      </button>
    </span>
  );
}

/** Rows of a description list; those without a value are left out. */
export function FactRows(props: {
  readonly rows: readonly (readonly [name: string, value: string | undefined])[];
}): VNode {
  return (
    <>
      {props.rows.map(([name, value]) =>
        value === undefined ? null : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </>
  );
}
