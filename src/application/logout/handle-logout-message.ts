import type { Rejection } from "../../domain/rejection.ts";
import {
  type Connection,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type {
  IdentityPort,
  LogoutMessage,
  LogoutSubject,
  ServiceProvider,
  VerifiedLogout,
} from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/settings-store.ts";
import type { PendingLogout } from "../sign-in/pending-request.ts";
import { usablePending } from "../sign-in/pending-request.ts";
import type { RecordRefusal } from "../sign-in/refused.ts";
import { type Refusal, refusedLogout } from "../sign-in/refused.ts";
import type { LogoutMessages } from "./logout-messages.ts";

export interface HandleLogoutMessageDeps {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
  readonly logoutMessages: LogoutMessages;
  readonly recordRefusal: RecordRefusal;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Sessions that the identity provider wants to end. */
export interface LogoutDemand extends LogoutSubject {
  /** Entity ID of the identity provider. */
  readonly issuer: string;
}

/** A message received at the single logout URL. */
export interface HandleLogoutInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  readonly message: LogoutMessage;
  /** Pending logout requests of this browser, for all tenants. */
  readonly pending: readonly PendingLogout[];
  /**
   * Ends the host's sessions and returns whether all of them have ended. If it throws, the message
   * is not used up and the identity provider may send it again.
   */
  readonly endSessions: (demand: LogoutDemand) => Promise<boolean>;
}

/** The result. */
export type LogoutHandled =
  /** The host has handled the request; redirect to `url` with the response. */
  | { readonly kind: "answer"; readonly url: string }
  /** The user is signed out; no response is expected. */
  | { readonly kind: "done"; readonly consumedRequestId?: string }
  | Refusal;

/**
 * Handles a logout message of the identity provider once. Ends sessions, but never changes users or
 * their access.
 */
export type HandleLogoutMessage = (input: HandleLogoutInput) => Promise<LogoutHandled>;

type Demanded = Extract<VerifiedLogout, { kind: "logout-request" }>;
type Answered = Extract<VerifiedLogout, { kind: "logout-response" }>;

/** Input after a message has been verified. */
interface Case {
  readonly input: HandleLogoutInput;
  readonly connection: Connection;
  readonly refuse: (rejection: Rejection) => Promise<Refusal>;
}

export function makeHandleLogoutMessage(deps: HandleLogoutMessageDeps): HandleLogoutMessage {
  const { settings, identity, logoutMessages, recordRefusal, clock, ids } = deps;

  async function refused(
    tenant: TenantId,
    { version }: VersionedSettings,
    rejection: Rejection,
  ): Promise<Refusal> {
    const reference = ids.reference();
    await recordRefusal(tenant, {
      reference,
      outcome: "logout-rejected",
      code: rejection.code,
      reason: rejection.detail,
      authenticated: rejection.authenticated,
      comparison: rejection.comparison,
      settingsVersion: version,
    });
    return refusedLogout(rejection, reference);
  }

  async function obey(
    { input, connection, refuse }: Case,
    demanded: Demanded,
  ): Promise<LogoutHandled> {
    const { tenant, sp } = input;
    const { id, issuer, subject, relayState } = demanded;
    if (!(await logoutMessages.isUnused(tenant, demanded))) return refuse(REPLAYED);
    // Ending sessions twice does no harm; a message that is used up while sessions live on does.
    const succeeded = await input.endSessions({ ...subject, issuer });
    if (!(await logoutMessages.use(tenant, demanded, succeeded))) return refuse(REPLAYED);
    if (connection.sloUrl === undefined || !identity.canSignRequests) return { kind: "done" };
    const url = await identity.logoutResponse(sp, connection, {
      inResponseTo: id,
      succeeded,
      ...(relayState === undefined ? {} : { relayState }),
    });
    return { kind: "answer", url };
  }

  async function conclude(
    { input: { tenant, pending }, refuse }: Case,
    answered: Answered,
  ): Promise<LogoutHandled> {
    const { inResponseTo, succeeded } = answered;
    const asked = usablePending(pending, tenant, clock.now()).some(
      ({ requestId }) => requestId === inResponseTo,
    );
    if (!asked) return refuse(UNKNOWN);
    if (!succeeded) return refuse(NOT_SUCCEEDED);
    if (!(await logoutMessages.use(tenant, answered, succeeded))) return refuse(REPLAYED);
    return { kind: "done", consumedRequestId: inResponseTo };
  }

  return async (input) => {
    const { tenant, sp, message } = input;
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const refuse = (rejection: Rejection) => refused(tenant, stored, rejection);
    const { connection } = stored.settings;
    if (connection === undefined) return refuse(NO_CONNECTION);
    const verified = await identity.verifyLogout(sp, connection, message, clock.now());
    if (verified.kind === "rejected") return refuse(verified);
    const known = { input, connection, refuse };
    return verified.kind === "logout-request" ? obey(known, verified) : conclude(known, verified);
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
  detail: "this logout message has already been used",
  authenticated: true,
};

const UNKNOWN: Rejection = {
  kind: "rejected",
  code: "request-unknown",
  detail: "this browser has no such pending logout request",
  authenticated: true,
};

const NOT_SUCCEEDED: Rejection = {
  kind: "rejected",
  code: "status-not-success",
  detail: "the identity provider could not end all of its sessions",
  authenticated: true,
};
