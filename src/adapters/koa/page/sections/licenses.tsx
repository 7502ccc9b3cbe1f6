import type { VNode } from "preact";
import type { LicenseUsageRead } from "../../../../application/licenses.ts";
import { seatChange } from "../../../../domain/licenses.ts";
import { ActionButton, Section } from "../components/form-controls.tsx";
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
