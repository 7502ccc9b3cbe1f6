import type { AuditEntry } from "../../domain/audit.ts";
import { keepsValidityPeriod } from "../../domain/certificate-rules.ts";
import { defined } from "../../domain/defined.ts";
import { noticeDays } from "../../domain/metadata-refresh.ts";
import { type ConnectionId, openConnections, type Settings } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import type { Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, yesOrNo } from "../audit/audit.ts";
import type { EventContent, RecordEvent } from "../events.ts";
import { runInTransaction } from "../run-in-transaction.ts";

/**
 * Announces what happened to a connection by itself, or to its certificates: in the transaction of
 * what happened, so that it is told once and is never told of what did not happen. Every metadata
 * change and every notice of expiry passes here.
 */
export async function announce(
  stores: Pick<Stores, "audit" | "events">,
  { ids, recordEvent }: { readonly ids: IdSource; readonly recordEvent: RecordEvent },
  tenant: TenantId,
  {
    event,
    ...entry
  }: Pick<AuditEntry, "at" | "outcome" | "actor" | "detail"> & {
    /** Absent if hosts need not hear of it. */
    readonly event?: (reference: string) => EventContent;
  },
): Promise<void> {
  const reference = ids.reference();
  await stores.audit.append(tenant, { id: ids.entryId(), reference, ...entry });
  if (event !== undefined) await recordEvent(stores, tenant, event(reference));
}

/**
 * Announces the certificates of a tenant that expire within 30, 14, 7 and 1 days: those of its open
 * connections, and ours. Each is announced once for each of these, by one of all processes.
 *
 * @returns how many were announced.
 */
export type AnnounceExpiry = (tenant: TenantId, settings: Settings) => Promise<number>;

interface Expiring {
  /** Absent for our own certificates. */
  readonly connection?: ConnectionId;
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: number;
  /** Whether another certificate of the list is valid for longer. */
  readonly renewed: boolean;
}

/** How long a notice is remembered after the certificate has expired. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

export function makeAnnounceExpiry(deps: {
  readonly unitOfWork: UnitOfWork;
  readonly identity: IdentityPort;
  readonly ownCertificates: readonly { readonly certificate: string }[];
  readonly recordEvent: RecordEvent;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}): AnnounceExpiry {
  const { unitOfWork, identity, ownCertificates, clock, ids, logger } = deps;

  const expiring = (
    certificates: readonly string[],
    of: Pick<Expiring, "connection">,
    now: number,
  ): readonly Expiring[] => {
    const facts = certificates.flatMap((text) => identity.inspectCertificate(text) ?? []);
    const latest = Math.max(...facts.map(({ notAfter }) => notAfter));
    return facts
      .filter(({ notAfter }) => noticeDays(notAfter, now) !== undefined)
      .map(({ subject, fingerprint, notAfter }) => ({
        ...of,
        subject,
        fingerprint,
        notAfter,
        renewed: notAfter < latest,
      }));
  };

  async function once(tenant: TenantId, one: Expiring, days: number, at: number): Promise<boolean> {
    const { connection = "", fingerprint, notAfter, subject, renewed } = one;
    return runInTransaction<boolean>(unitOfWork, tenant, async (stores, rollBack) => {
      const first = await stores.ledger.consume(tenant, {
        kind: "notice",
        key: ids.digest("certificate-expiring", connection, fingerprint, String(days)),
        expiresAt: notAfter + REMEMBERED_MS,
      });
      if (!first) return rollBack(false);
      await announce(stores, deps, tenant, {
        at,
        outcome: "certificate-expiring",
        detail: auditDetail({
          connection,
          of: one.connection === undefined ? "service-provider" : "identity-provider",
          certificate: fingerprint,
          subject,
          expires: new Date(notAfter).toISOString(),
          days,
          renewed: yesOrNo(renewed),
        }),
        event: (reference) => ({
          type: "certificate-expiring",
          data: {
            ...defined({ connection: one.connection }),
            ...{ fingerprint, notAfter, daysLeft: days, reference },
          },
        }),
      });
      return true;
    });
  }

  return async (tenant, settings) => {
    const now = clock.now();
    const open = openConnections(settings);
    if (open.length === 0) return 0;
    const all = [
      ...open.flatMap(({ id, idp }) =>
        keepsValidityPeriod(idp) ? expiring(idp.certificates, { connection: id }, now) : [],
      ),
      ...expiring(
        ownCertificates.map(({ certificate }) => certificate),
        {},
        now,
      ),
    ];
    let announced = 0;
    for (const one of all) {
      const days = noticeDays(one.notAfter, now);
      if (days === undefined || !(await once(tenant, one, days, now))) continue;
      announced += 1;
      const { connection, fingerprint } = one;
      logger.warn({
        event: "saml.certificate.expiring",
        tenant,
        ...defined({ connection }),
        fingerprint,
        days,
      });
    }
    return announced;
  };
}
