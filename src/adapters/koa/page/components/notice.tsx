import type { VNode } from "preact";
import { named } from "../form/faults.ts";
import type { PageView } from "../view.ts";

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
