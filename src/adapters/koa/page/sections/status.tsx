import type { ComponentChildren, VNode } from "preact";
import type { ConnectionState } from "../../../../application/overview.ts";
import { ActionButton, Copyable, Table, Time } from "../components/form-controls.tsx";
import { screenOf, screenUrl, sectionOf } from "../screens.ts";
import type { PageView } from "../view.ts";

/** Whether users can sign in now, and how it goes; turning off takes one click. */
export function StatusSection({ view }: { readonly view: PageView }): VNode {
  const { texts, stored, urls, administrators } = view;
  const t = texts.status;
  const { enabled } = stored.settings;
  return (
    <section id="status" class="card" aria-labelledby="status-title">
      <h2 id="status-title">
        {t.title}: <span class={`badge ${enabled ? "good" : "off"}`}>{enabled ? t.on : t.off}</span>
      </h2>
      <p>{enabled ? t.onMeans : t.offMeans}</p>
      <p class="soft">
        {stored.version === 0 ? (
          t.neverSaved
        ) : (
          <>
            {t.savedBy(administrators.get(stored.savedBy) ?? stored.savedBy)},{" "}
            <Time at={stored.savedAt} />, {t.version(stored.version)}
          </>
        )}
      </p>
      {view.screen === "overview" && <Facts view={view} />}
      {enabled && (
        <dl>
          <div>
            <dt>
              {texts.guide.signInLink}
              <span class="hint">{texts.guide.signInLinkHint}</span>
            </dt>
            <dd>
              <Copyable id="sign-in-link" value={urls.signIn} label={texts.guide.signInLink} />
            </dd>
          </div>
        </dl>
      )}
      {enabled && (
        <div class="row">
          <ActionButton action="disable" section="outcome" kind="danger">
            {t.switchOff}
          </ActionButton>
          <span class="hint">{t.switchOffHint}</span>
        </div>
      )}
      <Warnings view={view} />
    </section>
  );
}

/** The numbers that tell whether all is well, each with a link to what is behind it. */
function Facts({ view }: { readonly view: PageView }): VNode {
  const { texts, urls, figures, usage } = view;
  const t = texts.overview;
  const number = new Intl.NumberFormat(texts.lang);
  const facts: (readonly [label: string, value: ComponentChildren, url: string])[] = [];
  if (figures !== undefined && figures !== "late") {
    const { lastSignInAt, usersCreated, refusalsOfWeek, refusalsIncomplete } = figures;
    const refusals = number.format(refusalsOfWeek);
    facts.push(
      [
        t.lastSignIn,
        lastSignInAt === undefined ? t.never : <Time at={lastSignInAt} />,
        `${urls.activity}?show=signed-in`,
      ],
      [t.usersCreated, number.format(usersCreated), urls.users],
      [
        t.refusalsOfWeek,
        refusalsIncomplete ? t.atLeast(refusals) : refusals,
        `${urls.activity}?show=refused`,
      ],
    );
  }
  if (usage !== undefined && usage !== "late") {
    const { used, limit } = usage;
    const says =
      limit === undefined
        ? texts.licenses.usedUnlimited(number.format(used))
        : texts.licenses.used(number.format(used), number.format(limit));
    facts.push([texts.licenses.title, says, screenUrl(urls.page, "licenses")]);
  }
  return (
    <>
      <dl class="tiles figures">
        {facts.map(([label, value, url]) => (
          <div>
            <dt>{label}</dt>
            <dd>
              <a href={url}>{value}</a>
            </dd>
          </div>
        ))}
      </dl>
      <Connections view={view} />
    </>
  );
}

/** Whether a connection is in use. */
export function OnOff(props: { readonly on: boolean; readonly view: PageView }): VNode {
  const { on, view } = props;
  const t = view.texts.status;
  return <span class={`badge ${on ? "good" : "off"}`}>{on ? t.on : t.off}</span>;
}

const DAY_MS = 24 * 3600 * 1000;

interface StateProps {
  readonly state: ConnectionState;
  readonly view: PageView;
}

/** What needs attention of a connection: its certificates, and its metadata. */
export function StateBadges(props: StateProps): VNode {
  return (
    <>
      <CertificateBadge {...props} /> <MetadataBadges {...props} />{" "}
    </>
  );
}

function CertificateBadge({ state, view }: StateProps): VNode | null {
  const { certificate, certificateExpiresAt = view.now } = state;
  const t = view.texts.certificate;
  const days = Math.floor(Math.abs(certificateExpiresAt - view.now) / DAY_MS);
  switch (certificate) {
    case "expired":
      return <span class="badge bad">{t.expired(days)}</span>;
    case "expiring":
      return <span class="badge warn">{t.expiring(days)}</span>;
    case "not-yet-valid":
      return <span class="badge warn">{t.notYet}</span>;
    default:
      return null;
  }
}

function MetadataBadges({ state, view }: StateProps): VNode {
  const { metadata, id } = state;
  const t = view.texts.connections;
  return (
    <>
      {metadata?.failing === true && <span class="badge bad">{t.metadataFailing}</span>}{" "}
      {metadata?.pending !== undefined && (
        <a class="badge warn" href={`${connectionUrl(id, view)}#metadata-state`}>
          {t.waits}
        </a>
      )}
    </>
  );
}

function connectionUrl(id: string, { urls }: PageView): string {
  return `${screenUrl(urls.page, "connections")}?connection=${encodeURIComponent(id)}`;
}

/** Every connection with its state in words. */
function Connections({ view }: { readonly view: PageView }): VNode | null {
  const { texts, states = [] } = view;
  const t = texts.overview;
  const c = texts.connections;
  if (states.length === 0) return null;
  return (
    <Table
      caption={c.title}
      columns={[t.connection, t.certificate, c.metadata]}
      rows={states.map((state) => [
        <>
          <a href={connectionUrl(state.id, view)}>{state.name}</a>{" "}
          <OnOff on={state.enabled} view={view} />
        </>,
        state.certificateExpiresAt === undefined ? (
          texts.none
        ) : (
          <>
            {texts.certificate.expires} <Time at={state.certificateExpiresAt} day />{" "}
            <CertificateBadge state={state} view={view} />
          </>
        ),
        <>
          {metadataText(state, view)} <MetadataBadges state={state} view={view} />
        </>,
      ])}
    />
  );
}

function metadataText({ metadata }: ConnectionState, { texts }: PageView): ComponentChildren {
  const t = texts.connections;
  if (metadata === undefined) return t.notFollowed;
  const { lastSuccessAt } = metadata;
  if (lastSuccessAt === undefined) return t.metadataNever;
  return (
    <>
      {t.metadataRead} <Time at={lastSuccessAt} />
    </>
  );
}

const MOST_WARNINGS = 10;

function Warnings({ view }: { readonly view: PageView }): VNode | null {
  const { texts, warnings, sections, urls } = view;
  if (warnings.length === 0) return null;
  /** Where the field is: on this screen, or on its own. */
  const linkTo = (anchor: string): string => {
    const section = sectionOf(anchor);
    if (section === undefined || sections.has(section)) return `#${anchor}`;
    return `${screenUrl(urls.page, screenOf(section))}#${anchor}`;
  };
  return (
    <div class="warning">
      <h3>{texts.status.warnings}</h3>
      <ul>
        {warnings.slice(0, MOST_WARNINGS).map(({ anchor, text }) => (
          <li>
            <a href={linkTo(anchor)}>{text}</a>
          </li>
        ))}
      </ul>
      {warnings.length > MOST_WARNINGS && (
        <p>{texts.problems.more(warnings.length - MOST_WARNINGS)}</p>
      )}
    </div>
  );
}
