import type { VNode } from "preact";
import type { PageAudit } from "../../../../application/audit/audit.ts";
import { isSamlActor } from "../../../../application/audit/audit.ts";
import type { LoadSettings } from "../../../../application/settings/read-settings.ts";
import { AUDIT_OUTCOMES, type AuditEntry } from "../../../../domain/audit.ts";
import { defined } from "../../../../domain/defined.ts";
import type { Clock } from "../../../../ports/environment.ts";
import type { Handler } from "../../error-boundary.ts";
import type { AdminGuard } from "../../guards.ts";
import { Fingerprint } from "../components/certificates.tsx";
import { Breakable, FactRows, SelectField, Time, useTexts } from "../components/form-controls.tsx";
import { type FindPageUrls, sendDocument } from "../document.tsx";
import { detailLabel } from "../form/faults.ts";
import { type ChooseTexts, explanationIn, whoIs } from "../texts.ts";
import {
  type ActivityQuery,
  activityAfter,
  activityFilter,
  exportParameters,
  readActivityQuery,
} from "./activity-query.ts";
import { ListPage } from "./list-page.tsx";

export interface ActivityPageRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly pageAudit: PageAudit;
  readonly loadSettings: LoadSettings;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
  readonly clock: Clock;
}

const PAGE = 25;

/** `GET /settings/page/activity`: the audit trail as a page. */
export function makeActivityPageRoute(deps: ActivityPageRouteDeps): Handler {
  const { adminGuard, pageAudit, loadSettings, chooseTexts, pageUrls, clock } = deps;
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    const query = readActivityQuery({ ...ctx.query });
    const filter = activityFilter(query);
    const after = activityAfter(query);
    const [read, stored] = await Promise.all([
      pageAudit({
        tenant: tenantContext.tenant,
        // An invalid filter matches nothing.
        filter: filter ?? { outcomes: [] },
        limit: PAGE,
        named: true,
        ...defined({ after }),
      }),
      loadSettings(tenantContext.tenant),
    ]);
    const connections = new Map(stored.settings.connections.map(({ id, name }) => [id, name]));
    const file = (format: "csv" | "jsonl") =>
      `${urls.export}?${exportParameters(filter ?? {}, format)}`;
    const { refusals } = read;
    const t = texts.activity;
    sendDocument(ctx, {
      title: `${t.title}: ${texts.title}`,
      texts,
      urls,
      now: clock.now(),
      postsTo: [urls.activity],
      children: (
        <ListPage
          view={{ texts, urls, stored }}
          current="activity"
          about={
            refusals > 0 && (
              <p class="soft">{t.refusals(new Intl.NumberFormat(texts.lang).format(refusals))}</p>
            )
          }
          filters={<Filters query={query} />}
          items={read.entries.map((entry) => (
            <ActivityEntry entry={entry} connections={connections} open={query.reference !== ""} />
          ))}
          nothing={t.nothing}
          query={{ ...query }}
          next={read.next}
          file={filter && file}
        />
      ),
    });
  };
}

function Filters(props: { readonly query: ActivityQuery }): VNode {
  const { query } = props;
  const texts = useTexts();
  const t = texts.activity;
  return (
    <>
      <SelectField
        name="show"
        label={t.show}
        value={query.show}
        options={[
          { value: "", label: t.everything },
          { value: "refused", label: t.refused },
          ...AUDIT_OUTCOMES.map((outcome) => ({ value: outcome, label: t.outcomes[outcome] })),
        ]}
      />
      {(["email", "reference"] as const).map((name) => (
        <div class="field">
          <label for={name}>{t[name]}</label>
          <input id={name} name={name} type="text" value={query[name]} autocomplete="off" />
        </div>
      ))}
      {(["from", "until"] as const).map((name) => (
        <div class="field">
          <label for={name}>{t[name]}</label>
          <input id={name} name={name} type="date" value={query[name]} />
        </div>
      ))}
    </>
  );
}

/** Details with their own label, not in the list of further details. */
const SHOWN: ReadonlySet<string> = new Set([
  "cause",
  "sent",
  "expected",
  "clockDifference",
  "reason",
  "actorName",
]);

/** An audit entry; refusals show what failed and what to do. */
function ActivityEntry(props: {
  readonly entry: AuditEntry;
  /** Names of the connections by ID. */
  readonly connections: ReadonlyMap<string, string>;
  readonly open: boolean;
}): VNode {
  const { entry, connections, open } = props;
  const texts = useTexts();
  const t = texts.activity;
  const { at, outcome, code, email, userId, actor, reference, detail } = entry;
  const explanation = code === undefined ? undefined : explanationIn(texts, code, detail["cause"]);
  const facts = [
    [t.failed, explanation?.sentence],
    [t.fix, explanation?.fix],
    [t.reason, detail["reason"], "en"],
    [t.sent, detail["sent"]],
    [t.expected, detail["expected"]],
    [t.clockDifference, detail["clockDifference"], "en"],
    [t.user, userId],
    [t.by, email === undefined && !isSamlActor(actor) ? undefined : actor],
    [t.code, [code, detail["cause"]].filter((part) => part !== undefined).join(": ")],
  ] as const;
  const more = Object.entries(detail).filter(([name]) => !SHOWN.has(name));
  return (
    <li class="entry">
      <p class="row columns">
        <span class="soft">
          <Time at={at} />
        </span>
        <span class={`badge ${code === undefined ? "good" : "bad"}`}>{t.outcomes[outcome]}</span>
        <strong>{whoIs(entry, texts)}</strong>
        <code>{reference}</code>
      </p>
      {explanation !== undefined && !open && <p>{explanation.sentence}</p>}
      <details open={open}>
        <summary>
          {t.details} <span class="unseen">{reference}</span>
        </summary>
        <dl>
          <FactRows rows={facts} />
          {more.map(([name, value]) => (
            <div>
              <dt>{detailLabel(name, texts, connections)}</dt>
              <dd>
                <Detail name={name} value={value} connections={connections} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

/** A detail as people read it. */
function Detail(props: {
  readonly name: string;
  readonly value: string;
  readonly connections: ReadonlyMap<string, string>;
}): VNode {
  const { name, value, connections } = props;
  const { begunAt } = useTexts().activity;
  if (FINGERPRINT.test(value)) return <Fingerprint value={value} />;
  if (name === "connection") return <>{connections.get(value) ?? value}</>;
  if (name === "begun" && Object.hasOwn(begunAt, value)) return <>{begunAt[value]}</>;
  return <Breakable text={value.replace(" -> ", " → ")} />;
}

const FINGERPRINT = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/;
