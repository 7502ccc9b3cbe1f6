import type { ComponentChildren, VNode } from "preact";
import { ATTRIBUTE_PRESETS, type VendorId } from "../../../../domain/attribute-presets.ts";
import type { CopiedValue, GuideStep } from "../../../../domain/texts/identity-provider-guides.ts";
import { ActionButton, Copyable, useTexts } from "../components/form-controls.tsx";
import { keysOf } from "../form/fields.ts";
import { hasConnection } from "../form/form-state.ts";
import type { PageView } from "../view.ts";
import { startsAtProvider } from "./identity-provider.tsx";

/** The first setup: how far it is, and what to do at the identity provider. */
export function GuideSection({ view }: { readonly view: PageView }): VNode {
  const { texts, inputs } = view;
  const t = texts.guide;
  const preset = ATTRIBUTE_PRESETS.find(({ vendor }) => vendor === inputs.preset);
  const hidden = hasConnection(view.draft.values);
  return (
    <div id="guide">
      <Progress view={view} />
      <section class="card" id="provider" tabindex={-1} aria-labelledby="provider-title">
        <h2 id="provider-title">{t.choose}</h2>
        <p class="hint">{t.chooseHint}</p>
        <div class="tiles">
          {[...ATTRIBUTE_PRESETS, { vendor: "other", name: t.other }].map(({ vendor, name }) => (
            <ActionButton
              action={`choose-idp:${vendor}`}
              section="provider"
              kind="tile"
              pressed={vendor === inputs.preset}
            >
              {name}
            </ActionButton>
          ))}
        </div>
        {!view.sections.has("email") && <input type="hidden" name="preset" value={inputs.preset} />}
        {inputs.preset !== "" && (
          <details class="box" open={!hidden}>
            <summary>{t.atProvider(preset?.name ?? t.other)}</summary>
            {preset === undefined ? (
              <>
                <p>{t.otherSteps}</p>
                <OurValues view={view} />
              </>
            ) : (
              <Steps view={view} vendor={preset.vendor} />
            )}
          </details>
        )}
      </section>
    </div>
  );
}

type State = "done" | "open";

/** What is done and what is not; the test and the switch are here, in sight from the start. */
function Progress({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, stored, proof, test, urls, inputs } = view;
  const t = texts.guide;
  const { values } = draft;
  const connected =
    values.entityId !== "" && values.ssoUrl !== "" && values.certificates.length > 0;
  const on = stored.settings.enabled;
  const tested = proof.kind === "tested" || test?.state === "succeeded" || on;
  const state = (done: boolean): State => (done ? "done" : "open");
  const chosen = inputs.preset !== "" || connected;
  const given = values.autoProvisioning && values.role !== "";
  return (
    <section id="progress" class="card" aria-labelledby="progress-title" data-along="test">
      <h2 id="progress-title">{t.title}</h2>
      <ol class="steps">
        <Step state={state(chosen)}>
          <a href="#provider">{t.steps.provider}</a>
        </Step>
        <Step state={state(connected)}>
          <a href="#connection">{t.steps.connection}</a>
        </Step>
        <Step state={state(given)}>
          <a href="#autoProvisioning">{t.steps.newUsers}</a>
        </Step>
        <Step state={state(tested)}>
          <a href="#test">{t.steps.test}</a>
          {!on && (
            <ActionButton
              action="test"
              section="outcome"
              kind={tested ? "small" : "smallFirst"}
              test
            >
              {test === undefined ? texts.test.begin : texts.test.beginAgain}
            </ActionButton>
          )}
        </Step>
        <Step state={state(on)}>
          {t.steps.on}
          {!on && (
            <ActionButton action="enable" section="outcome" kind={tested ? "smallFirst" : "small"}>
              {texts.switch.saveAndSwitchOn}
            </ActionButton>
          )}
        </Step>
        {on ? (
          <li>
            {t.steps.link}
            <Copyable id="sign-in-link" value={urls.signIn} label={t.signInLink} />
          </li>
        ) : (
          <Step state="open">{t.steps.link}</Step>
        )}
      </ol>
    </section>
  );
}

