import type { VNode } from "preact";
import { Section, Time } from "../components/form-controls.tsx";
import type { PageView } from "../view.ts";

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
