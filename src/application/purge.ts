import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Clock, Logger } from "../ports/environment.ts";
import type { EventOutbox } from "../ports/event-outbox.ts";
import type { SignInLedger } from "../ports/unit-of-work.ts";
import type { ForgetTests } from "./test-sign-in/read-test-sign-in.ts";

/** What to delete. */
export interface PurgeOptions {
  /** Milliseconds since the epoch. Default: the current time. */
  readonly now?: number;
  /** Maximum number of entries of each kind per call. Default: 10,000. */
  readonly limit?: number;
  /** Deletes audit entries before this time, in milliseconds since the epoch. Default: none. */
  readonly auditBefore?: number;
}

/** Number of deleted entries. */
export interface Purged {
  /** Events that were not delivered for 30 days. */
  readonly events: number;
  /** Used assertions and requests, a day after they have expired. */
  readonly ledger: number;
  /** Audit entries. */
  readonly audit: number;
  /** Test sign-ins. Their personal data is deleted earlier and not counted. */
  readonly testSignIns: number;
}

/** Deletes expired data of all tenants. Call it from a timer. */
export type Purge = (options?: PurgeOptions) => Promise<Purged>;

const LIMIT = 10_000;

/**
 * How long used assertions are kept after they have expired. A deployment that raises
 * `limits.maxAgeMs`, at most to a day, must still know those that it would accept.
 */
const KEPT_MS = 25 * 60 * 60 * 1000;

/** How long events wait to be delivered. */
const EVENTS_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

export function makePurge({
  events,
  ledger,
  audit,
  forgetTests,
  clock,
  logger,
}: {
  readonly events: EventOutbox;
  readonly ledger: SignInLedger;
  readonly audit: AuditTrail;
  readonly forgetTests: ForgetTests;
  readonly clock: Clock;
  readonly logger: Logger;
}): Purge {
  async function dropEvents(now: number, limit: number): Promise<number> {
    const count = await events.purgeBefore(now - EVENTS_KEPT_MS, limit);
    if (count > 0) logger.warn({ event: "saml.events.dropped", count });
    return count;
  }

  return async ({ now = clock.now(), limit = LIMIT, auditBefore } = {}) => ({
    events: await dropEvents(now, limit),
    ledger: await ledger.purgeExpired(now - KEPT_MS, limit),
    audit: auditBefore === undefined ? 0 : await audit.purgeBefore(auditBefore, limit),
    testSignIns: await forgetTests({ now, limit }),
  });
}
