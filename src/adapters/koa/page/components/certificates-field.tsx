import type { VNode } from "preact";
import { MAX_CERTIFICATES } from "../../../../domain/settings-rules.ts";
import { faultsAt, locateFaults } from "../form/faults.ts";
import { FIELDS } from "../form/fields.ts";
import type { CertificateView, PageView } from "../view.ts";
import { CertificateFactsList } from "./certificate-facts.tsx";
import { ActionButton, Faults, TextArea } from "./form-controls.tsx";

/** The identity provider's certificates, several during a rollover. */
export function CertificatesField({ view }: { readonly view: PageView }): VNode {
  const { texts, faults, certificates, oneMoreCertificate } = view;
  const t = texts.identityProvider;
  const none = certificates.length === 0;
  const empty = none || oneMoreCertificate ? [NO_CERTIFICATE] : [];
  return (
    <fieldset id={FIELDS.certificates} tabindex={-1}>
      <legend>{texts.fields.certificates}</legend>
      <p class="hint">{texts.hints.certificates}</p>
      <Faults
        id={FIELDS.certificates}
        faults={faultsAt(faults, FIELDS.certificates)}
        texts={texts}
      />
      <div class="certificates">
        {[...certificates, ...empty].map((certificate, index) => (
          <Certificate certificate={certificate} index={index} view={view} />
        ))}
      </div>
      <div class="row">
        {certificates.length + empty.length < MAX_CERTIFICATES && (
          <ActionButton action="add-certificate" section={FIELDS.certificates}>
            {t.add}
          </ActionButton>
        )}
        <ActionButton action="refresh" section={FIELDS.certificates} live={FIELDS.certificates}>
          {t.check}
        </ActionButton>
      </div>
    </fieldset>
  );
}

const NO_CERTIFICATE: CertificateView = { text: "", warnings: [] };

function Certificate(props: {
  readonly certificate: CertificateView;
  readonly index: number;
  readonly view: PageView;
}): VNode {
  const { certificate, index, view } = props;
  const { text, facts, fault, warnings } = certificate;
  const { texts } = view;
  const t = texts.identityProvider;
  const id = `${FIELDS.certificates}-${index}`;
  const faults = faultsAt(view.faults, FIELDS.certificates, index);
  const own = text === "" || fault === undefined ? [] : [{ ...fault, path: [] }];
  const shown =
    faults.length > 0 ? faults : locateFaults(own, texts).map((placed) => ({ ...placed, index }));
  const field = (
    <TextArea
      name={FIELDS.certificates}
      id={id}
      label={t.certificateText}
      value={text}
      rows={4}
      faults={shown}
      texts={texts}
    />
  );
  return (
    <div class="certificate">
      <h3>{t.certificate(index + 1)}</h3>
      {facts !== undefined && (
        <CertificateFactsList facts={facts} warnings={warnings} now={view.now} texts={texts} />
      )}
      {facts === undefined || shown.length > 0 ? (
        field
      ) : (
        <details>
          <summary>{t.showText}</summary>
          {field}
        </details>
      )}
      {text !== "" && (
        <ActionButton
          action={`remove-certificate:${index}`}
          section={FIELDS.certificates}
          kind="small"
        >
          {t.remove(index + 1)}
        </ActionButton>
      )}
    </div>
  );
}
