import type { AuditEntry, AuditOutcome } from "../../domain/audit.ts";
import type { Comparison } from "../../domain/rejection.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import { auditDetail, yesOrNo } from "../audit/audit-detail.ts";
import { comparisonDetail } from "./comparison-detail.ts";

export interface RecordRefusalDeps {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** A refusal before anything was used up, which anyone can cause repeatedly. */
export interface RefusalToRecord {
  readonly reference: string;
  readonly outcome: Extract<AuditOutcome, "denied" | "rejected" | "logout-rejected">;
  readonly code: NonNullable<AuditEntry["code"]>;
  /** Reason for administrators. */
  readonly reason: string;
  readonly authenticated: boolean;
  readonly comparison?: Comparison | undefined;
  /** Version of the tenant's settings; 0 if none have been saved. */
  readonly settingsVersion: number;
}

/**
 * Adds a refusal to the bounded part of the audit trail. Stores nothing for a tenant without saved
 * settings: its name may be invented.
 */
export type RecordRefusal = (tenant: TenantId, refusal: RefusalToRecord) => Promise<void>;

export function makeRecordRefusal(deps: RecordRefusalDeps): RecordRefusal {
  const { audit, clock, ids, logger } = deps;
  return async (tenant, refusal) => {
    const { reference, outcome, code, settingsVersion } = refusal;
    logger.info({ event: `saml.${outcome}`, tenant, reference, code });
    if (settingsVersion === 0) return;
    await audit.appendRefusal(tenant, {
      id: ids.entryId(),
      reference,
      at: clock.now(),
      outcome,
      code,
      detail: auditDetail({
        reason: refusal.reason,
        authenticated: yesOrNo(refusal.authenticated),
        ...comparisonDetail(refusal.comparison),
      }),
    });
  };
}
