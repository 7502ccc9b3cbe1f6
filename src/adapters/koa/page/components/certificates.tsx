import type { VNode } from "preact";
import { DAY_MS } from "../../../../domain/audit.ts";
import type { CertificateFacts, CertificateFinding } from "../../../../domain/certificate-rules.ts";
import { MAX_CERTIFICATES } from "../../../../domain/settings-rules.ts";
import { faultsAt, locateFaults } from "../form/faults.ts";
import { FIELDS } from "../form/fields.ts";
import { inWords } from "../texts.ts";
import type { CertificateView, PageView } from "../view.ts";
import { ActionButton, Faults, TextArea, Time, useTexts } from "./form-controls.tsx";

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
      <Faults id={FIELDS.certificates} faults={faultsAt(faults, FIELDS.certificates)} />
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
    />
  );
  return (
    <div class="certificate">
      <h3>{t.certificate(index + 1)}</h3>
      {facts !== undefined && (
        <CertificateFactsList facts={facts} warnings={warnings} now={view.now} />
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

interface Props {
  readonly facts: CertificateFacts;
  readonly warnings: readonly CertificateFinding[];
  readonly now: number;
}

/** Facts about a certificate and its expiry, and warnings of anything else. */
export function CertificateFactsList(props: Props): VNode {
  const { facts, warnings } = props;
  const texts = useTexts();
  const t = texts.certificate;
  return (
    <dl class="facts">
      <div>
        <dt>{t.subject}</dt>
        <dd>{facts.subject.replaceAll("\n", ", ")}</dd>
      </div>
      <div>
        <dt>{t.fingerprint}</dt>
        <dd>
          <Fingerprint value={facts.fingerprint} />
        </dd>
      </div>
      <div>
        <dt>{t.expires}</dt>
        <dd>
          <Time at={facts.notAfter} /> <Validity {...props} />
        </dd>
      </div>
      <div>
        <dt>{t.key}</dt>
        <dd>
          {facts.keyType.toUpperCase()}
          {facts.keyBits === undefined ? "" : ` ${facts.keyBits}`}
          {facts.curve === undefined ? "" : ` ${facts.curve}`}
        </dd>
      </div>
      {warnings
        .filter(({ code }) => !SHOWN_BY_BADGE.has(code))
        .map((warning) => (
          <div>
            <dt>{texts.problems.warning}</dt>
            <dd>{inWords(warning, texts)}</dd>
          </div>
        ))}
    </dl>
  );
}

const EXPIRING = "certificate-expiring";
const SHOWN_BY_BADGE: ReadonlySet<string> = new Set([
  EXPIRING,
  "certificate-expired",
  "certificate-not-yet-valid",
]);

/** A fingerprint in two halves, so that it wraps readably. */
export function Fingerprint({ value }: { readonly value: string }): VNode {
  const middle = Math.ceil(value.length / 2);
  return (
    <code class="fingerprint">
      <span>{value.slice(0, middle)}</span>
      <span>{value.slice(middle)}</span>
    </code>
  );
}

function Validity(props: Props): VNode {
  const { facts, warnings, now } = props;
  const t = useTexts().certificate;
  const left = facts.notAfter - now;
  if (left < 0) return <span class="badge bad">{t.expired(Math.floor(-left / DAY_MS))}</span>;
  if (facts.notBefore > now) return <span class="badge bad">{t.notYet}</span>;
  if (warnings.some(({ code }) => code === EXPIRING))
    return <span class="badge warn">{t.expiring(Math.floor(left / DAY_MS))}</span>;
  return <span class="badge good">{t.good}</span>;
}
