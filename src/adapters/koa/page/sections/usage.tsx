import type { VNode } from "preact";
import type { LicenseReport, LicenseUsageRead } from "../../../../application/licenses.ts";
import { seatChange } from "../../../../domain/access.ts";
import type { Forecast } from "../../../../domain/license-report.ts";
import { ActionButton, Section, Table, Time } from "../components/form-controls.tsx";
import { explanationIn, type PageTexts, whoIs } from "../texts.ts";
import type { PageView } from "../view.ts";

/** Seats taken, and the effect of the next new user with the form values. */
export function LicensesSection({ view }: { readonly view: PageView }): VNode {
  const { texts, usage } = view;
  const t = texts.licenses;
  if (usage === "late") {
    return (
      <Section id="licenses" title={t.title}>
        <p>{t.late}</p>
        <ActionButton action="count-seats" section="licenses" live="licenses">
          {t.count}
        </ActionButton>
      </Section>
    );
  }
  if (usage === undefined) {
    return (
      <Section id="licenses" title={t.title}>
        <p class="fault">{texts.unavailable}</p>
      </Section>
    );
  }
  const { used, usedByJit, limit } = usage;
  const number = new Intl.NumberFormat(texts.lang);
  const says =
    limit === undefined
      ? t.usedUnlimited(number.format(used))
      : t.used(number.format(used), number.format(limit));
  return (
    <Section id="licenses" title={t.title}>
      <p>
        <strong>{says}</strong>, {t.byJit(number.format(usedByJit))}
      </p>
      {limit !== undefined && limit > 0 && (
        <meter aria-label={t.title} min={0} max={limit} high={limit * 0.9} value={used}>
          {says}
        </meter>
      )}
      <p>{nextUser(view, usage)}</p>
      {view.report === undefined ? (
        <p class="fault">{texts.unavailable}</p>
      ) : view.report === "not-asked" ? (
        <>
          <p class="hint">{t.reportHint}</p>
          <ActionButton action="license-report" section="licenses" live="licenses">
            {t.report}
          </ActionButton>
        </>
      ) : (
        <Report view={view} report={view.report} />
      )}
      <p class="row">
        {t.export}
        <a href={`${view.urls.licensesExport}?format=csv`}>CSV</a>
        <a href={`${view.urls.licensesExport}?format=jsonl`}>JSON Lines</a>
      </p>
    </Section>
  );
}

function nextUser({ texts, roles, draft }: PageView, usage: LicenseUsageRead): string {
  const t = texts.licenses;
  const role = roles?.find(({ id }) => id === draft.values.role);
  if (role === undefined) return t.nobody;
  const { after, exceeds } = seatChange(usage, role);
  const policy = draft.values.whenLicensesRunOut;
  const number = new Intl.NumberFormat(texts.lang);
  const what = exceeds
    ? t.nextOver[policy === "allow" || policy === "lite" ? policy : "deny"]
    : role.licensed
      ? t.nextTakes(number.format(after))
      : t.nextFree;
  return `${t.next(role.name)} ${what}.`;
}

interface ReportProps {
  readonly view: PageView;
  readonly report: LicenseReport;
}

/** Who takes the seats, and what the next newcomers would take. */
function Report({ view, report }: ReportProps): VNode {
  const { texts } = view;
  const t = texts.licenses;
  const number = numbersIn(texts);
  const created = report.months.length > 0;
  const connections = report.connections.map(
    ({ id, name = id ?? t.unknownConnection, ...users }) => [
      name,
      number(users.created),
      number(users.seats),
    ],
  );
  return (
    <>
      <Table
        caption={t.byRole}
        columns={[t.role, t.usesLicense, t.users, t.usersByJit, t.created]}
        rows={report.roles.map(({ id, name, licensed, users, usersByJit, ...counts }) => [
          name ?? texts.newUsers.roleGone(id),
          licensed ? t.yes : t.no,
          number(users),
          number(usersByJit),
          number(counts.created),
        ])}
      />
      <p class="hint">{created ? t.createdHint : t.noneCreated}</p>
      {created && (
        <>
          <Table
            caption={t.byConnection}
            columns={[t.connection, t.created, t.seats]}
            rows={connections}
          />
          <Table
            caption={t.byMonth}
            columns={[t.month, t.created, t.seats]}
            rows={report.months.map(({ month, ...users }) => [
              month,
              number(users.created),
              number(users.seats),
            ])}
          />
        </>
      )}
      <NextNewcomers view={view} report={report} />
    </>
  );
}

