import type { AuditEntry, AuditFilter } from "../../domain/audit.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import { soughtEntries } from "./normalize-audit-filter.ts";
import { MAX_AUDIT_PAGE } from "./page-audit.ts";

/** Which entries to walk over. */
export interface WalkAuditInput {
  readonly tenant: TenantId;
  /** The address in any form; it is normalized. */
  readonly filter: AuditFilter;
}

/**
 * Iterates over all entries of a filter, newest first. Reads one page at a time on demand. Entries
 * written during the iteration are not included.
 *
 * @throws StorageUnavailableError from the step whose page cannot be read.
 */
export type WalkAudit = (input: WalkAuditInput) => AsyncGenerator<readonly AuditEntry[], void>;

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
