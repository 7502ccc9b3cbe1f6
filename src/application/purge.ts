import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Clock } from "../ports/environment.ts";
import type { SignInLedger } from "../ports/sign-in-ledger.ts";
import type { ForgetTests } from "./forget-tests.ts";

/** What {@link makePurge} needs. */
export interface PurgeDeps {
  readonly ledger: SignInLedger;
  readonly audit: AuditTrail;
  readonly forgetTests: ForgetTests;
  readonly clock: Clock;
}

/** What to forget. */
export interface PurgeOptions {
  /** Milliseconds since the epoch; the clock's time unless given. */
  readonly now?: number;
  /** The most entries of each kind in one call; 10,000 unless given. */
  readonly limit?: number;
  /** Audit entries from before this time, in milliseconds since the epoch; none unless given. */
  readonly auditBefore?: number;
}

/** How much was forgotten. */
export interface Purged {
  /** Used assertions and requests. */
  readonly ledger: number;
  /** Audit entries. */
  readonly audit: number;
  /** Test sign-ins; what they received about people is forgotten sooner, and not counted. */
  readonly testSignIns: number;
}

/** Forgets what nobody needs any more, of every tenant: for a timer of the host. */
export type Purge = (options?: PurgeOptions) => Promise<Purged>;

const LIMIT = 10_000;

/** Makes {@link Purge}. */
export function makePurge({ ledger, audit, forgetTests, clock }: PurgeDeps): Purge {
  return async ({ now = clock.now(), limit = LIMIT, auditBefore } = {}) => ({
    ledger: await ledger.purgeExpired(now, limit),
    audit: auditBefore === undefined ? 0 : await audit.purgeBefore(auditBefore, limit),
    testSignIns: await forgetTests({ now, limit }),
  });
}
