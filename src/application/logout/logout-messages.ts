import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { VerifiedLogout } from "../../ports/identity-port.ts";
import type { SignInLedger } from "../../ports/sign-in-ledger.ts";
import type { UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, samlActor } from "../audit/audit-detail.ts";
import { runInTransaction } from "../roll-back.ts";

/** Verified logout messages, each good for once. */
export interface LogoutMessages {
  /** Whether a message has not been used; does not consume it. */
  isUnused(tenant: TenantId, message: VerifiedLogout): Promise<boolean>;
  /**
   * Consumes a message and adds an audit entry, atomically.
   *
   * @returns whether this call was the first.
   */
  use(tenant: TenantId, message: VerifiedLogout, succeeded: boolean): Promise<boolean>;
}

export function makeLogoutMessages({
  unitOfWork,
  clock,
  ids,
}: {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: IdSource;
}): LogoutMessages {
  function take(
    ledger: SignInLedger,
    tenant: TenantId,
    { issuer, id, replayableUntil }: VerifiedLogout,
  ): Promise<boolean> {
    const key = ids.digest(issuer, id);
    return ledger.consume(tenant, { kind: "logout", key, expiresAt: replayableUntil });
  }

  return {
    isUnused: (tenant, message) =>
      runInTransaction(unitOfWork, tenant, async ({ ledger }, rollBack) =>
        // The ledger only consumes; a rolled-back transaction has consumed nothing.
        (await take(ledger, tenant, message)) ? rollBack(true) : false,
      ),
    use: (tenant, message, succeeded) =>
      unitOfWork.run(tenant, async ({ ledger, audit }) => {
        if (!(await take(ledger, tenant, message))) return false;
        await audit.append(tenant, {
          id: ids.entryId(),
          reference: ids.reference(),
          at: clock.now(),
          outcome: "logged-out",
          actor: samlActor(message.issuer),
          detail: auditDetail({ message: message.kind, succeeded: succeeded ? "yes" : "no" }),
        });
        return true;
      }),
  };
}
