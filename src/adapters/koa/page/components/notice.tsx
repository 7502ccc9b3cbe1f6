import type { VNode } from "preact";
import { named } from "../form/faults.ts";
import { FIELDS, type Field, type Values } from "../form/fields.ts";
import { shownValue } from "../form/shown-value.ts";
import type { PageView } from "../view.ts";
import { Time } from "./form-controls.tsx";

/** Notice about the last action. */
export function Notice({ view }: { readonly view: PageView }): VNode | null {
  const { notice } = view;
  if (notice === undefined) return null;
  const { kind, text } = notice;
  return (
    <p id="notice" class={`notice ${kind === "done" ? "good" : "bad"}`} role={ROLE[kind]}>
      {text}
    </p>
  );
}

const ROLE = { done: "status", failed: "alert" } as const;

/** The same within a section, beside what it is about. */
export function SectionNotice(props: {
  readonly view: PageView;
  readonly section: string;
}): VNode | null {
  const { view, section } = props;
  if (view.notice?.at !== section) return null;
  return (
    <div id="outcome" tabindex={-1}>
      <Notice view={view} />
    </div>
  );
}

const MAX_SHOWN = 20;

/** Why nothing was saved: each fault links to its field. Gets the focus. */
export function ProblemSummary({ view }: { readonly view: PageView }): VNode | null {
  const { faults, texts } = view;
  const t = texts.problems;
  if (faults.length === 0) return null;
  return (
    <div id="problems" class="notice bad" role="alert">
      <h2>{t.title(faults.length)}</h2>
      <ul>
        {faults.slice(0, MAX_SHOWN).map((fault) => (
          <li>
            <a href={`#${fault.anchor}`}>{named(fault, texts)}</a>
          </li>
        ))}
      </ul>
      {faults.length > MAX_SHOWN && <p>{t.more(faults.length - MAX_SHOWN)}</p>}
    </div>
  );
}

/** Concurrent changes by another administrator, and the choice between conflicting ones. */
export function ConflictNotice({ view }: { readonly view: PageView }): VNode | null {
  const { conflict, texts, inputs, administrators } = view;
  const t = texts.conflict;
  const disputed = conflict?.disputed ?? inputs.disputed;
  if (conflict === undefined && disputed.length === 0) return null;
  return (
    <section id="conflict" class="notice warn" aria-labelledby="conflict-title">
      <h2 id="conflict-title">{t.title}</h2>
      {conflict !== undefined && (
        <>
          <p>
            {t.who(administrators.get(conflict.by) ?? conflict.by)} (
            <Time at={conflict.at} />)
          </p>
          <Taken fields={conflict.taken} view={view} before={conflict.before} />
          <Others view={view} />
        </>
      )}
      {disputed.length > 0 && <h3>{t.disputed}</h3>}
      {disputed.map((field) => (
        <Dispute field={field} view={view} />
      ))}
      <p>{t.saveAgain}</p>
    </section>
  );
}

function Taken(props: {
  readonly fields: readonly Field[];
  readonly view: PageView;
  readonly before: Values;
}): VNode | null {
  const { fields, view, before } = props;
  const { texts, draft } = view;
  const t = texts.conflict;
  if (fields.length === 0) return null;
  return (
    <>
      <h3>{t.taken}</h3>
      <ul>
        {fields.map((field) => (
          <li>
            <a href={`#${FIELDS[field]}`}>{texts.fields[field]}</a>: {t.before}{" "}
            <q>{shownValue(before, field, view)}</q>, {t.now}{" "}
            <q>{shownValue(draft.base.values, field, view)}</q>
          </li>
        ))}
      </ul>
    </>
  );
}

function Others({ view }: { readonly view: PageView }): VNode | null {
  const { texts, otherChanges } = view;
  const t = texts.conflict;
  if (otherChanges.length === 0) return null;
  return (
    <>
      <h3>{t.others}</h3>
      <ul>
        {otherChanges.map(({ what, change }) => (
          <li>
            {t.otherFields[what]}: <q>{change.replace(" -> ", " → ")}</q>
          </li>
        ))}
      </ul>
    </>
  );
}

function Dispute({ field, view }: { readonly field: Field; readonly view: PageView }): VNode {
  const { texts, draft, inputs, faults } = view;
  const t = texts.conflict;
  const name = `resolve-${FIELDS[field]}`;
  const sides = [
    { value: "mine", label: t.mine, text: shownValue(draft.values, field, view) },
    { value: "theirs", label: t.theirs, text: shownValue(draft.base.values, field, view) },
  ] as const;
  const undecided = faults.some(({ anchor }) => anchor === name);
  return (
    <fieldset id={name} tabindex={-1}>
      <legend>{texts.fields[field]}</legend>
      <input type="hidden" name="disputed" value={field} />
      {undecided && (
        <p class="fault">
          <strong>{texts.problems.problem}</strong> {texts.problems.choiceNeeded}
        </p>
      )}
      {sides.map(({ value, label, text }) => (
        <div class="check">
          <input
            type="radio"
            id={`${name}-${value}`}
            name={name}
            value={value}
            checked={inputs.resolutions[field] === value}
          />
          <label for={`${name}-${value}`}>
            {label}: <q>{text}</q>
          </label>
        </div>
      ))}
    </fieldset>
  );
}
