import type { VNode } from "preact";
import { ConflictNotice } from "./components/conflict.tsx";
import { ActionButton, Time } from "./components/form-controls.tsx";
import { Notice, ProblemSummary } from "./components/notice.tsx";
import { isEdited } from "./form/form-state.ts";
import { ActivitySection } from "./sections/activity.tsx";
import { AttributesSection } from "./sections/attributes.tsx";
import { ConnectionsSection } from "./sections/connections.tsx";
import { IdentityProviderSection } from "./sections/identity-provider.tsx";
import { LicensesSection } from "./sections/licenses.tsx";
import { NewUsersSection } from "./sections/new-users.tsx";
import { RulesSection } from "./sections/rules.tsx";
import { SaveSection } from "./sections/save.tsx";
import { ServiceProviderSection } from "./sections/service-provider.tsx";
import { TestSection } from "./sections/test.tsx";
import type { PageView } from "./view.ts";

/** The settings page: one form with several submit buttons. */
export function SettingsPage({ view }: { readonly view: PageView }): VNode {
  const { texts, draft } = view;
  return (
    <>
      <header>
        <h1>{texts.title}</h1>
      </header>
      <nav aria-label={texts.contents}>
        <ul class="contents">
          {contents(view).map(([id, title]) => (
            <li>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        <form
          id="settings"
          method="post"
          action={`${view.urls.page}#outcome`}
          tabindex={-1}
          autocomplete="off"
          data-failed={texts.workingFailed}
          {...(isEdited(draft) ? { "data-edited": "" } : {})}
        >
          {/* What Enter presses: it must neither save nor switch anything. */}
          <button type="submit" hidden name="action" value="refresh" />
          <p id="live" class="unseen" role="status" />
          {view.notice?.at === undefined && hasOutcome(view) && (
            <div id="outcome" tabindex={-1}>
              <Notice view={view} />
              <ProblemSummary view={view} />
              <ConflictNotice view={view} />
            </div>
          )}
          <Status view={view} />
          <ServiceProviderSection view={view} />
          <ConnectionsSection view={view} />
          <IdentityProviderSection view={view} />
          <AttributesSection view={view} />
          <NewUsersSection view={view} />
          <RulesSection view={view} />
          <LicensesSection view={view} />
          <TestSection view={view} />
          <SaveSection view={view} />
          <input type="hidden" name="shown" value={draft.connection} />
          <input type="hidden" name="base" value={JSON.stringify(draft.base)} />
          <input type="hidden" name="end" value="1" />
        </form>
        <ActivitySection view={view} />
      </main>
    </>
  );
}

function contents({ texts }: PageView): readonly (readonly [id: string, title: string])[] {
  return [
    ["service-provider", texts.serviceProvider.title],
    ["connections", texts.connections.title],
    ["connection", texts.identityProvider.title],
    ["email", texts.attributes.title],
    ["autoProvisioning", texts.newUsers.title],
    ["rules", texts.rules.title],
    ["licenses", texts.licenses.title],
    ["test", texts.test.title],
    ["save", texts.switch.save],
    ["activity", texts.activity.title],
  ];
}

/** Whether there is a message at the top, which gets the focus. */
function hasOutcome({ notice, faults, conflict, inputs }: PageView): boolean {
  const disputed = inputs.disputed.length > 0;
  return notice !== undefined || faults.length > 0 || conflict !== undefined || disputed;
}

/** Whether users can sign in now; turning off takes one click. */
function Status({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, warnings } = view;
  const t = texts.status;
  const { enabled } = stored.settings;
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
                <a href={`#${anchor}`}>{text}</a>
              </li>
            ))}
          </ul>
          {warnings.length > 10 && <p>{texts.problems.more(warnings.length - 10)}</p>}
        </div>
      )}
    </section>
  );
}
