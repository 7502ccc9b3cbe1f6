import { type ComponentChildren, type Context, createContext, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { type FieldFault, faultsAt } from "../form/faults.ts";
import { PAGE_TEXTS } from "../texts/english.ts";
import { type PageTexts, timeText } from "../texts.ts";

/** What every part of a page may need. */
export interface PageContext {
  readonly texts: PageTexts;
  /** The time of the request, in milliseconds since the epoch. */
  readonly now: number;
}

/** The language and the time of the page that is rendered. */
export const ThisPage: Context<PageContext> = createContext<PageContext>({
  texts: PAGE_TEXTS,
  now: 0,
});

/** The heading of the screen: a section of the same name does not repeat it in sight. */
export const ScreenTitle: Context<string> = createContext("");

/** The texts of the page that is rendered. */
export function useTexts(): PageTexts {
  return useContext(ThisPage).texts;
}

/** Properties of every field. */
export interface FieldProps {
  /** The field's name, and its element's ID. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** Default: none. */
  readonly faults?: readonly FieldFault[];
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
      <h2 id={`${id}-title`} class={title === useContext(ScreenTitle) ? "unseen" : undefined}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** The faults of one field, each as a sentence. */
export function Faults(props: {
  readonly id: string;
  readonly faults: readonly FieldFault[];
}): VNode | null {
  const { id, faults } = props;
  const texts = useTexts();
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
function described(
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
function Hint(props: { readonly id: string; readonly text: string | undefined }): VNode | null {
  const { id, text } = props;
  if (text === undefined) return null;
  return (
    <p id={`${id}-hint`} class="hint">
      {text}
    </p>
  );
}

/** A label with its hint and faults, and the control that they are about. */
function Labelled(
  props: FieldProps & {
    readonly id: string;
    readonly optional?: boolean;
    readonly children: ComponentChildren;
  },
): VNode {
  const { id, label, hint, faults = [], optional = false, children } = props;
  const texts = useTexts();
  return (
    <div class="field">
      <label for={id}>
        {label} {optional && <span class="soft">{texts.optional}</span>}
      </label>
      <Hint id={id} text={hint} />
      <Faults id={id} faults={faults} />
      {children}
    </div>
  );
}

/** Nothing that is typed into a field is corrected. */
const AS_TYPED = { spellcheck: false, autocapitalize: "off", autocomplete: "off" } as const;

/** One line of text. */
export function TextField(
  props: FieldProps & {
    readonly value: string;
    readonly type?: "text" | "url" | "email" | undefined;
    readonly optional?: boolean;
    /** What is offered while typing; anything else may be typed. */
    readonly offered?: readonly string[];
  },
): VNode {
  const { name, hint, value, type = "text", offered = [] } = props;
  const faults = faultsAt(props.faults ?? [], name);
  return (
    <Labelled {...props} id={name} faults={faults}>
      <input
        id={name}
        name={name}
        // Not type=url: browsers would refuse to submit the form, including "Turn off now".
        type="text"
        inputMode={type}
        value={value}
        {...(offered.length === 0 ? {} : { list: `${name}-offered` })}
        {...AS_TYPED}
        {...described(name, hint, faults)}
      />
      {offered.length > 0 && (
        <datalist id={`${name}-offered`}>
          {offered.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea(
  props: FieldProps & { readonly value: string; readonly rows: number; readonly id?: string },
): VNode {
  const { name, hint, faults = [], value, rows, id = name } = props;
  return (
    <Labelled {...props} id={id}>
      <textarea id={id} name={name} rows={rows} {...AS_TYPED} {...described(id, hint, faults)}>
        {/* The first line break of a textarea is not part of its text. */}
        {`\n${value}`}
      </textarea>
    </Labelled>
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
  const { name, label, hint, checked, value = "1", id = name, disabled = false } = props;
  const { faults = [] } = props;
  return (
    <div class="field">
      <Faults id={id} faults={faults} />
      <div class="check">
        <input
          id={id}
          name={name}
          type="checkbox"
          value={value}
          checked={checked}
          disabled={disabled}
          {...described(id, hint, faults)}
        />
        <label for={id}>{label}</label>
      </div>
      <Hint id={id} text={hint} />
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
  const { name, label, hint, value, options } = props;
  const faults = faultsAt(props.faults ?? [], name);
  return (
    <fieldset id={name} tabindex={-1} {...described(name, hint, faults)}>
      <legend>{label}</legend>
      <Hint id={name} text={hint} />
      <Faults id={name} faults={faults} />
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
  const { name, hint, value, options } = props;
  const faults = faultsAt(props.faults ?? [], name);
  return (
    <Labelled {...props} id={name} faults={faults}>
      <select id={name} name={name} {...described(name, hint, faults)}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
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

const MINUTE_MS = 60_000;
/** Times of the last hour are written as minutes ago. */
const RECENT_MINUTES = 60;

/** A timestamp for users and scripts. */
export function Time(props: {
  readonly at: number;
  /** Whether only the day is of interest. */
  readonly day?: boolean;
}): VNode {
  const { at, day = false } = props;
  const { texts, now } = useContext(ThisPage);
  const text = timeText(at, texts.lang, day);
  const dateTime = new Date(at).toISOString();
  const minutes = Math.floor((now - at) / MINUTE_MS);
  if (day || minutes < 0 || minutes >= RECENT_MINUTES) {
    return <time dateTime={day ? dateTime.slice(0, 10) : dateTime}>{text}</time>;
  }
  const ago = new Intl.RelativeTimeFormat(texts.lang, { numeric: "auto" });
  return (
    <time dateTime={dateTime} title={text} data-minutes={minutes}>
      {ago.format(-minutes, "minute")}
    </time>
  );
}

/** A value to be copied elsewhere; the button is shown where scripts run. */
export function Copyable(props: {
  readonly id: string;
  readonly value: string;
  readonly label: string;
}): VNode {
  const { id, value, label } = props;
  const texts = useTexts();
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

/** A text whose URIs and addresses may break behind their separators. */
export function Breakable({ text }: { readonly text: string }): VNode {
  if (!/:\/\/|@|urn:/.test(text)) return <>{text}</>;
  const [first, ...rest] = text.split(/(?<=[/:@])(?=[^\s/])/);
  return (
    <>
      {first}
      {rest.map((part) => (
        <>
          <wbr />
          {part}
        </>
      ))}
    </>
  );
}

/** A row of facts; `lang` where the value is in another language than the page. */
export type FactRow = readonly [name: string, value: string | undefined, lang?: "en"];

/** Rows of a description list; those without a value are left out. */
export function FactRows(props: { readonly rows: readonly FactRow[] }): VNode {
  return (
    <>
      {props.rows.map(([name, value, lang]) =>
        value === undefined ? null : (
          <div>
            <dt>{name}</dt>
            <dd lang={lang}>
              <Breakable text={value} />
            </dd>
          </div>
        ),
      )}
    </>
  );
}

/** A table; on narrow screens each cell has the name of its column before it. */
export function Table(props: {
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}): VNode {
  const { caption, columns, rows } = props;
  return (
    <table>
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col">{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {row.map((cell, index) => (
              <td data-label={columns[index]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
