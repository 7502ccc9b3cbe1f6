import { defined } from "../../domain/defined.ts";
import type { Rejection, RejectionCauses } from "../../domain/rejection.ts";
import {
  type ConnectedConnection,
  type Connection,
  type ConnectionId,
  connectionOfIssuer,
  isConnected,
  UNSAVED_SETTINGS,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type {
  BrowserMessage,
  IdentityPort,
  LogoutStatus,
  LogoutSubject,
  ReceivedMessage,
  RejectedLogout,
  ServiceProvider,
  VerifiedLogout,
} from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import type { PendingLogout } from "../sign-in/pending-request.ts";
import { usablePending } from "../sign-in/pending-request.ts";
import {
  type RecordRefusal,
  type Refusal,
  refusalOfLogout,
  type UncertainLogout,
  uncertainLogout,
} from "../sign-in/sign-in-outcome.ts";
import type { LogoutMessages } from "./used-logout-messages.ts";

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
  readonly message: ReceivedMessage;
  /** Pending logout requests of this browser, for all tenants. */
  readonly pending: readonly PendingLogout[];
  /**
   * Ends the host's sessions and returns whether all of them have ended. If it throws, the message
   * is not used up and the identity provider may send it again.
   */
  readonly endSessions: (demand: LogoutDemand) => Promise<boolean>;
}

/** The result, with the connection that the message was verified with, if there is one. */
export type LogoutHandled = Handled & { readonly connection?: ConnectionId };

type Handled =
  /** The host has handled the request; the browser carries the response. */
  | { readonly kind: "answer"; readonly answer: BrowserMessage }
  /** The user is signed out; no response is expected. */
  | { readonly kind: "done"; readonly consumedRequestId?: string }
  | UncertainLogout
  | HostFailed
  | RefusedLogout;

/** A refused message. */
export interface RefusedLogout extends Refusal {
  /** Response to an authentic request; absent for anything else. */
  readonly answer?: BrowserMessage;
}

/** The host could not end the sessions of an authentic request. */
export interface HostFailed {
  readonly kind: "host-failed";
  /** Reference of the audit entry. */
  readonly reference: string;
  /** What the host threw. */
  readonly cause: unknown;
  /** The response; absent if the identity provider takes none. */
  readonly answer?: BrowserMessage;
}

/**
 * Handles a logout message of the identity provider once. Ends sessions, but never changes users or
 * their access.
 */
export type HandleLogoutMessage = (input: HandleLogoutInput) => Promise<LogoutHandled>;

type Demanded = Extract<VerifiedLogout, { kind: "logout-request" }>;
type Answered = Extract<VerifiedLogout, { kind: "logout-response" }>;

/** Input whose connection is known. */
interface Case {
  readonly input: HandleLogoutInput;
  readonly connection: ConnectedConnection;
  /** Records the rejection and gives the reference. */
  readonly record: (rejection: Rejection) => Promise<string>;
}

