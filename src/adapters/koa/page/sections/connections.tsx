import type { VNode } from "preact";
import type { FollowedMember } from "../../../../domain/metadata-refresh.ts";
import { toOneConnection } from "../../../../domain/one-connection.ts";
import { ActionButton, Section, TextField, Time } from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { CheckSetting, KeptSettings, TextSetting } from "../components/settings-fields.tsx";
import { FIELDS } from "../form/fields.ts";
import { screenUrl } from "../screens.ts";
import type { PageView } from "../view.ts";
import { OnOff, StateBadges } from "./status.tsx";

/** Every connection at a glance, and what the shown one is called. One needs none of this. */
export function ConnectionsSection({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, draft, faults } = view;
  const t = texts.connections;
  const { values } = draft;
  const several = toOneConnection(stored.settings) === undefined;
  return (
    <Section id="connections" title={t.title}>
      <SectionNotice view={view} section="connections" />
      {several ? (
        <>
          <ConnectionList view={view} />
          <h3>{t.shown(values.connectionName)}</h3>
          <TextSetting view={view} field="connectionName" />
          <CheckSetting view={view} field="connectionEnabled" />
          <CheckSetting view={view} field="acceptsOtherDomains" />
          {!values.connectionEnabled && stored.settings.connections.length > 1 && (
            <ActionButton action="remove-connection" section="outcome" kind="danger">
              {t.remove(values.connectionName)}
            </ActionButton>
          )}
        </>
      ) : (
        <>
          <p class="hint">{t.one}</p>
          <KeptSettings view={view} fields={["connectionName"]} />
          <input type="hidden" name={FIELDS.connectionEnabled} value="1" />
          <input type="hidden" name={FIELDS.acceptsOtherDomains} value="1" />
        </>
      )}
      <MetadataState view={view} />
      {stored.settings.connections.length > 0 && (
        <details class="box">
          <summary>{t.add}</summary>
          <TextField
            name="new-connection"
            label={texts.fields.connectionName}
            hint={t.addHint}
            value={view.inputs.newConnection}
            faults={faults}
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
  const { texts, stored, draft, urls, states = [] } = view;
  const t = texts.connections;
  const page = screenUrl(urls.page, view.screen);
  return (
    <ul class="plain">
      {stored.settings.connections.map(
        ({ id, name, enabled, domains, acceptsOtherDomains }, index) => {
          const state = states.find((one) => one.id === id);
          const others = acceptsOtherDomains ? [t.otherDomains] : [];
          return (
            <li>
              {id === draft.connection ? (
                <strong aria-current="true">{name}</strong>
              ) : (
                <a href={`${page}?connection=${encodeURIComponent(id)}`}>{name}</a>
              )}{" "}
              <OnOff on={enabled} view={view} />{" "}
              {state !== undefined && <StateBadges state={state} view={view} />}
              <span class="soft">{[...domains.slice(0, MOST_DOMAINS), ...others].join(", ")}</span>
              {index > 0 && (
                <ActionButton action={`connection-up:${id}`} section="outcome" kind="small">
                  {t.up(name)}
                </ActionButton>
              )}
            </li>
          );
        },
      )}
    </ul>
  );
}

const MOST_DOMAINS = 5;

/** The metadata that the shown connection follows, and the change that waits. */
function MetadataState({ view }: { readonly view: PageView }): VNode | null {
  const { texts, states = [], draft } = view;
  const t = texts.connections;
  const status = states.find(({ id }) => id === draft.connection)?.metadata;
  if (status === undefined) return null;
  const { failing, lastSuccessAt, lastFailure, pending } = status;
  return (
    <div id="metadata-state">
      <h3>{t.metadata}</h3>
      <p>
        {lastSuccessAt === undefined ? (
          t.metadataNever
        ) : (
          <>
            {t.metadataRead} <Time at={lastSuccessAt} />
          </>
        )}
      </p>
      {failing && lastFailure !== undefined && (
        <p class="warning">
          {t.metadataFails}
          <br />
          {lastFailure.detail} (<Time at={lastFailure.at} />)
        </p>
      )}
      {pending !== undefined && (
        <div class="warning">
          <p>{t.waiting}</p>
          <ul>
            {pending.members.map(({ member, from = texts.none, to = texts.none }) => (
              <li>
                {labelOf(member, texts)}: <del>{from}</del> → <ins>{to}</ins>
              </li>
            ))}
            {pending.removed.map(({ fingerprint }) => (
              <li>
                {t.removed}: <code>{fingerprint}</code>
              </li>
            ))}
            {pending.added.map(({ fingerprint }) => (
              <li>
                {t.added}: <code>{fingerprint}</code>
              </li>
            ))}
          </ul>
          <div class="row">
            <ActionButton action={`accept-change:${pending.tag}`} section="outcome">
              {t.accept}
            </ActionButton>
            <ActionButton action={`try-change:${pending.tag}`} section="outcome">
              {t.tryIt}
            </ActionButton>
            <ActionButton action={`dismiss-change:${pending.tag}`} section="outcome">
              {t.dismiss}
            </ActionButton>
          </div>
        </div>
      )}
      {view.fetchesMetadata && (
        <p class="row">
          <ActionButton action="refresh-metadata" section="outcome">
            {t.refresh}
          </ActionButton>
        </p>
      )}
    </div>
  );
}

function labelOf(member: FollowedMember, { fields }: PageView["texts"]): string {
  if (member === "ssoBinding") return fields.ssoByPost;
  return member === "sloBinding" ? fields.sloByPost : fields[member];
}
