import type { PageAudit } from "../../../../application/audit/read-audit.ts";
import { auditEntryView } from "../../audit/entry-formats.ts";
import type { Handler } from "../../error-boundary.ts";
import type { AdminGuard } from "../../guards.ts";
import type { FindPageUrls } from "../assets.ts";
import { renderDocument, sendDocument } from "../document.tsx";
import type { ChooseTexts } from "../texts.ts";
import { ActivityPage } from "./activity-page.tsx";
import {
  activityAfter,
  activityFilter,
  exportParameters,
  readActivityQuery,
} from "./activity-query.ts";

export interface ActivityPageRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly pageAudit: PageAudit;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
}

const PAGE = 25;

/** `GET /settings/page/activity`: the audit trail as a page. */
export function makeActivityPageRoute(deps: ActivityPageRouteDeps): Handler {
  const { adminGuard, pageAudit, chooseTexts, pageUrls } = deps;
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    const query = readActivityQuery({ ...ctx.query });
    const filter = activityFilter(query);
    const after = activityAfter(query);
    const read = await pageAudit({
      tenant: tenantContext.tenant,
      // An invalid filter matches nothing.
      filter: filter ?? { outcomes: [] },
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    const file = (format: "csv" | "jsonl") =>
      `${urls.export}?${exportParameters(filter ?? {}, format)}`;
    const view = {
      texts,
      urls,
      query,
      entries: read.entries.map(auditEntryView),
      next: read.next,
      refusals: read.refusals,
      exports: filter === undefined ? undefined : { csv: file("csv"), jsonl: file("jsonl") },
    };
    const html = renderDocument({
      title: `${texts.activity.title}: ${texts.title}`,
      texts,
      urls,
      children: <ActivityPage view={view} />,
    });
    sendDocument(ctx, { status: 200, html, urls, postsTo: [urls.activity] });
  };
}
