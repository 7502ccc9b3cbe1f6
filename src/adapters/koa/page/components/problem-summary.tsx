import type { VNode } from "preact";
import { named } from "../form/faults.ts";
import type { PageView } from "../view.ts";

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