function NextNewcomers({ view, report }: ReportProps): VNode {
  const { texts } = view;
  const t = texts.licenses;
  const { forecasts, newcomers } = report;
  const number = numbersIn(texts);
  const left = forecasts.count - forecasts.first.length;
  return (
    <>
      <h3>{t.nextTitle(number(newcomers))}</h3>
      <dl>
        {forecasts.first.map((forecast) => (
          <div>
            <dt>{assumption(view, forecast)}</dt>
            <dd>
              {forecast.outcomes.map((outcome) => (
                <p>{outcomeText(view, report, outcome)}</p>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {left > 0 && <p class="soft">{t.moreRules(number(left))}</p>}
    </>
  );
}

function assumption({ texts, stored }: PageView, { assumed }: Forecast): string {
  const t = texts.licenses;
  const { connections, autoProvisioning } = stored.settings;
  const { rule, connection, domain, matching } = assumed;
  const { name = connection } = connections.find(({ id }) => id === connection) ?? {};
  const unmatched = autoProvisioning.rules.length === 0 ? t.newUsers : t.unmatched;
  const who =
    rule !== undefined
      ? t.ofRule(texts.rules.rule(rule))
      : matching.length === 0
        ? unmatched
        : t.nothingSaid;
  const says = t.through(who, domain === undefined ? name : `${name} (${domain})`);
  const others = matching.filter((one) => one !== rule);
  return others.length === 0 ? says : `${says}, ${t.matching(others.join(", "))}`;
}

function outcomeText(
  { texts }: PageView,
  { roles, limit }: LicenseReport,
  outcome: Forecast["outcomes"][number],
): string {
  const t = texts.licenses;
  const number = numbersIn(texts);
  const count = number(outcome.newcomers);
  if (outcome.decision === "deny") {
    const why = explanationIn(texts, outcome.rule)?.sentence ?? outcome.rule;
    return `${t.isRefused(count)} ${why} (${outcome.detail})`;
  }
  const role = roles.find(({ id }) => id === outcome.role);
  const { rule } = outcome;
  const created = t.isCreated(count, role?.name ?? outcome.role);
  const why = rule === "defaults" || rule === "rule" ? [] : [t.why[rule]];
  const seats = limit === undefined ? [] : [t.seatsAfter(number(outcome.seatsAfter))];
  return `${[[created, ...why].join(" "), ...seats].join(", ")}.`;
}

function numbersIn({ lang, none }: PageTexts): (value: number | undefined) => string {
  const format = new Intl.NumberFormat(lang);
  return (value) => (value === undefined ? none : format.format(value));
}

/** The latest audit entries. */
export function ActivitySection({ view }: { readonly view: PageView }): VNode {
  const { texts, activity, urls } = view;
  const t = texts.activity;
  return (
    <Section id="activity" title={t.title}>
      {activity === undefined ? (
        <p class="fault">{texts.unavailable}</p>
      ) : activity.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <Table
          caption={t.newest}
          columns={[t.time, t.what, t.person, t.reference]}
          rows={activity.map(({ reference, ...entry }) => [
            <Time at={entry.at} />,
            t.outcomes[entry.outcome],
            entry.email === undefined && entry.actor === undefined ? "" : whoIs(entry, texts),
            <a
              class="reference-link"
              href={`${urls.activity}?reference=${encodeURIComponent(reference)}`}
            >
              <code>{reference}</code>
            </a>,
          ])}
        />
      )}
      <p>
        <a href={urls.activity}>{t.all}</a>
      </p>
    </Section>
  );
}
