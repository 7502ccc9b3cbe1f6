import type { VNode } from "preact";
import type { DomainRead } from "../../../../application/domains.ts";
import { toOneConnection } from "../../../../domain/one-connection.ts";
import { ActionButton, Copyable, Section, TextField, Time } from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { CheckSetting, LinesSetting } from "../components/settings-fields.tsx";
import { FIELDS } from "../form/fields.ts";
import type { PageView } from "../view.ts";

/** Whose addresses may sign in through the shown connection. */
export function DomainsSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, stored } = view;
  const t = texts.domains;
  const wrong = faults.some(({ field }) => field === FIELDS.allowedDomains);
  const { allowedDomains } = draft.values;
  const allowed = <LinesSetting view={view} field="allowedDomains" rows={3} />;
  return (
    <Section id="domains" title={t.title}>
      {view.screen === "setup" && !wrong ? (
        <details class="box">
          <summary>{allowedDomains.length === 0 ? t.all : allowedDomains.join(", ")}</summary>
          {allowed}
        </details>
      ) : (
        allowed
      )}
      {toOneConnection(stored.settings) === undefined ? (
        <LinesSetting view={view} field="sharedDomains" rows={2} />
      ) : (
        <input type="hidden" name={FIELDS.sharedDomains} value="" />
      )}
    </Section>
  );
}

/** Whose passwords the platform refuses, and who may use one nevertheless. */
export function EnforcementSection({ view }: { readonly view: PageView }): VNode {
  const t = view.texts.enforcement;
  return (
    <Section id="enforcement" title={t.title}>
      <SectionNotice view={view} section="enforcement" />
      <p class="hint">{t.hint}</p>
      <CheckSetting view={view} field="enforced" />
      <LinesSetting view={view} field="exempt" rows={3} />
    </Section>
  );
}

/** Email domains that DNS proves; their buttons take effect immediately. */
export function ProvenDomainsSection({ view }: { readonly view: PageView }): VNode | null {
  const { texts, provenDomains: domains, inputs, faults } = view;
  const t = texts.provenDomains;
  if (domains === "off") return null;
  return (
    <Section id="proven-domains" title={t.title}>
      <SectionNotice view={view} section="proven-domains" />
      <p class="hint">{t.hint}</p>
      {domains === undefined ? (
        <p class="fault">{texts.unavailable}</p>
      ) : domains.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <ul class="plain">
          {domains.map((domain, index) => (
            <Domain domain={domain} index={index} view={view} />
          ))}
        </ul>
      )}
      <div class="row end">
        <TextField name="new-domain" label={t.newDomain} value={inputs.newDomain} faults={faults} />
        <ActionButton action="add-domain" section="outcome" live="proven-domains">
          {t.add}
        </ActionButton>
      </div>
    </Section>
  );
}

const BADGES = { unproven: "off", proven: "good", lost: "bad" } as const;

function Domain(props: {
  readonly domain: DomainRead;
  readonly index: number;
  readonly view: PageView;
}): VNode {
  const { domain: read, index, view } = props;
  const { texts } = view;
  const t = texts.provenDomains;
  const { domain, state, record, checkedAt } = read;
  const id = `domain-${index}`;
  return (
    <li class="box">
      <p class="row">
        <strong>{domain}</strong>
        <span class={`badge ${BADGES[state]}`}>{t.states[state]}</span>
        {checkedAt !== undefined && (
          <span class="soft">
            {t.checkedAt} <Time at={checkedAt} />
          </span>
        )}
      </p>
      {state === "lost" && <p class="warning">{t.lostHint}</p>}
      <dl>
        {(["name", "value"] as const).map((part) => (
          <div>
            <dt>{`${t.record}: ${t[part]}`}</dt>
            <dd>
              <Copyable id={`${id}-${part}`} value={record[part]} label={`${domain}, ${t[part]}`} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="row">
        <ActionButton
          action={`check-domain:${domain}`}
          section="outcome"
          live="proven-domains"
          label={t.checkOf(domain)}
        >
          {t.check}
        </ActionButton>
        <ActionButton
          action={`remove-domain:${domain}`}
          section="outcome"
          live="proven-domains"
          kind="danger"
          label={t.removeOf(domain)}
        >
          {t.remove}
        </ActionButton>
      </div>
    </li>
  );
}
