import type { VNode } from "preact";
import { AUTHN_CONTEXT_COMPARISONS, WEAK_ALGORITHMS } from "../../../../domain/settings.ts";
import { CertificatesField } from "../components/certificates-field.tsx";
import {
  ActionButton,
  CheckField,
  Faults,
  Section,
  SelectField,
  TextArea,
  TextField,
} from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { faultsAt } from "../form/faults.ts";
import { FIELDS } from "../form/fields.ts";
import { sectionOf } from "../screens.ts";
import type { PageView } from "../view.ts";

/** Everything about the connection. */
export function IdentityProviderSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, inputs } = view;
  const t = texts.identityProvider;
  const { values } = draft;
  const common = { faults, texts };
  const wrong = faults.some(({ field }) => sectionOf(field) === "connection");
  return (
    <Section id="connection" title={t.title}>
      <SectionNotice view={view} section="connection" />
      <Faults id="connection" faults={faultsAt(faults, "connection")} texts={texts} />
      <details class="box" open={values.entityId === "" || inputs.metadata !== ""}>
        <summary>{t.metadata}</summary>
        {view.fetchesMetadata || values.metadataUrl !== "" ? (
          <>
            <TextField
              name={FIELDS.metadataUrl}
              label={t.metadataUrl}
              hint={t.metadataUrlHint}
              value={values.metadataUrl}
              type="url"
              optional
              {...common}
            />
            {view.fetchesMetadata && (
              <ActionButton action="fetch-metadata" section="outcome">
                {t.fetch}
              </ActionButton>
            )}
          </>
        ) : (
          <input type="hidden" name={FIELDS.metadataUrl} value="" />
        )}
        <p class="field" hidden data-script>
          <label for="metadata-file">{t.metadataFile}</label>
          <input id="metadata-file" type="file" accept=".xml,text/xml,application/xml" />
        </p>
        <TextArea
          name="metadata"
          label={t.metadataText}
          hint={t.metadataHint}
          value={inputs.metadata}
          rows={view.screen === "setup" ? 3 : 5}
          faults={[]}
          texts={texts}
        />
        <Providers view={view} />
        <ActionButton action="read-metadata" section="outcome">
          {t.read}
        </ActionButton>
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

/** What the metadata contains, and what else there is to choose. */
function ValuesAndOptions({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, canSignRequests } = view;
  const t = texts.identityProvider;
  const { values } = draft;
  const common = { faults, texts };
  const exceptions = values.weakAlgorithms.length > 0 || values.acceptExpiredCertificates;
  return (
    <>
      <TextField name={FIELDS.entityId} label={t.entityId} value={values.entityId} {...common} />
      <TextField
        name={FIELDS.ssoUrl}
        label={t.ssoUrl}
        value={values.ssoUrl}
        type="url"
        {...common}
      />
      <CertificatesField view={view} />
      <CheckField
        name={FIELDS.idpInitiated}
        label={t.idpInitiated}
        hint={t.idpInitiatedHint}
        checked={values.idpInitiated}
        faults={faultsAt(faults, FIELDS.idpInitiated)}
        texts={texts}
      />
      <CheckField
        name={FIELDS.signRequests}
        label={t.signRequests}
        {...(canSignRequests ? {} : { hint: t.noKey })}
        checked={values.signRequests}
        disabled={!canSignRequests && !values.signRequests}
        faults={faultsAt(faults, FIELDS.signRequests)}
        texts={texts}
      />
      <Logout view={view} />
      <LoginRequests view={view} />
      <details class="box" open={exceptions}>
        <summary>{t.exceptions}</summary>
        <fieldset id={FIELDS.weakAlgorithms} tabindex={-1}>
          <legend>{t.weakAlgorithms}</legend>
          <p class="hint">{t.weakAlgorithmsHint}</p>
          {WEAK_ALGORITHMS.map((algorithm) => (
            <CheckField
              name={FIELDS.weakAlgorithms}
              id={`${FIELDS.weakAlgorithms}-${algorithm}`}
              value={algorithm}
              label={algorithm}
              checked={values.weakAlgorithms.includes(algorithm)}
              faults={[]}
              texts={texts}
            />
          ))}
        </fieldset>
        <CheckField
          name={FIELDS.acceptExpiredCertificates}
          label={t.acceptExpired}
          hint={t.acceptExpiredHint}
          checked={values.acceptExpiredCertificates}
          faults={faultsAt(faults, FIELDS.acceptExpiredCertificates)}
          texts={texts}
        />
      </details>
    </>
  );
}

/** How sign-out reaches the identity provider; without it here, only what is set already. */
function Logout({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, serviceProvider } = view;
  const t = texts.identityProvider;
  const { values } = draft;
  const common = { faults, texts };
  const used = `${values.sloUrl}${values.sloResponseUrl}` !== "" || values.sloByPost;
  const wrong = [FIELDS.sloUrl, FIELDS.sloResponseUrl, FIELDS.sloByPost].some((name) =>
    faults.some(({ field }) => field === name),
  );
  if (serviceProvider.sloUrl === undefined && !used && !wrong) {
    return (
      <>
        <input type="hidden" name={FIELDS.sloUrl} value="" />
        <input type="hidden" name={FIELDS.sloResponseUrl} value="" />
      </>
    );
  }
  return (
    <details class="box" open={wrong || view.screen === "all"}>
      <summary>{t.logout}</summary>
      <TextField
        name={FIELDS.sloUrl}
        label={t.sloUrl}
        value={values.sloUrl}
        type="url"
        optional
        {...common}
      />
      <TextField
        name={FIELDS.sloResponseUrl}
        label={t.sloResponseUrl}
        hint={t.sloResponseUrlHint}
        value={values.sloResponseUrl}
        type="url"
        optional
        {...common}
      />
      <CheckField
        name={FIELDS.sloByPost}
        label={t.sloByPost}
        hint={t.sloByPostHint}
        checked={values.sloByPost}
        faults={faultsAt(faults, FIELDS.sloByPost)}
        texts={texts}
      />
    </details>
  );
}

/** What login requests ask for, and what of it is checked. Few need it. */
function LoginRequests({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults } = view;
  const t = texts.identityProvider;
  const { values } = draft;
  const common = { faults, texts };
  const used =
    values.ssoByPost ||
    values.forceAuthn ||
    values.omitAcsUrl ||
    `${values.nameIdFormat}${values.requestedClasses}${values.acceptedClasses}` !== "";
  const check = (field: "ssoByPost" | "forceAuthn" | "omitAcsUrl", hint: string): VNode => (
    <CheckField
      name={FIELDS[field]}
      label={t[field]}
      hint={hint}
      checked={values[field]}
      faults={faultsAt(faults, FIELDS[field])}
      texts={texts}
    />
  );
  const lines = (field: "requestedClasses" | "acceptedClasses", hint: string): VNode => (
    <TextArea
      name={FIELDS[field]}
      label={t[field]}
      hint={hint}
      value={values[field].join("\n")}
      rows={3}
      faults={faults.filter((fault) => fault.field === FIELDS[field])}
      texts={texts}
    />
  );
  return (
    <details class="box" open={used}>
      <summary>{t.loginRequests}</summary>
      {check("forceAuthn", t.forceAuthnHint)}
      {lines("acceptedClasses", t.acceptedClassesHint)}
      {lines("requestedClasses", t.requestedClassesHint)}
      <SelectField
        name={FIELDS.authnContextComparison}
        label={t.authnContextComparison}
        value={values.authnContextComparison}
        options={AUTHN_CONTEXT_COMPARISONS.map((value) => ({ value, label: t.comparisons[value] }))}
        {...common}
      />
      <TextField
        name={FIELDS.nameIdFormat}
        label={t.nameIdFormat}
        hint={t.nameIdFormatHint}
        value={values.nameIdFormat}
        optional
        {...common}
      />
      {check("ssoByPost", t.ssoByPostHint)}
      {check("omitAcsUrl", t.omitAcsUrlHint)}
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
