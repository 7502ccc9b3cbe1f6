import type { VNode } from "preact";
import { ActionButton, Copyable, Time } from "../components/form-controls.tsx";
import { screenOf, screenUrl, sectionOf } from "../screens.ts";
import type { PageView } from "../view.ts";

/** Whether users can sign in now; turning off takes one click. */
export function StatusSection({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, warnings, sections, urls } = view;
  const t = texts.status;
  const { enabled } = stored.settings;
  /** Where the field is: on this screen, or on its own. */
  const linkTo = (anchor: string): string => {
    const section = sectionOf(anchor);
    if (section === undefined || sections.has(section)) return `#${anchor}`;
    return `${screenUrl(urls.page, screenOf(section))}#${anchor}`;
  };
  return (
    <section id="status" class="card" aria-labelledby="status-title">
      <h2 id="status-title">
        {t.title}: <span class={`badge ${enabled ? "good" : "off"}`}>{enabled ? t.on : t.off}</span>
      </h2>
      <p>{enabled ? t.onMeans : t.offMeans}</p>
      <p class="soft">
        {stored.version === 0 ? (
          t.neverSaved
        ) : (
          <>
            {t.savedBy(stored.savedBy)}, <Time at={stored.savedAt} texts={texts} />,{" "}
            {t.version(stored.version)}
          </>
        )}
      </p>
      {enabled && (
        <dl>
          <div>
            <dt>
              {texts.guide.signInLink}
              <span class="hint">{texts.guide.signInLinkHint}</span>
            </dt>
            <dd>
              <Copyable
                id="sign-in-link"
                value={urls.signIn}
                texts={texts}
                label={texts.guide.signInLink}
              />
            </dd>
          </div>
        </dl>
      )}
      {enabled && (
        <div class="row">
          <ActionButton action="disable" section="outcome" kind="danger">
            {t.switchOff}
          </ActionButton>
          <span class="hint">{t.switchOffHint}</span>
        </div>
      )}
      {warnings.length > 0 && (
        <div class="warning">
          <h3>{t.warnings}</h3>
          <ul>
            {warnings.slice(0, 10).map(({ anchor, text }) => (
              <li>
                <a href={linkTo(anchor)}>{text}</a>
              </li>
            ))}
          </ul>
          {warnings.length > 10 && <p>{texts.problems.more(warnings.length - 10)}</p>}
        </div>
      )}
    </section>
  );
}
