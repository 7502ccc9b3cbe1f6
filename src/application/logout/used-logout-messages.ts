import type { ConnectionId } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { LogoutStatus, VerifiedLogout } from "../../ports/identity-port.ts";
import type { SignInLedger, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, samlActor, yesOrNo } from "../audit/audit.ts";
import { runInTransaction } from "../run-in-transaction.ts";

/** Verified logout messages, each good for once. */
export interface LogoutMessages {
  /** Whether a message has not been used; does not consume it. */
  isUnused(tenant: TenantId, message: VerifiedLogout): Promise<boolean>;
  /**
   * Consumes a message and adds an audit entry, atomically.
   *
   * @returns whether this call was the first.
   */
  use(
    tenant: TenantId,
    connection: ConnectionId,
    message: VerifiedLogout,
    status: Exclude<LogoutStatus, "failed">,
  ): Promise<boolean>;
  /** The status with which a consumed message was used. */
  statusOf(tenant: TenantId, message: VerifiedLogout): Promise<LogoutStatus>;
}

/** Of a message that was used although sessions may remain. */
const SESSIONS_REMAIN = "sessions-remain";

export function makeLogoutMessages({
  unitOfWork,
  clock,
  ids,
}: {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: IdSource;
}): LogoutMessages {
  /** @param about a fact of the message, which has a key of its own. */
  function take(
    ledger: SignInLedger,
    tenant: TenantId,
    { issuer, id, replayableUntil }: VerifiedLogout,
    ...about: readonly string[]
  ): Promise<boolean> {
    const key = ids.digest(issuer, id, ...about);
    return ledger.consume(tenant, { kind: "logout", key, expiresAt: replayableUntil });
  }

  /** The ledger only consumes; a rolled-back transaction has consumed nothing. */
  function isUnused(
    tenant: TenantId,
    message: VerifiedLogout,
    ...about: readonly string[]
  ): Promise<boolean> {
    return runInTransaction(unitOfWork, tenant, async ({ ledger }, rollBack) =>
      (await take(ledger, tenant, message, ...about)) ? rollBack(true) : false,
    );
  }

  return {
    isUnused: (tenant, message) => isUnused(tenant, message),
    statusOf: async (tenant, message) =>
      (await isUnused(tenant, message, SESSIONS_REMAIN)) ? "success" : "partial",
    use: (tenant, connection, message, status) =>
      unitOfWork.run(tenant, async ({ ledger, audit }) => {
        if (!(await take(ledger, tenant, message))) return false;
        if (status === "partial") await take(ledger, tenant, message, SESSIONS_REMAIN);
        await audit.append(tenant, {
          id: ids.entryId(),
          reference: ids.reference(),
          at: clock.now(),
          outcome: "logged-out",
          actor: samlActor(message.issuer),
          detail: auditDetail({
            message: message.kind,
            connection,
            succeeded: yesOrNo(status === "success"),
          }),
        });
        return true;
      }),
  };
}
