import type { VNode } from "preact";
import { WEAK_ALGORITHMS } from "../../../../domain/settings.ts";
import { CertificatesField } from "../components/certificates.tsx";
import {
  ActionButton,
  CheckField,
  Faults,
  Section,
  TextArea,
} from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import {
  CheckSetting,
  KeptSettings,
  LinesSetting,
  SelectSetting,
  TextSetting,
} from "../components/settings-fields.tsx";
import { faultsAt } from "../form/faults.ts";
import { FIELDS } from "../form/fields.ts";
import { sectionOf } from "../screens.ts";
import type { PageView } from "../view.ts";

/** Everything about the connection. */
export function IdentityProviderSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, inputs } = view;
  const t = texts.identityProvider;
  const { values } = draft;
  const wrong = faults.some(({ field }) => sectionOf(field) === "connection");
  return (
    <Section id="connection" title={t.title}>
      <SectionNotice view={view} section="connection" />
      <Faults id="connection" faults={faultsAt(faults, "connection")} />
      <details class="box" open={values.entityId === "" || inputs.metadata !== ""}>
        <summary>{t.metadata}</summary>
        <div class="sources">
          {view.fetchesMetadata || values.metadataUrl !== "" ? (
            <div>
              <TextSetting view={view} field="metadataUrl" type="url" optional />
              {view.fetchesMetadata && (
                <ActionButton action="fetch-metadata" section="outcome">
                  {t.fetch}
                </ActionButton>
              )}
            </div>
          ) : (
            <KeptSettings view={view} fields={["metadataUrl"]} />
          )}
          <div>
            <p class="field" hidden data-script>
              <label for="metadata-file">{t.metadataFile}</label>
              <input id="metadata-file" type="file" accept=".xml,text/xml,application/xml" />
            </p>
            <TextArea
              name="metadata"
              label={t.metadataText}
              hint={t.metadataHint}
              value={inputs.metadata}
              rows={view.screen === "setup" ? 2 : 5}
            />
            <ActionButton
              action="read-metadata"
              section="outcome"
              {...(view.screen === "setup" && values.entityId === "" ? { kind: "first" } : {})}
            >
              {t.read}
            </ActionButton>
          </div>
        </div>
        <Providers view={view} />
      </details>
      {view.screen === "setup" && !wrong ? (
        <details class="box">
          <summary>{values.entityId === "" ? t.byHand : t.asRead(values.entityId)}</summary>
          <ValuesAndOptions view={view} />
        </details>
      ) : (
        <ValuesAndOptions view={view} />
      )}
    </Section>
  );
}

/** Whether users may start at the identity provider, as the form stands. */
export function startsAtProvider({ draft }: PageView): boolean {
  return draft.values.idpInitiated;
}

/** What the metadata contains, and what else there is to choose. */
function ValuesAndOptions({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, canSignRequests } = view;
  const t = texts.identityProvider;
  const { weakAlgorithms, acceptExpiredCertificates, signRequests } = draft.values;
  return (
    <>
      <TextSetting view={view} field="entityId" />
      <TextSetting view={view} field="ssoUrl" type="url" />
      <CertificatesField view={view} />
      <CheckSetting view={view} field="idpInitiated" />
      <CheckSetting
        view={view}
        field="signRequests"
        hint={canSignRequests ? undefined : t.noKey}
        disabled={!canSignRequests && !signRequests}
      />
      <Logout view={view} />
      <LoginRequests view={view} />
      <details class="box" open={weakAlgorithms.length > 0 || acceptExpiredCertificates}>
        <summary>{t.exceptions}</summary>
        <fieldset id={FIELDS.weakAlgorithms} tabindex={-1}>
          <legend>{texts.fields.weakAlgorithms}</legend>
          <p class="hint">{texts.hints.weakAlgorithms}</p>
          {WEAK_ALGORITHMS.map((algorithm) => (
            <CheckField
              name={FIELDS.weakAlgorithms}
              id={`${FIELDS.weakAlgorithms}-${algorithm}`}
              value={algorithm}
              label={algorithm}
              checked={weakAlgorithms.includes(algorithm)}
            />
          ))}
        </fieldset>
        <CheckSetting view={view} field="acceptExpiredCertificates" />
      </details>
    </>
  );
}

/** How sign-out reaches the identity provider; without it here, only what is set already. */
function Logout({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, serviceProvider } = view;
  const { values } = draft;
  const used = `${values.sloUrl}${values.sloResponseUrl}` !== "" || values.sloByPost;
  const wrong = [FIELDS.sloUrl, FIELDS.sloResponseUrl, FIELDS.sloByPost].some((name) =>
    faults.some(({ field }) => field === name),
  );
  if (serviceProvider.sloUrl === undefined && !used && !wrong) {
    return <KeptSettings view={view} fields={["sloUrl", "sloResponseUrl"]} />;
  }
  return (
    <details class="box" open={wrong || view.screen === "all"}>
      <summary>{texts.identityProvider.logout}</summary>
      <TextSetting view={view} field="sloUrl" type="url" optional />
      <TextSetting view={view} field="sloResponseUrl" type="url" optional />
      <CheckSetting view={view} field="sloByPost" />
    </details>
  );
}

/** What login requests ask for, and what of it is checked. Few need it. */
function LoginRequests({ view }: { readonly view: PageView }): VNode {
  const { texts, draft } = view;
  const { values } = draft;
  const used =
    values.ssoByPost ||
    values.forceAuthn ||
    values.omitAcsUrl ||
    `${values.nameIdFormat}${values.requestedClasses}${values.acceptedClasses}` !== "";
  return (
    <details class="box" open={used}>
      <summary>{texts.identityProvider.loginRequests}</summary>
      <CheckSetting view={view} field="forceAuthn" />
      <LinesSetting view={view} field="acceptedClasses" rows={3} />
      <LinesSetting view={view} field="requestedClasses" rows={3} />
      <SelectSetting
        view={view}
        field="authnContextComparison"
        options={Object.entries(texts.options.authnContextComparison).map(([value, label]) => ({
          value,
          label,
        }))}
      />
      <TextSetting view={view} field="nameIdFormat" optional />
      <CheckSetting view={view} field="ssoByPost" />
      <CheckSetting view={view} field="omitAcsUrl" />
    </details>
  );
}

/** Selection of one identity provider in federation metadata. */
function Providers({ view }: { readonly view: PageView }): VNode | null {
  const { providers, texts } = view;
  const t = texts.identityProvider;
  if (providers.length === 0) return null;
  return (
    <fieldset id="providers" tabindex={-1}>
      <legend>{t.provider}</legend>
      <ul class="plain">
        {providers.map(({ entityId, wantsSignedRequests }, index) => (
          <li>
            <ActionButton action={`choose-provider:${index}`} section="outcome" kind="small">
              {t.choose(entityId)}
            </ActionButton>
            {wantsSignedRequests && <span class="soft"> {t.wantsSigned}</span>}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
