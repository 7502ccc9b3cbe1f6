import type { VNode } from "preact";
import { z } from "zod";
import type {
  ListedReceipt,
  PageReceipts,
  ReceiptsRead,
} from "../../../../application/audit/audit.ts";
import { ruleText } from "../../../../domain/sign-in-decision.ts";
import { ReceiptCursor } from "../../audit/routes.ts";
import type { Handler } from "../../error-boundary.ts";
import type { AdminGuard } from "../../guards.ts";
import { QueryText } from "../../request.ts";
import type { FindPageUrls } from "../assets.ts";
import { Time } from "../components/form-controls.tsx";
import { SideNavigation } from "../components/side-navigation.tsx";
import { renderDocument, sendDocument } from "../document.tsx";
import type { ChooseTexts, PageTexts } from "../texts.ts";
import type { PageUrls } from "../view.ts";

const PAGE = 25;

/** Filter fields of the page; what is missing, repeated or impossible is empty. */
const Query = z.object({
  role: QueryText.max(255).trim().catch(""),
  connection: QueryText.max(40).trim().catch(""),
  after: ReceiptCursor.catch(""),
});

type ReceiptsQuery = z.infer<typeof Query>;

/** `GET /settings/page/users`: the users whom the plugin created, as a page. */
export function makeReceiptsPageRoute({
  adminGuard,
  pageReceipts,
  chooseTexts,
  pageUrls,
}: {
  readonly adminGuard: AdminGuard;
  readonly pageReceipts: PageReceipts;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
}): Handler {
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
      after: query.after === "" ? undefined : query.after,
      limit: PAGE,
    });
    const html = renderDocument({
      title: `${texts.users.title}: ${texts.title}`,
      texts,
      urls,
      children: <ReceiptsPage {...{ texts, urls, query, read }} />,
    });
    sendDocument(ctx, { status: 200, html, urls, postsTo: [urls.users] });
  };
}

interface PageProps {
  readonly texts: PageTexts;
  readonly urls: PageUrls;
  readonly query: ReceiptsQuery;
  readonly read: ReceiptsRead;
}

function ReceiptsPage(props: PageProps): VNode {
  const { texts, urls, query, read } = props;
  const t = texts.users;
  const file = (format: string) =>
    address(urls.receiptsExport, { role: query.role, connection: query.connection, format });
  return (
    <>
      <SideNavigation view={{ texts, urls }} current="users" />
      <main>
        <h1>{t.title}</h1>
        <p class="hint">{t.hint}</p>
        <form method="get" class="card" aria-label={texts.activity.filter}>
          <div class="filter">
            {(["role", "connection"] as const).map((name) => (
              <div class="field">
                <label for={name}>{t[name]}</label>
                <input id={name} name={name} type="text" value={query[name]} autocomplete="off" />
              </div>
            ))}
          </div>
          <div class="row">
            <button type="submit" class="first">
              {texts.activity.apply}
            </button>
            <a href={urls.users}>{texts.activity.clear}</a>
          </div>
        </form>
        <section class="card" aria-label={t.title}>
          {read.receipts.length === 0 ? (
            <p>{t.nothing}</p>
          ) : (
            <ol class="plain entries">
              {read.receipts.map((receipt) => (
                <Entry receipt={receipt} texts={texts} />
              ))}
            </ol>
          )}
          <p class="row">
            {query.after !== "" && (
              <a href={address(urls.users, { ...query, after: "" })}>{t.newest}</a>
            )}
            {read.next !== undefined && (
              <a href={address(urls.users, { ...query, after: read.next })} rel="next">
                {texts.activity.older}
              </a>
            )}
          </p>
          <p class="row">
            {t.export}
            <a href={file("csv")}>CSV</a>
            <a href={file("jsonl")}>JSON Lines</a>
          </p>
        </section>
      </main>
    </>
  );
}

function Entry(props: { readonly receipt: ListedReceipt; readonly texts: PageTexts }): VNode {
  const { receipt, texts } = props;
  const { userId, email, state, role, groups, organizations, rules = [], at } = receipt;
  const t = texts.users;
  const number = new Intl.NumberFormat(texts.lang);
  const facts = [
    [t.role, role],
    [t.rules, rules.length === 0 ? t.defaults : rules.map(ruleText).join(", ")],
    [t.groups, groups.count === 0 ? texts.none : named(groups, texts)],
    [
      t.organizations,
      organizations.kind === "all"
        ? texts.newUsers.all
        : organizations.count === 0
          ? texts.none
          : number.format(organizations.count),
    ],
    [t.connection, receipt.connection ?? receipt.issuer],
    ...(receipt.formerUser === undefined ? [] : [[t.formerUser, receipt.formerUser]]),
  ] as const;
  return (
    <li class="entry">
      <p class="row">
        <span class={`badge ${state === "active" ? "good" : "off"}`}>{t.states[state]}</span>
        <strong>{email ?? userId}</strong>
        <span class="soft">
          <Time at={at} texts={texts} />
        </span>
        <code>{userId}</code>
      </p>
      <dl>
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function named({ count, first }: ListedReceipt["groups"], texts: PageTexts): string {
  const more = count - first.length;
  const shown = first.join(", ");
  return more > 0 ? `${shown} ${texts.test.andMore(String(more))}` : shown;
}

/** The URL with the parameters that are not empty. */
function address(url: string, parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return query === "" ? url : `${url}?${query}`;
}
