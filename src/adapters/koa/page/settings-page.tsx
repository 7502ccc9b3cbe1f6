import type { VNode } from "preact";
import { toOneConnection } from "../../../domain/one-connection.ts";
import { ActionButton, ScreenTitle } from "./components/form-controls.tsx";
import { Carried } from "./components/list-field.tsx";
import { ConflictNotice, Notice, ProblemSummary } from "./components/notice.tsx";
import { SideNavigation } from "./components/side-navigation.tsx";
import { isEdited } from "./form/form-state.ts";
import { SECTIONS, type SectionId, screenUrl } from "./screens.ts";
import { AttributesSection } from "./sections/attributes.tsx";
import { ConnectionsSection } from "./sections/connections.tsx";
import { DomainsSection, EnforcementSection, ProvenDomainsSection } from "./sections/domains.tsx";
import { FiguresSection } from "./sections/figures.tsx";
import { GuideSection } from "./sections/guide.tsx";
import { IdentityProviderSection } from "./sections/identity-provider.tsx";
import { NewUsersSection } from "./sections/new-users.tsx";
import { RulesSection } from "./sections/rules.tsx";
import { ServiceProviderSection } from "./sections/service-provider.tsx";
import { StatusSection } from "./sections/status.tsx";
import { TestSection } from "./sections/test.tsx";
import { ActivitySection, LicensesSection } from "./sections/usage.tsx";
import type { PageView } from "./view.ts";

/** A section of the form. */
type Section = (props: { readonly view: PageView }) => VNode | null;

/** What each section looks like. */
const COMPONENTS: Readonly<Record<SectionId, Section>> = {
  status: StatusSection,
  figures: FiguresSection,
  guide: GuideSection,
  "service-provider": ServiceProviderSection,
  connections: ConnectionsSection,
  connection: IdentityProviderSection,
  email: AttributesSection,
  domains: DomainsSection,
  "proven-domains": ProvenDomainsSection,
  enforcement: EnforcementSection,
  autoProvisioning: NewUsersSection,
  rules: RulesSection,
  licenses: LicensesSection,
  test: TestSection,
  activity: ActivitySection,
};

/** Sections in which nothing is typed: a screen of them has nothing to save. */
const READ_ONLY: ReadonlySet<SectionId> = new Set([
  "status",
  "figures",
  "guide",
  "service-provider",
  "proven-domains",
  "licenses",
  "activity",
]);

/** A screen of the settings page: one form with several submit buttons, whatever it shows. */
export function SettingsPage({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, screen, sections } = view;
  const editable = isEdited(draft) || [...sections].some((section) => !READ_ONLY.has(section));
  return (
    <>
      {/* What Enter presses: it must neither save nor switch anything. */}
      <button type="submit" hidden form="settings" name="action" value="refresh" />
      <SideNavigation view={view} current={screen} />
      <main>
        <h1>{texts.screens[screen]}</h1>
        <form
          id="settings"
          method="post"
          action={`${screenUrl(view.urls.page, screen)}#outcome`}
          tabindex={-1}
          autocomplete="off"
          data-failed={texts.workingFailed}
          data-ended={texts.sessionEnded}
          {...(isEdited(draft) ? { "data-edited": "" } : {})}
        >
          <p id="live" class="unseen" role="status" />
          {view.notice?.at === undefined && hasOutcome(view) && (
            <div id="outcome" tabindex={-1}>
              <Notice view={view} />
              <ProblemSummary view={view} />
              <ConflictNotice view={view} />
            </div>
          )}
          <ScreenTitle.Provider value={texts.screens[screen]}>
            {orderOf(view).map((id) => {
              const Component = COMPONENTS[id];
              return <Component view={view} />;
            })}
          </ScreenTitle.Provider>
          {editable && <SaveBar view={view} />}
          <Carried view={view} />
          <input type="hidden" name="end" value="1" />
        </form>
      </main>
    </>
  );
}

/** With one connection, adding a second one comes last. */
function orderOf({ sections, screen, stored }: PageView): readonly SectionId[] {
  const shown = SECTIONS.filter((id) => sections.has(id));
  if (screen !== "connections" || toOneConnection(stored.settings) === undefined) return shown;
  return [...shown.filter((id) => id !== "connections"), "connections"];
}

/** Whether there is a message at the top, which gets the focus. */
function hasOutcome({ notice, faults, conflict, inputs }: PageView): boolean {
  const disputed = inputs.disputed.length > 0;
  return notice !== undefined || faults.length > 0 || conflict !== undefined || disputed;
}

/** Save buttons, always visible. */
function SaveBar({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, draft } = view;
  const t = texts.switch;
  return (
    <section id="save" class="card" aria-label={t.save}>
      <div class="row">
        <ActionButton action="save" section="outcome" kind="first">
          {t.save}
        </ActionButton>
        {!stored.settings.enabled && view.screen !== "setup" && (
          <ActionButton action="enable" section="outcome">
            {t.saveAndSwitchOn}
          </ActionButton>
        )}
        <span id="unsaved" class="soft" hidden={!isEdited(draft)}>
          {t.unsaved}
        </span>
      </div>
    </section>
  );
}
