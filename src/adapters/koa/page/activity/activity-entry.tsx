import type { VNode } from "preact";
import type { AuditEntryView } from "../../audit/entry-formats.ts";
import { FactRows, Time } from "../components/form-controls.tsx";
import type { PageTexts } from "../texts.ts";

/** Details with their own label, not in the list of further details. */
const SHOWN: ReadonlySet<string> = new Set([
  "cause",
  "sent",
  "expected",
  "clockDifference",
  "reason",
]);

/** An audit entry; refusals show what failed and what to do. */
export function ActivityEntry(props: {
  readonly entry: AuditEntryView;
  readonly texts: PageTexts;
  readonly open: boolean;
}): VNode {
  const { entry, texts, open } = props;
  const t = texts.activity;
  const { at, outcome, code, email, userId, actor, reference, explanation, detail } = entry;
  const facts = [
    [t.failed, explanation?.sentence],
    [t.fix, explanation?.fix],
    [t.reason, detail["reason"]],
    [t.sent, detail["sent"]],
    [t.expected, detail["expected"]],
    [t.clockDifference, detail["clockDifference"]],
    [t.user, userId],
    [t.by, email === undefined ? undefined : actor],
    [t.code, [code, detail["cause"]].filter((part) => part !== undefined).join(": ")],
  ] as const;
  const more = Object.entries(detail).filter(([name]) => !SHOWN.has(name));
  return (
    <li class="entry">
      <p class="row">
        <span class={`badge ${code === undefined ? "good" : "bad"}`}>{t.outcomes[outcome]}</span>
        <strong>{email ?? actor ?? t.nobody}</strong>
        <span class="soft">
          <Time at={at} texts={texts} />
        </span>
        <code>{reference}</code>
      </p>
      {explanation !== undefined && !open && <p>{explanation.sentence}</p>}
      <details open={open}>
        <summary>
          {t.details} <span class="unseen">{reference}</span>
        </summary>
        <dl>
          <FactRows rows={facts} />
          {more.map(([name, value]) => (
            <div>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
