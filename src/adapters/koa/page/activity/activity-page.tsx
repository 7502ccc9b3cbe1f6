import type { VNode } from "preact";
import { AUDIT_OUTCOMES } from "../../../../domain/audit.ts";
import type { AuditEntryView } from "../../audit/entry-formats.ts";
import { SelectField } from "../components/form-controls.tsx";
import { SideNavigation } from "../components/side-navigation.tsx";
import type { PageTexts } from "../texts.ts";
import type { PageUrls } from "../view.ts";
import { ActivityEntry } from "./activity-entry.tsx";
import { type ActivityQuery, activityAddress } from "./activity-query.ts";

/** Data of the activity page. */
export interface ActivityView {
  readonly texts: PageTexts;
  readonly urls: PageUrls;
  readonly query: ActivityQuery;
  readonly entries: readonly AuditEntryView[];
  /** Key of the next page. */
  readonly next: string | undefined;
  /** Number of refusals so far. */
  readonly refusals: number;
  /**
   * The addresses of the same entries as files; absent where the fields ask for nothing possible.
   */
  readonly exports: { readonly csv: string; readonly jsonl: string } | undefined;
}

/** The audit trail, newest first, with filters. */
export function ActivityPage({ view }: { readonly view: ActivityView }): VNode {
  const { texts, urls, query, entries, next, refusals } = view;
  const t = texts.activity;
  const paged = query.after !== "";
  return (
    <>
      <SideNavigation view={view} current="activity" />
      <main>
        <h1>{t.title}</h1>
        <Filter view={view} />
        <section class="card" aria-labelledby="entries-title">
          <h2 id="entries-title">{t.entries}</h2>
          {refusals > 0 && (
            <p class="soft">{t.refusals(new Intl.NumberFormat(texts.lang).format(refusals))}</p>
          )}
          {entries.length === 0 ? (
            <p>{t.nothing}</p>
          ) : (
            <ol class="plain entries">
              {entries.map((entry) => (
                <ActivityEntry entry={entry} texts={texts} open={query.reference !== ""} />
              ))}
            </ol>
          )}
          <p class="row">
            {paged && <a href={activityAddress(urls.activity, query, { after: "" })}>{t.newest}</a>}
            {next !== undefined && (
              <a href={activityAddress(urls.activity, query, { after: next })} rel="next">
                {t.older}
              </a>
            )}
          </p>
          {view.exports !== undefined && (
            <p class="row">
              {t.export}
              <a href={view.exports.csv}>CSV</a>
              <a href={view.exports.jsonl}>JSON Lines</a>
            </p>
          )}
        </section>
      </main>
    </>
  );
}

function Filter({ view }: { readonly view: ActivityView }): VNode {
  const { texts, query } = view;
  const t = texts.activity;
  const fields = [
    { name: "email", label: t.email, value: query.email, day: false },
    { name: "reference", label: t.reference, value: query.reference, day: false },
    { name: "from", label: t.from, value: query.from, day: true },
    { name: "until", label: t.until, value: query.until, day: true },
  ] as const;
  return (
    <form method="get" class="card" aria-label={t.filter}>
      <div class="filter">
        <SelectField
          name="show"
          label={t.show}
          value={query.show}
          options={[
            { value: "", label: t.everything },
            { value: "refused", label: t.refused },
            ...AUDIT_OUTCOMES.map((outcome) => ({ value: outcome, label: t.outcomes[outcome] })),
          ]}
          faults={[]}
          texts={texts}
        />
        {fields.map(({ name, label, value, day }) => (
          <div class="field">
            <label for={name}>{label}</label>
            {day ? (
              <input id={name} name={name} type="date" value={value} />
            ) : (
              <input id={name} name={name} type="text" value={value} autocomplete="off" />
            )}
          </div>
        ))}
      </div>
      <div class="row">
        <button type="submit" class="first">
          {t.apply}
        </button>
        <a href={view.urls.activity}>{t.clear}</a>
      </div>
    </form>
  );
}
