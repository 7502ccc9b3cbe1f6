import type { VNode } from "preact";
import type { PageAudit } from "../../../../application/audit/audit.ts";
import { AUDIT_OUTCOMES, type AuditEntry } from "../../../../domain/audit.ts";
import { defined } from "../../../../domain/defined.ts";
import type { Clock } from "../../../../ports/environment.ts";
import type { Handler } from "../../error-boundary.ts";
import type { AdminGuard } from "../../guards.ts";
import { FactRows, SelectField, Time } from "../components/form-controls.tsx";
import { SideNavigation } from "../components/side-navigation.tsx";
import { type FindPageUrls, renderDocument, sendDocument } from "../document.tsx";
import { detailLabel } from "../form/faults.ts";
import { type ChooseTexts, explanationIn, type PageTexts } from "../texts.ts";
import type { PageUrls } from "../view.ts";
import {
  type ActivityQuery,
  activityAddress,
  activityAfter,
  activityFilter,
  exportParameters,
  readActivityQuery,
} from "./activity-query.ts";

export interface ActivityPageRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly pageAudit: PageAudit;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
  readonly clock: Clock;
}

const PAGE = 25;

/** `GET /settings/page/activity`: the audit trail as a page. */
export function makeActivityPageRoute(deps: ActivityPageRouteDeps): Handler {
  const { adminGuard, pageAudit, chooseTexts, pageUrls, clock } = deps;
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    const query = readActivityQuery({ ...ctx.query });
    const filter = activityFilter(query);
    const after = activityAfter(query);
    const read = await pageAudit({
      tenant: tenantContext.tenant,
      // An invalid filter matches nothing.
      filter: filter ?? { outcomes: [] },
      limit: PAGE,
      named: true,
      ...defined({ after }),
    });
    const file = (format: "csv" | "jsonl") =>
      `${urls.export}?${exportParameters(filter ?? {}, format)}`;
    const view = {
      texts,
      urls,
      query,
      entries: read.entries,
      next: read.next,
      refusals: read.refusals,
      exports: filter === undefined ? undefined : { csv: file("csv"), jsonl: file("jsonl") },
    };
    const html = renderDocument({
      title: `${texts.activity.title}: ${texts.title}`,
      texts,
      urls,
      now: clock.now(),
      children: <ActivityPage view={view} />,
    });
    sendDocument(ctx, { status: 200, html, urls, postsTo: [urls.activity] });
  };
}

/** Data of the activity page. */
export interface ActivityView {
  readonly texts: PageTexts;
  readonly urls: PageUrls;
  readonly query: ActivityQuery;
  readonly entries: readonly AuditEntry[];
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
function ActivityPage({ view }: { readonly view: ActivityView }): VNode {
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

/** Details with their own label, not in the list of further details. */
const SHOWN: ReadonlySet<string> = new Set([
  "cause",
  "sent",
  "expected",
  "clockDifference",
  "reason",
  "actorName",
]);

/** An audit entry; refusals show what failed and what to do. */
function ActivityEntry(props: {
  readonly entry: AuditEntry;
  readonly texts: PageTexts;
  readonly open: boolean;
}): VNode {
  const { entry, texts, open } = props;
  const t = texts.activity;
  const { at, outcome, code, email, userId, actor, reference, detail } = entry;
  const explanation = code === undefined ? undefined : explanationIn(texts, code, detail["cause"]);
  const facts = [
    [t.failed, explanation?.sentence],
    [t.fix, explanation?.fix],
    [t.reason, detail["reason"], "en"],
    [t.sent, detail["sent"]],
    [t.expected, detail["expected"]],
    [t.clockDifference, detail["clockDifference"], "en"],
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
              <dt>{detailLabel(name, texts)}</dt>
              <dd>{value.replace(" -> ", " → ")}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
