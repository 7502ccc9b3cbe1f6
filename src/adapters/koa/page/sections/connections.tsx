import type { VNode } from "preact";
import type { FollowedMember } from "../../../../domain/metadata-refresh.ts";
import { toOneConnection } from "../../../../domain/one-connection.ts";
import {
  ActionButton,
  CheckField,
  Section,
  TextField,
  Time,
} from "../components/form-controls.tsx";
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
      <MetadataState view={view} />
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
      {stored.settings.connections.map(
        ({ id, name, enabled, domains, acceptsOtherDomains }, index) => (
          <li>
            {id === draft.connection ? (
              <strong aria-current="true">{name}</strong>
            ) : (
              <a href={`${urls.page}?connection=${encodeURIComponent(id)}`}>{name}</a>
            )}{" "}
            <span class={`badge ${enabled ? "good" : "off"}`}>
              {enabled ? texts.status.on : texts.status.off}
            </span>{" "}
            <Glance view={view} id={id} />
            <span class="soft">
              {[...domains.slice(0, 5), ...(acceptsOtherDomains ? [t.otherDomains] : [])].join(
                ", ",
              )}
            </span>
            {index > 0 && (
              <ActionButton action={`connection-up:${id}`} section="outcome" kind="small">
                {t.up(name)}
              </ActionButton>
            )}
          </li>
        ),
      )}
    </ul>
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_DAYS = 30;

/** What needs attention of a connection: its certificates, and its metadata. */
function Glance({ view, id }: { readonly view: PageView; readonly id: string }): VNode {
  const { texts, metadata, expiries, now } = view;
  const t = texts.connections;
  const status = metadata?.get(id);
  const expiry = expiries.get(id);
  const days = expiry === undefined ? undefined : Math.floor(Math.abs(expiry - now) / DAY_MS);
  return (
    <>
      {expiry !== undefined && days !== undefined && expiry < now && (
        <span class="badge bad">{texts.certificate.expired(days)}</span>
      )}
      {expiry !== undefined && days !== undefined && expiry >= now && days < SOON_DAYS && (
        <span class="badge off">{texts.certificate.expiring(days)}</span>
      )}
      {status?.failing === true && <span class="badge off">{t.metadataFailing}</span>}
      {status?.pending !== undefined && <span class="badge off">{t.waits}</span>}{" "}
    </>
  );
}

/** The metadata that the shown connection follows, and the change that waits. */
function MetadataState({ view }: { readonly view: PageView }): VNode | null {
  const { texts, metadata, draft } = view;
  const t = texts.connections;
  const status = metadata?.get(draft.connection);
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
            {t.metadataRead} <Time at={lastSuccessAt} texts={texts} />
          </>
        )}
      </p>
      {failing && lastFailure !== undefined && (
        <p class="warning">
          {t.metadataFails} <Time at={lastFailure.at} texts={texts} />: {lastFailure.detail}
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
            <ActionButton action={`dismiss-change:${pending.tag}`} section="outcome">
              {t.dismiss}
            </ActionButton>
          </div>
        </div>
      )}
      {view.fetchesMetadata && (
        <ActionButton action="refresh-metadata" section="outcome">
          {t.refresh}
        </ActionButton>
      )}
    </div>
  );
}

function labelOf(member: FollowedMember, { fields }: PageView["texts"]): string {
  switch (member) {
    case "ssoBinding":
      return fields.ssoByPost;
    case "sloBinding":
      return fields.sloByPost;
    default:
      return fields[member];
  }
}
