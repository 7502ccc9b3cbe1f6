import type { Rejection } from "../domain/rejection.ts";
import { type Connection, UNSAVED_SETTINGS } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { Clock, IdSource } from "../ports/environment.ts";
import type {
  IdentityPort,
  LogoutMessage,
  LogoutSubject,
  ServiceProvider,
  VerifiedLogout,
} from "../ports/identity-port.ts";
import type { SettingsStore } from "../ports/settings-store.ts";
import type { UnitOfWork } from "../ports/unit-of-work.ts";
import { auditDetail, samlActor } from "./audit-detail.ts";
import type { RecordRefusal } from "./record-refusal.ts";
import { type Refused, refusedMessage } from "./refused.ts";

/** What {@link makeHandleLogoutMessage} needs. */
export interface HandleLogoutMessageDeps {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
  readonly unitOfWork: UnitOfWork;
  readonly recordRefusal: RecordRefusal;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The sessions that the identity provider wants to end. */
export interface LogoutDemand extends LogoutSubject {
  readonly issuer: string;
}

/** A message that came to the single logout address. */
export interface HandleLogoutInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  readonly message: LogoutMessage;
  /** Ends the host's sessions; called at most once, after the message was verified and consumed. */
  readonly endSessions: (demand: LogoutDemand) => Promise<void>;
}

/** What came of it. */
export type LogoutHandled =
  /** The host's sessions are ended; the identity provider waits for an answer at `url`. */
  | { readonly kind: "answer"; readonly url: string }
  /** The person is signed out here; nobody waits. */
  | { readonly kind: "done" }
  | Refused;

/**
 * Handles a logout message of the identity provider, once. It ends sessions; the user and their
 * access stay as they are.
 */
export type HandleLogoutMessage = (input: HandleLogoutInput) => Promise<LogoutHandled>;

type Demanded = Extract<VerifiedLogout, { kind: "logout-request" }>;

/** Makes {@link HandleLogoutMessage}. */
export function makeHandleLogoutMessage(deps: HandleLogoutMessageDeps): HandleLogoutMessage {
  const { settings, identity, unitOfWork, recordRefusal, clock, ids } = deps;

  async function refuse(tenant: TenantId, rejection: Rejection): Promise<Refused> {
    const reference = ids.reference();
    await recordRefusal(tenant, {
      reference,
      outcome: "logout-rejected",
      code: rejection.code,
      reason: rejection.detail,
      authenticated: rejection.authenticated,
    });
    return refusedMessage(rejection, reference);
  }

  /** Takes the message, so that it cannot be used again, and says so in the audit trail. */
  function consume(tenant: TenantId, { issuer, id, replayableUntil, ...rest }: VerifiedLogout) {
    return unitOfWork.run(tenant, async ({ ledger, audit }) => {
      const key = ids.digest(issuer, id);
      const first = await ledger.consume(tenant, {
        kind: "logout",
        key,
        expiresAt: replayableUntil,
      });
      if (!first) return false;
      await audit.append(tenant, {
        id: ids.entryId(),
        reference: ids.reference(),
        at: clock.now(),
        outcome: "logged-out",
        actor: samlActor(issuer),
        detail: auditDetail({
          message: rest.kind,
          ...(rest.kind === "logout-response" ? { succeeded: rest.succeeded ? "yes" : "no" } : {}),
        }),
      });
      return true;
    });
  }

  async function obey(
    input: HandleLogoutInput,
    connection: Connection,
    { id, issuer, subject, relayState }: Demanded,
  ): Promise<LogoutHandled> {
    await input.endSessions({ ...subject, issuer });
    if (connection.sloUrl === undefined || !identity.canSignRequests) return { kind: "done" };
    const url = await identity.logoutResponse(input.sp, connection, {
      inResponseTo: id,
      succeeded: true,
      ...(relayState === undefined ? {} : { relayState }),
    });
    return { kind: "answer", url };
  }

  return async (input) => {
    const { tenant, sp, message } = input;
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const { connection } = stored.settings;
    if (connection === undefined) return refuse(tenant, NO_CONNECTION);
    const verified = await identity.verifyLogout(sp, connection, message, clock.now());
    if (verified.kind === "rejected") return refuse(tenant, verified);
    if (!(await consume(tenant, verified))) return refuse(tenant, REPLAYED);
    return verified.kind === "logout-request"
      ? obey(input, connection, verified)
      : { kind: "done" };
  };
}

const NO_CONNECTION: Rejection = {
  kind: "rejected",
  code: "no-connection",
  detail: "no identity provider is connected",
  authenticated: false,
};

const REPLAYED: Rejection = {
  kind: "rejected",
  code: "replayed",
  detail: "this logout message was used before",
  authenticated: true,
};
