import type { VNode } from "preact";
import { CertificateFactsList } from "../components/certificates.tsx";
import { Copyable, Section } from "../components/form-controls.tsx";
import type { PageView } from "../view.ts";

/** Values for the identity provider, to copy. */
export function ServiceProviderSection({ view }: { readonly view: PageView }): VNode {
  const { texts, serviceProvider: sp, urls, ownCertificates } = view;
  const t = texts.serviceProvider;
  const signing = ownCertificates.some(({ use }) => use === "next") ? t.stillSigns : t.signs;
  const rows = [
    { id: "sp-entity-id", label: t.entityId, hint: t.entityIdHint, value: sp.entityId },
    { id: "sp-acs-url", label: t.acsUrl, hint: t.acsUrlHint, value: sp.acsUrl },
    ...(sp.additionalAcsUrls ?? []).map((value, index) => ({
      id: `sp-additional-acs-url-${index}`,
      label: t.additionalAcsUrl,
      hint: undefined,
      value,
    })),
    ...(sp.sloUrl === undefined
      ? []
      : [{ id: "sp-slo-url", label: t.sloUrl, hint: undefined, value: sp.sloUrl }]),
  ];
  return (
    <Section id="service-provider" title={t.title}>
      <p>{t.intro}</p>
      <dl>
        {rows.map(({ id, label, hint, value }) => (
          <div>
            <dt>
              {label}
              {hint !== undefined && <span class="hint">{hint}</span>}
            </dt>
            <dd>
              <Copyable id={id} value={value} label={label} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{t.metadata}</dt>
          <dd>
            <Copyable id="sp-metadata" value={urls.metadata} label={t.metadata} />
            <a class="beside" href={urls.metadata} download="metadata.xml">
              {t.downloadMetadata}
            </a>
          </dd>
        </div>
      </dl>
      {ownCertificates.map(({ text, facts, warnings, use }) => (
        <div class="certificate">
          <h3>{use === undefined ? t.certificate : t[use]}</h3>
          <p class="hint">{use === undefined ? signing : t[`${use}Hint`]}</p>
          {facts !== undefined && (
            <CertificateFactsList facts={facts} warnings={warnings} now={view.now} />
          )}
          <details>
            <summary>{texts.identityProvider.showText}</summary>
            <pre>{text}</pre>
          </details>
        </div>
      ))}
    </Section>
  );
}
