import type { AuditFilter } from "../../domain/audit.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AuditPage, AuditTrail } from "../../ports/audit-trail.ts";
import { soughtEntries } from "./normalize-audit-filter.ts";

/** Maximum number of entries of one page. */
export const MAX_AUDIT_PAGE = 200;

/** Which part of the trail to read. */
export interface PageAuditInput {
  readonly tenant: TenantId;
  /** The address in any form; it is normalized. */
  readonly filter: AuditFilter;
  /** The `next` of the page before. */
  readonly after?: string;
  /** 1 to {@link MAX_AUDIT_PAGE}. */
  readonly limit: number;
}

/** A page of the trail. */
export interface AuditRead extends AuditPage {
  /** How many refusals there ever were, of which only the newest are kept. */
  readonly refusals: number;
}

/** Reads part of the audit trail, newest first. */
export type PageAudit = (input: PageAuditInput) => Promise<AuditRead>;

export function makePageAudit({ audit }: { readonly audit: AuditTrail }): PageAudit {
  return async ({ tenant, filter, ...query }) => {
    const sought = soughtEntries(filter);
    if (sought === undefined) return { entries: [], refusals: await audit.refusalCount(tenant) };
    const limit = Math.min(Math.max(1, Math.trunc(query.limit)), MAX_AUDIT_PAGE);
    const [page, refusals] = await Promise.all([
      audit.page(tenant, { ...query, filter: sought, limit }),
      audit.refusalCount(tenant),
    ]);
    return { ...page, refusals };
  };
}
