import type { VNode } from "preact";
import type { NamedAccess } from "../../../../domain/access.ts";
import type { Excerpt, Preview, PreviewedRule } from "../../../../domain/preview.ts";
import { FIELDS } from "../form/fields.ts";
import { explanationIn, type PageTexts, warningIn } from "../texts.ts";
import { FactRows, useTexts } from "./form-controls.tsx";

/** What a sign-in would do, in words. */
export function Decision(props: { readonly preview: Preview }): VNode {
  const { preview } = props;
  const texts = useTexts();
  const t = texts.test;
  switch (preview.decision) {
    case "sign-in":
      return <p>{t.signsIn(preview.email)}</p>;
    case "accept-invitation":
      return <p>{t.acceptsInvitation(preview.email)}</p>;
    case "deny": {
      const explanation = explanationIn(texts, preview.rule, preview.cause) ?? preview.explanation;
      return (
        <>
          <p>
            <strong>{t.denies}</strong>
          </p>
          <dl>
            <FactRows
              rows={[
                [texts.activity.failed, explanation.sentence],
                [texts.activity.fix, explanation.fix],
                [texts.activity.reason, preview.detail, "en"],
                [texts.activity.sent, preview.comparison?.sent],
                [texts.activity.expected, preview.comparison?.expected],
              ]}
            />
          </dl>
          {preview.refusedBy !== undefined && (
            <p>
              {texts.rules.refusedBy}{" "}
              <a href={`#${FIELDS.rules}-${preview.refusedBy.number - 1}`}>
                {texts.rules.rule(preview.refusedBy.number)}
              </a>
            </p>
          )}
          <p class="soft">
            {t.personSees} {texts.people.sentences[preview.rule]}
          </p>
        </>
      );
    }
    case "provision":
      return (
        <>
          <p>{t.provisions(preview.email)}</p>
          <dl>
            <div>
              <dt>{t.role}</dt>
              <dd>{preview.role.name}</dd>
            </div>
            <div>
              <dt>{t.groups}</dt>
              <dd>
                <Names list={preview.groups} />
              </dd>
            </div>
            <div>
              <dt>{t.organizations}</dt>
              <dd>
                {preview.organizations.kind === "all" ? (
                  t.allOrganizations
                ) : (
                  <Names list={preview.organizations} />
                )}
              </dd>
            </div>
            {preview.rules.count > 0 && (
              <div>
                <dt>{texts.rules.matched}</dt>
                <dd>
                  <ul>
                    {preview.rules.first.map((rule) => (
                      <li>{matchedRule(rule, texts)}</li>
                    ))}
                  </ul>
                </dd>
              </div>
            )}
            {preview.seats !== undefined && (
              <div>
                <dt>{t.licenses}</dt>
                <dd>{t.before(String(preview.seats.before), String(preview.seats.after))}</dd>
              </div>
            )}
          </dl>
          {preview.warnings.first.map((warning) => (
            <p class="warning">
              <strong>{texts.problems.warning}</strong> {warningIn(warning, texts)}
            </p>
          ))}
        </>
      );
  }
}

/** A rule that matched, and what it found. */
export function matchedRule(
  { number, matched, decides }: PreviewedRule,
  { rules: t }: PageTexts,
): string {
  const found =
    "attribute" in matched
      ? t.contains(matched.attribute, matched.value)
      : "emailDomain" in matched
        ? t.is(t.emailDomain, matched.emailDomain)
        : t.is(t.connection, matched.connection);
  return `${t.rule(number)}: ${found}${decides === "role" ? `; ${t.decides}` : ""}`;
}

function Names(props: { readonly list: Excerpt<NamedAccess> }): VNode {
  const { list } = props;
  const texts = useTexts();
  if (list.count === 0) return <>{texts.none}</>;
  const more = list.count - list.first.length;
  const number = new Intl.NumberFormat(texts.lang).format(more);
  return (
    <>
      {list.first.map(({ name }) => name).join(", ")}
      {more > 0 && ` ${texts.test.andMore(number)}`}
    </>
  );
}
