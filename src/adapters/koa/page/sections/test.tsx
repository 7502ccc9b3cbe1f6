import type { VNode } from "preact";
import type { Previewed } from "../../../../application/settings/preview-decision.ts";
import type { SettingsFault } from "../../../../domain/settings-rules.ts";
import { Decision } from "../components/decision.tsx";
import {
  ActionButton,
  CheckField,
  Section,
  TextArea,
  TextField,
  Time,
  useTexts,
} from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { TestResult } from "../components/test-result.tsx";
import { faultsAt, locateFaults, named } from "../form/faults.ts";
import type { PageView } from "../view.ts";

/** What would happen to a user: a test sign-in, or a preview of the settings. */
export function TestSection({ view }: { readonly view: PageView }): VNode {
  const { texts, preview } = view;
  const t = texts.test;
  return (
    <Section id="test" title={t.title}>
      <SectionNotice view={view} section="test" />
      {view.screen !== "setup" && <h3>{t.signIn}</h3>}
      <p class="hint">{t.signInHint}</p>
      <TestSignInPart view={view} />
      <Proof view={view} />
      {view.screen === "setup" ? (
        <details class="box" open={preview !== undefined}>
          <summary>{t.preview}</summary>
          <Preview view={view} />
        </details>
      ) : (
        <>
          <h3>{t.preview}</h3>
          <Preview view={view} />
        </>
      )}
    </Section>
  );
}

function Preview({ view }: { readonly view: PageView }): VNode {
  const { texts, inputs, preview } = view;
  const t = texts.test;
  return (
    <>
      <div class="row end">
        <TextField
          name="preview-email"
          label={t.email}
          hint={t.previewHint}
          value={inputs.previewEmail}
          type="email"
        />
        <ActionButton action="preview" section="test" live="preview">
          {t.run}
        </ActionButton>
      </div>
      <TextArea
        name="preview-attributes"
        label={t.previewAttributes}
        hint={t.previewAttributesHint}
        rows={2}
        value={inputs.previewAttributes}
      />
      <div id="preview" role="status">
        {preview !== undefined && <PreviewResult view={preview} />}
      </div>
    </>
  );
}

/** Starts a test, links to the identity provider, and shows the result. */
function TestSignInPart({ view }: { readonly view: PageView }): VNode {
  const { texts, test, urls } = view;
  const t = texts.test;
  const pending = test?.state === "pending";
  return (
    <div id="test-sign-in" {...(pending ? { "data-awaited": `${urls.tests}/${test.id}` } : {})}>
      <div class="row">
        {(view.screen !== "setup" || view.stored.settings.enabled) && (
          <ActionButton action="test" section="outcome" test>
            {test === undefined ? t.begin : t.beginAgain}
          </ActionButton>
        )}
        {pending && (
          <a id="test-start" href={`${urls.tests}/${test.id}/start`} target="_blank" rel="noopener">
            {t.start}
          </a>
        )}
      </div>
      {test !== undefined && (
        <div role="status">
          <TestResult test={test} heading="h3" />
          <input type="hidden" name="test" value={test.id} />
        </div>
      )}
    </div>
  );
}

/** Whether these exact settings have been tested; if they must be and are not, the confirmation. */
function Proof({ view }: { readonly view: PageView }): VNode | null {
  const { texts, proof, faults, inputs, administrators } = view;
  const t = texts.switch;
  const refused = faultsAt(faults, "untested");
  if (proof.kind === "tested") {
    return (
      <p id="proof">
        <span class="badge good">{t.tested}</span> {administrators.get(proof.by) ?? proof.by},{" "}
        <Time at={proof.at} />
      </p>
    );
  }
  if (proof.kind === "not-needed" && refused.length === 0) return null;
  return (
    <div id="proof">
      <p>
        <span class="badge warn">{t.notTested}</span>
      </p>
      <CheckField
        name="untested"
        label={t.untested}
        hint={t.untestedHint}
        checked={inputs.untested}
        faults={refused}
      />
    </div>
  );
}

function PreviewResult(props: { readonly view: Previewed }): VNode {
  const { view } = props;
  const texts = useTexts();
  if (view.kind === "invalid") return <Faulty faults={view.faults} />;
  return (
    <>
      <Decision preview={view.preview} />
      {view.password !== undefined && <p>{texts.test.passwords[view.password]}</p>}
    </>
  );
}

const MAX_FAULTS = 20;

/** Shown instead of a preview for invalid settings. */
function Faulty(props: { readonly faults: readonly SettingsFault[] }): VNode {
  const { faults } = props;
  const texts = useTexts();
  return (
    <div class="fault">
      <p>{texts.test.faulty}</p>
      <ul>
        {locateFaults(faults.slice(0, MAX_FAULTS), texts).map((fault) => (
          <li>
            <a href={`#${fault.anchor}`}>{named(fault, texts)}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
