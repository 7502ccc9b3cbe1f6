import type { VNode } from "preact";
import { z } from "zod";
import {
  type ListedReceipt,
  type PageReceipts,
  RECEIPT_STATES,
  type ReceiptsRead,
} from "../../../../application/audit/audit.ts";
import type { Names, ReadCatalog } from "../../../../application/catalog.ts";
import type { LoadSettings } from "../../../../application/settings/read-settings.ts";
import type { VersionedSettings } from "../../../../domain/settings.ts";
import type { TenantId } from "../../../../domain/tenant.ts";
import type { Clock } from "../../../../ports/environment.ts";
import { ReceiptCursor } from "../../audit/routes.ts";
import type { Handler } from "../../error-boundary.ts";
import type { AdminGuard } from "../../guards.ts";
import { QueryText } from "../../request.ts";
import { FactRows, SelectField, Time } from "../components/form-controls.tsx";
import { type FindPageUrls, sendDocument } from "../document.tsx";
import type { ReceiptWords } from "../texts/english.ts";
import type { ChooseTexts, PageTexts } from "../texts.ts";
import type { PageUrls } from "../view.ts";
import { addressWith, ListPage } from "./list-page.tsx";

const PAGE = 25;

/** Filter fields of the page; what is missing, repeated or impossible is empty. */
const Query = z.object({
  state: z.enum(["", ...RECEIPT_STATES]).catch(""),
  role: QueryText.max(255).trim().catch(""),
  connection: QueryText.max(40).trim().catch(""),
  after: ReceiptCursor.catch(""),
});

type ReceiptsQuery = z.infer<typeof Query>;

/** `GET /settings/page/users`: the users whom the plugin created, as a page. */
export function makeReceiptsPageRoute({
  adminGuard,
  pageReceipts,
  readCatalog,
  loadSettings,
  chooseTexts,
  pageUrls,
  clock,
}: {
  readonly adminGuard: AdminGuard;
  readonly pageReceipts: PageReceipts;
  readonly readCatalog: ReadCatalog;
  readonly loadSettings: LoadSettings;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
  readonly clock: Clock;
}): Handler {
  const namesIn = (tenant: TenantId, { receipts }: ReceiptsRead) => {
    const ids = (of: ListedReceipt["groups"]) => of.first.slice(0, MOST_NAMED);
    return readCatalog.names(tenant, {
      // All of them are there to filter by, also where nothing is listed.
      roles: ["", ...receipts.map(({ role }) => role)],
      groups: receipts.flatMap(({ groups }) => ids(groups)),
      organizations: receipts.flatMap(({ organizations }) =>
        organizations.kind === "all" ? [] : ids(organizations),
      ),
    });
  };

  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    const query = Query.parse({ ...ctx.query });
    const read = await pageReceipts({
      tenant: tenantContext.tenant,
      filter: {
        ...(query.role === "" ? {} : { role: query.role }),
        ...(query.connection === "" ? {} : { connection: query.connection }),
      },
      states: query.state === "" ? undefined : [query.state],
      after: query.after === "" ? undefined : query.after,
      limit: PAGE,
    });
    const [stored, names] = await Promise.all([
      loadSettings(tenantContext.tenant),
      namesIn(tenantContext.tenant, read),
    ]);
    const connections = new Map(stored.settings.connections.map(({ id, name }) => [id, name]));
    sendDocument(ctx, {
      title: `${texts.users.title}: ${texts.title}`,
      texts,
      urls,
      now: clock.now(),
      postsTo: [urls.users],
      children: <ReceiptsPage {...{ texts, urls, stored, query, read, names, connections }} />,
    });
  };
}

interface PageProps {
  readonly texts: PageTexts;
  readonly urls: PageUrls;
  readonly stored: VersionedSettings;
  readonly query: ReceiptsQuery;
  readonly read: ReceiptsRead;
  readonly names: Names;
  /** Names of the connections by ID. */
  readonly connections: ReadonlyMap<string, string>;
}

