import type { AuditEntry, AuditFilter } from "../domain/audit.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import { MAX_AUDIT_PAGE } from "./page-audit.ts";
import { soughtEntries } from "./sought-entries.ts";

/** Which entries to walk over. */
export interface WalkAuditInput {
  readonly tenant: TenantId;
  /** The address in any form: entries hold it in its normal one. */
  readonly filter: AuditFilter;
}

/**
 * Every entry of a filter, newest first, a page in memory at a time: the next page is read when it is
 * asked for. What is written meanwhile is not among them.
 *
 * @throws StorageUnavailableError from the step whose page cannot be read.
 */
export type WalkAudit = (input: WalkAuditInput) => AsyncGenerator<readonly AuditEntry[], void>;

/** Makes {@link WalkAudit}. */
export function makeWalkAudit({ audit }: { readonly audit: AuditTrail }): WalkAudit {
  return async function* ({ tenant, filter }) {
    const sought = soughtEntries(filter);
    if (sought === undefined) return;
    let after: string | undefined;
    do {
      const page = await audit.page(tenant, {
        filter: sought,
        limit: MAX_AUDIT_PAGE,
        ...(after === undefined ? {} : { after }),
      });
      yield page.entries;
      after = page.next;
    } while (after !== undefined);
  };
}
