import type { VNode } from "preact";
import type { LicenseUsageRead } from "../../../../application/catalog.ts";
import { seatChange } from "../../../../domain/licenses.ts";
import { ActionButton, Section, Time } from "../components/form-controls.tsx";
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
        <table>
          <caption>{t.newest}</caption>
          <thead>
            <tr>
              <th scope="col">{t.time}</th>
              <th scope="col">{t.what}</th>
              <th scope="col">{t.person}</th>
              <th scope="col">{t.reference}</th>
            </tr>
          </thead>
          <tbody>
            {activity.map(({ at, outcome, email, actor, reference }) => (
              <tr>
                <td data-label={t.time}>
                  <Time at={at} texts={texts} />
                </td>
                <td data-label={t.what}>{t.outcomes[outcome]}</td>
                <td data-label={t.person}>{email ?? actor ?? ""}</td>
                <td data-label={t.reference}>
                  <a href={`${urls.activity}?reference=${encodeURIComponent(reference)}`}>
                    <code>{reference}</code>
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        <a href={urls.activity}>{t.all}</a>
      </p>
    </Section>
  );
}