/** A filter by name; what is asked for and no longer there is offered, too. */
function Choice(
  props: PageProps & {
    readonly name: "role" | "connection";
    readonly of: ReadonlyMap<string, string>;
  },
): VNode {
  const { name, of, query, texts } = props;
  const asked = query[name];
  const options = [
    ["", texts.users.anyState],
    ...of,
    ...(asked === "" || of.has(asked) ? [] : [[asked, asked]]),
  ] as const;
  return (
    <SelectField
      name={name}
      label={texts.users[name]}
      value={asked}
      options={options.map(([value = "", label = ""]) => ({ value, label }))}
    />
  );
}

function ReceiptsPage(props: PageProps): VNode {
  const { texts, urls, stored, query, read, names, connections } = props;
  const t = texts.users;
  return (
    <ListPage
      view={{ texts, urls, stored }}
      current="users"
      about={<p class="hint">{t.hint}</p>}
      filters={
        <>
          <SelectField
            name="state"
            label={t.state}
            value={query.state}
            options={[
              { value: "", label: t.anyState },
              ...RECEIPT_STATES.map((state) => ({ value: state, label: t.states[state] })),
            ]}
          />
          <Choice name="role" of={names.roles} {...props} />
          <Choice name="connection" of={connections} {...props} />
        </>
      }
      items={read.receipts.map((receipt) => <Entry {...props} receipt={receipt} />)}
      nothing={read.next === undefined ? t.nothing : t.nothingYet}
      query={query}
      next={read.next}
      file={(format) => addressWith(urls.receiptsExport, { ...query, after: "", format })}
    />
  );
}

/** A user, and in a sentence why they have what they have. */
function Entry(props: PageProps & { readonly receipt: ListedReceipt }): VNode {
  const { receipt, texts } = props;
  const { userId, email, state, at, settingsVersion, formerUser } = receipt;
  const t = texts.users;
  const words = wordsOf(props);
  return (
    <li class="entry">
      <p class="row">
        <span class={`badge ${state === "active" ? "good" : "off"}`}>{t.states[state]}</span>
        <strong>{email ?? userId}</strong>
      </p>
      <p>{t.access(words)}</p>
      <p class="hint">
        {t.created} <Time at={at} /> {t.receipt(words)}
      </p>
      <details>
        <summary>
          {texts.activity.details} <span class="unseen">{email ?? userId}</span>
        </summary>
        <dl>
          <FactRows
            rows={[
              [t.id, userId],
              [texts.test.issuer, receipt.issuer],
              [t.settingsVersion, String(settingsVersion)],
              [t.formerUser, formerUser],
            ]}
          />
        </dl>
      </details>
    </li>
  );
}

function wordsOf({
  receipt,
  texts,
  names,
  connections,
}: PageProps & { readonly receipt: ListedReceipt }): ReceiptWords {
  const { role, groups, organizations, rules = [], connection = receipt.issuer } = receipt;
  const t = texts.users;
  const nameOf = (id: string) => connections.get(id) ?? id;
  return {
    connection: nameOf(connection),
    role: names.roles.get(role) ?? role,
    rules: rules.map(({ number, matched }) => {
      if ("attribute" in matched) return t.ofAttribute(number, matched.attribute, matched.value);
      return "emailDomain" in matched
        ? t.ofDomain(number, matched.emailDomain)
        : t.ofConnection(number, nameOf(matched.connection));
    }),
    groups: listed(groups, names.groups, texts),
    organizations:
      organizations.kind === "all"
        ? texts.options.organizations.all
        : listed(organizations, names.organizations, texts),
  };
}

function listed(
  { count, first }: ListedReceipt["groups"],
  names: ReadonlyMap<string, string>,
  texts: PageTexts,
): string {
  if (count === 0) return texts.none;
  const shown = first.slice(0, MOST_NAMED).map((id) => names.get(id) ?? id);
  const more = new Intl.NumberFormat(texts.lang).format(count - shown.length);
  const list = shown.join(", ");
  return count > shown.length ? `${list} ${texts.test.andMore(more)}` : list;
}

const MOST_NAMED = 5;
