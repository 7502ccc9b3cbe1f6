import type { VNode } from "preact";
import { toOneConnection } from "../../../../domain/one-connection.ts";
import { ActionButton, CheckField, Section, TextField } from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { faultsAt } from "../form/faults.ts";
import { FIELDS } from "../form/fields.ts";
import type { PageView } from "../view.ts";

/** Every connection at a glance, and what the shown one is called. One needs none of this. */
export function ConnectionsSection({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, draft, faults } = view;
  const t = texts.connections;
  const { values } = draft;
  const several = toOneConnection(stored.settings) === undefined;
  const common = { faults, texts };
  return (
    <Section id="connections" title={t.title}>
      <SectionNotice view={view} section="connections" />
      {several ? (
        <>
          <ConnectionList view={view} />
          <h3>{t.shown(values.connectionName)}</h3>
          <TextField
            name={FIELDS.connectionName}
            label={texts.fields.connectionName}
            value={values.connectionName}
            {...common}
          />
          <CheckField
            name={FIELDS.connectionEnabled}
            label={texts.fields.connectionEnabled}
            checked={values.connectionEnabled}
            faults={[]}
            texts={texts}
          />
          <CheckField
            name={FIELDS.acceptsOtherDomains}
            label={texts.fields.acceptsOtherDomains}
            hint={t.acceptsOtherDomainsHint}
            checked={values.acceptsOtherDomains}
            faults={faultsAt(faults, FIELDS.acceptsOtherDomains)}
            texts={texts}
          />
          {!values.connectionEnabled && stored.settings.connections.length > 1 && (
            <ActionButton action="remove-connection" section="outcome" kind="danger">
              {t.remove(values.connectionName)}
            </ActionButton>
          )}
        </>
      ) : (
        <>
          <p class="hint">{t.one}</p>
          <input type="hidden" name={FIELDS.connectionName} value={values.connectionName} />
          <input type="hidden" name={FIELDS.connectionEnabled} value="1" />
          <input type="hidden" name={FIELDS.acceptsOtherDomains} value="1" />
        </>
      )}
      {stored.settings.connections.length > 0 && (
        <details class="box">
          <summary>{t.add}</summary>
          <TextField
            name="new-connection"
            label={texts.fields.connectionName}
            hint={t.addHint}
            value={view.inputs.newConnection}
            {...common}
          />
          <ActionButton action="add-connection" section="outcome">
            {t.add}
          </ActionButton>
        </details>
      )}
    </Section>
  );
}

function ConnectionList({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, draft, urls } = view;
  const t = texts.connections;
  return (
    <ul class="plain">
      {stored.settings.connections.map(({ id, name, enabled, domains, acceptsOtherDomains }) => (
        <li>
          {id === draft.connection ? (
            <strong aria-current="true">{name}</strong>
          ) : (
            <a href={`${urls.page}?connection=${encodeURIComponent(id)}`}>{name}</a>
          )}{" "}
          <span class={`badge ${enabled ? "good" : "off"}`}>
            {enabled ? texts.status.on : texts.status.off}
          </span>{" "}
          <span class="soft">
            {[...domains.slice(0, 5), ...(acceptsOtherDomains ? [t.otherDomains] : [])].join(", ")}
          </span>
        </li>
      ))}
    </ul>
  );
}