export function makeHandleLogoutMessage(deps: HandleLogoutMessageDeps): HandleLogoutMessage {
  const { settings, identity, logoutMessages, recordRefusal, clock, ids } = deps;

  /** The response to a request; none where the identity provider takes none. */
  async function answerTo(
    { input: { sp }, connection: { idp } }: Case,
    { id, relayState }: Pick<Demanded, "id" | "relayState">,
    status: LogoutStatus,
  ): Promise<{ readonly answer?: BrowserMessage }> {
    if (idp.sloUrl === undefined || !identity.canSignRequests) return {};
    const answer = await identity.logoutResponse(sp, idp, {
      inResponseTo: id,
      status,
      ...defined({ relayState }),
    });
    return { answer };
  }

  /** An authentic request is answered even so: the user's way may lead on to other services. */
  async function refuse(known: Case, rejection: RejectedLogout): Promise<Handled> {
    const reference = await known.record(rejection);
    const { request } = rejection;
    const answer = request === undefined ? {} : await answerTo(known, request, "failed");
    return { ...refusalOfLogout(rejection, reference), ...answer };
  }

  /**
   * A browser that loads the identity provider's page again sends its requests again: they are
   * carried out once, and answered as they were.
   */
  async function repeat(known: Case, demanded: Demanded): Promise<Handled> {
    const reference = await known.record(REPLAYED);
    const status = await logoutMessages.statusOf(known.input.tenant, demanded);
    return {
      ...refusalOfLogout(REPLAYED, reference),
      ...(await answerTo(known, demanded, status)),
    };
  }

  async function handleRequest(known: Case, demanded: Demanded): Promise<Handled> {
    const { tenant, endSessions } = known.input;
    if (!(await logoutMessages.isUnused(tenant, demanded))) return repeat(known, demanded);
    let all: boolean;
    try {
      // Ending sessions twice does no harm; a message that is used up while sessions live on does.
      all = await endSessions({ ...demanded.subject, issuer: demanded.issuer });
    } catch (cause) {
      const reference = await known.record(HOST_FAILED);
      const answer = await answerTo(known, demanded, "failed");
      return { kind: "host-failed", reference, cause, ...answer };
    }
    const status = all ? "success" : "partial";
    const { id } = known.connection;
    if (!(await logoutMessages.use(tenant, id, demanded, status))) return repeat(known, demanded);
    const { answer } = await answerTo(known, demanded, status);
    return answer === undefined ? { kind: "done" } : { kind: "answer", answer };
  }

  async function handleResponse(known: Case, answered: Answered): Promise<Handled> {
    const { input, connection } = known;
    const { inResponseTo, status } = answered;
    // A request that another connection's identity provider was sent is not one of these.
    const pending = input.pending.filter((one) => one.connection === connection.id);
    if (!isPending({ ...input, pending }, inResponseTo)) {
      return refusalOfLogout(UNKNOWN, await known.record(UNKNOWN));
    }
    const rejection = await whyUnfinished(known, answered);
    if (rejection === undefined) return { kind: "done", consumedRequestId: inResponseTo };
    return uncertainLogout(rejection, await known.record(rejection), status === "partial");
  }

  /** Why a response does not say that the user is signed out everywhere. */
  async function whyUnfinished(
    { input: { tenant }, connection: { id } }: Case,
    answered: Answered,
  ): Promise<Rejection | undefined> {
    if (answered.status !== "success") return NOT_SUCCEEDED[answered.status];
    return (await logoutMessages.use(tenant, id, answered, "success")) ? undefined : REPLAYED;
  }

  function isPending(
    { tenant, pending }: HandleLogoutInput,
    requestId: string | undefined,
  ): boolean {
    const usable = usablePending(pending, tenant, clock.now());
    return requestId === undefined
      ? usable.length > 0
      : usable.some((one) => one.requestId === requestId);
  }

  /** Whether the message is, or seems to be, a response to a request that this browser has pending. */
  function seemsPending(input: HandleLogoutInput): boolean {
    const claimed = identity.claimedLogoutResponse(input.message);
    return claimed !== undefined && isPending(input, claimed.inResponseTo);
  }

  return async (input) => {
    const { tenant, sp, message } = input;
    const { settings: current, version } = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const connection = asking(current.connections, message);
    const of = defined({ connection: connection?.id });
    const record = async (rejection: Rejection): Promise<string> => {
      const reference = ids.reference();
      const { code, cause, detail: reason, authenticated, comparison } = rejection;
      await recordRefusal(tenant, {
        reference,
        outcome: "logout-rejected",
        code,
        cause,
        reason,
        authenticated,
        ...of,
        comparison,
        settingsVersion: version,
      });
      return reference;
    };
    const verified =
      connection === undefined
        ? NO_CONNECTION
        : await identity.verifyLogout(sp, connection.idp, message, clock.now());
    if (verified.kind === "rejected" && seemsPending(input)) {
      return { ...uncertainLogout(verified, await record(verified), false), ...of };
    }
    if (connection === undefined)
      return refusalOfLogout(NO_CONNECTION, await record(NO_CONNECTION));
    return { ...(await handle({ input, connection, record }, verified)), ...of };
  };

  function handle(
    known: Case,
    verified: Awaited<ReturnType<IdentityPort["verifyLogout"]>>,
  ): Promise<Handled> {
    switch (verified.kind) {
      case "rejected":
        return refuse(known, verified);
      case "logout-request":
        return handleRequest(known, verified);
      case "logout-response":
        return handleResponse(known, verified);
    }
  }

  /** The connection to verify with: the one that the message claims to come from. */
  function asking(
    connections: readonly Connection[],
    message: ReceivedMessage,
  ): ConnectedConnection | undefined {
    const connected = connections.filter(isConnected);
    const [only, ...others] = connected;
    if (others.length === 0) return only;
    const { issuer } = identity.claimedHead(message);
    return connectionOfIssuer(connected, issuer);
  }
}

function authentic(
  code: Rejection["code"],
  detail: string,
  cause?: RejectionCauses["request-unknown" | "status-not-success"],
): Rejection {
  return { kind: "rejected", code, detail, authenticated: true, ...(cause && { cause }) };
}

const NO_CONNECTION: RejectedLogout = {
  ...authentic(
    "no-connection",
    "no identity provider is connected that this message claims to come from",
  ),
  authenticated: false,
};

const REPLAYED = authentic("replayed", "this logout message has already been used");

const HOST_FAILED = authentic("logout-failed", "the platform failed to end the sessions");

const UNKNOWN = authentic(
  "request-unknown",
  "this browser has no such pending logout request",
  "other-request",
);

const NOT_SUCCEEDED: Readonly<Record<Exclude<LogoutStatus, "success">, Rejection>> = {
  partial: authentic(
    "status-not-success",
    "the identity provider could not end the sessions of all other services",
    "logout-incomplete",
  ),
  failed: authentic(
    "status-not-success",
    "the identity provider could not end its session",
    "logout-incomplete",
  ),
};