function Step(props: { readonly state: State; readonly children: ComponentChildren }): VNode {
  const { state, children } = props;
  const texts = useTexts();
  return (
    <li class={state}>
      <span class="mark">
        <span class="unseen">{texts.guide[state]}</span>
      </span>
      {children}
    </li>
  );
}

function OurValues({ view }: { readonly view: PageView }): VNode {
  const { texts, serviceProvider: sp, urls } = view;
  const t = texts.serviceProvider;
  const rows = [
    ["guide-entity-id", t.entityId, sp.entityId],
    ["guide-acs-url", t.acsUrl, sp.acsUrl],
    ["guide-metadata", t.metadata, urls.metadata],
  ] as const;
  return (
    <dl>
      {rows.map(([id, label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd>
            <Copyable id={id} value={value} label={label} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Steps(props: { readonly view: PageView; readonly vendor: VendorId }): VNode {
  const { view, vendor } = props;
  const { where, steps } = view.texts.guides[vendor];
  return (
    <>
      <p>{rich(where, view, "w")}</p>
      <ol class="guide">
        {steps.map((step, index) => (
          <li>
            <GuideStepText step={step} view={view} id={`step-${index}`} />
          </li>
        ))}
      </ol>
    </>
  );
}

function GuideStepText(props: {
  readonly step: GuideStep;
  readonly view: PageView;
  readonly id: string;
}): VNode {
  const { step, view, id } = props;
  const { text, head, rows = [], code, further } = step;
  return (
    <>
      <p>{rich(text, view, id)}</p>
      {head !== undefined && (
        <dl>
          {rows.map(([what, value], row) => (
            <div>
              <dt>{rich(what, view, `${id}-${row}-k`)}</dt>
              <dd>{rich(value, view, `${id}-${row}`)}</dd>
            </div>
          ))}
        </dl>
      )}
      {code !== undefined && (
        <pre>{code.replaceAll("{entityId}", view.serviceProvider.entityId)}</pre>
      )}
      {further !== undefined && <p>{rich(further, view, `${id}-f`)}</p>}
    </>
  );
}

const MARKUP = /\*\*([^*]+)\*\*|\*([^*]+)\*|`([^`]+)`|\{(\w+)\}|\[([^\][]+)\]\((https:[^()\s]+)\)/g;

/** A text of a guide: `**what the console says**`, `*words*`, code, links, and our values to copy. */
function rich(text: string, view: PageView, id: string): readonly ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    const [whole, strong, emphasis, code, value, link, url] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    // The labels of the console are English, whatever the language of the page.
    if (strong !== undefined) parts.push(<strong lang="en">{strong}</strong>);
    else if (emphasis !== undefined) parts.push(<em>{emphasis}</em>);
    else if (code !== undefined) parts.push(<code>{code}</code>);
    else if (link !== undefined) parts.push(externalLink(link, url));
    else parts.push(ourValue(value, view, `${id}-${match.index}`));
  }
  return [...parts, text.slice(end)];
}

/** In a tab of its own: what stands in the form stays. */
function externalLink(text: string, url = ""): VNode {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}

function ourValue(name: string | undefined, view: PageView, id: string): ComponentChildren {
  const { serviceProvider: sp, urls, texts } = view;
  const t = texts.guide;
  if (name === "metadata") {
    return (
      <a href={urls.metadata} download="metadata.xml">
        {t.metadata}
      </a>
    );
  }
  if (name === "signOnUrl" && startsAtProvider(view)) return t.signOnEmpty;
  const values: Readonly<Record<CopiedValue, string | undefined>> = {
    entityId: sp.entityId,
    acsUrl: sp.acsUrl,
    acsUrlPattern: `^${sp.acsUrl.replace(/[/.?+*()[\]{}|^$\\]/g, "\\$&")}$`,
    metadataUrl: urls.metadata,
    loginUrl: urls.login,
    sloUrl: sp.sloUrl,
  };
  const wanted = name === "signOnUrl" ? "loginUrl" : name;
  const value = keysOf(values).find((key) => key === wanted);
  const text = value && values[value];
  if (value === undefined || text === undefined) return t.notOffered;
  return <Copyable id={id} value={text} label={t.values[value]} />;
}
