import { z } from "zod";
import { MAX_AUDIT_PAGE, type PageAudit } from "../../../application/audit/page-audit.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { parsedQuery, wholeNumber } from "../parsed-query.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { auditEntryView } from "./audit-entry-view.ts";
import { AUDIT_FILTER, type AuditFilterParameters, auditFilter, Printable } from "./audit-query.ts";

export interface AuditRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly pageAudit: PageAudit;
}

/** Which page of the trail. */
export interface AuditPageParameters extends AuditFilterParameters {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Reads {@link AuditPageParameters}. */
export const AuditPageQuery: z.ZodType<AuditPageParameters> = z.strictObject({
  ...AUDIT_FILTER,
  after: Printable.optional(),
  limit: wholeNumber(1, MAX_AUDIT_PAGE).default(50),
});

/** `GET /settings/audit`: audit entries, newest first, with filters, paged. */
export function makeAuditRoute({ adminGuard, pageAudit }: AuditRouteDeps): Handler {
  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    const { after, limit, ...parameters } = parsedQuery(AuditPageQuery, ctx);
    const page = { limit, ...(after === undefined ? {} : { after }) };
    const filter = auditFilter(parameters);
    const read = await pageAudit({ tenant: place.tenant, filter, ...page });
    sendJson(ctx, { ...read, entries: read.entries.map(auditEntryView) });
  };
}
