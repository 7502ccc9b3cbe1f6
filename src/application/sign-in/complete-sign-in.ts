import { frozenAssertion } from "../../domain/assertion.ts";
import { defined } from "../../domain/defined.ts";
import type { Rejection } from "../../domain/rejection.ts";
import {
  type ConnectedConnection,
  connectionOfIssuer,
  openConnections,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { mayBeRepeated } from "../../domain/texts/user-explanations.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type {
  IdentityPort,
  ServiceProvider,
  VerifiedAssertion,
} from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import { formatList, shorten } from "../audit/audit.ts";
import {
  outdatedPending,
  PENDING_LOGIN_MS,
  type PendingLogin,
  usablePending,
} from "./pending-request.ts";
import {
  type RecordRefusal,
  type Refusal,
  refusalOfMessage,
  refusalOfUser,
  type SignedIn,
} from "./sign-in-outcome.ts";
import { OUTCOMES } from "./sign-in-records.ts";
import type { EnterResult, SignInWithRetry } from "./sign-in-with-retry.ts";

export interface HandleSamlResponseDeps {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
  readonly signInWithRetry: SignInWithRetry;
  readonly recordRefusal: RecordRefusal;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** A response received from a browser. */
export interface HandleSamlResponseInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  /** The decoded form body, not looked at before. */
  readonly form: unknown;
  /** Pending login requests of this browser, for all tenants. */
  readonly pending: readonly PendingLogin[];
  /**
   * Whether the browser sent a cookie of any request, also of tests. Default: if any is pending.
   */
  readonly cookiesCame?: boolean;
}

/**
 * Completes a sign-in: verifies, decides, and carries the decision out in one transaction.
 *
 * @throws StorageUnavailableError when the storage is not responding; nothing was stored.
 */
export type HandleSamlResponse = (input: HandleSamlResponseInput) => Promise<SignedIn | Refusal>;

/** A response with what has been found out about it. */
interface Received {
  readonly input: HandleSamlResponseInput;
  readonly stored: VersionedSettings;
  readonly reference: string;
  /** The connection to verify it with; absent if there is none. */
  readonly connection?: ConnectedConnection;
}

export function makeHandleSamlResponse(deps: HandleSamlResponseDeps): HandleSamlResponse {
  const { settings, identity, signInWithRetry, recordRefusal, clock, ids } = deps;

  async function reject(
    { input: { tenant, form }, stored: { version }, reference, connection }: Received,
    rejection: Rejection,
  ): Promise<Refusal> {
    const { code, cause, detail, authenticated, comparison } = rejection;
    const of = defined({ connection: connection?.id });
    await recordRefusal(tenant, {
      reference,
      outcome: "rejected",
      code,
      cause,
      reason: detail,
      authenticated,
      ...of,
      comparison,
      settingsVersion: version,
    });
    const refusal = { ...refusalOfMessage(rejection, reference), ...of };
    if (!mayBeRepeated(code)) return refusal;
    const { inResponseTo } = identity.claimedHead({ binding: "post", form });
    return { ...refusal, repeats: inResponseTo ?? "unsolicited" };
  }

  async function refuseWhileOff({
    input: { tenant },
    stored: { version },
    reference,
  }: Received): Promise<Refusal> {
    await recordRefusal(tenant, {
      reference,
      outcome: "denied",
      code: "sso-disabled",
      reason: "single sign-on is turned off",
      authenticated: false,
      settingsVersion: version,
    });
    return refusalOfUser({ reason: "sso-disabled" }, reference, false);
  }

  async function answer(
    received: Received & { readonly connection: ConnectedConnection },
    assertion: VerifiedAssertion,
  ): Promise<SignedIn | Refusal> {
    const { input, stored, reference, connection } = received;
    const pending = input.pending.find(({ requestId }) => requestId === assertion.inResponseTo);
    const version = stored.connectionVersions.get(connection.id) ?? stored.version;
    if (pending !== undefined && pending.connectionVersion !== version) {
      return reject(received, rejectionFor("connection-changed", CONNECTION_CHANGED));
    }
    const result = await signInWithRetry({
      tenant: input.tenant,
      settings: stored,
      connection,
      assertion,
      reference,
      requestExpiresAt: pending?.expiresAt ?? clock.now() + PENDING_LOGIN_MS,
    });
    const of = { reference, connection: connection.id };
    switch (result.kind) {
      case "entered":
        return { ...describeSignIn(result, assertion, pending), ...of };
      case "denied":
        return { ...refusalOfUser(result.denial, reference, true), ...of };
      case "used-before":
        return reject(
          received,
          result.what === "assertion"
            ? rejectionFor("replayed", "this assertion has already been used")
            : rejectionFor("request-consumed", "this sign-in request has already been answered"),
        );
    }
  }

  return async (input) => {
    const reference = ids.reference();
    const stored = (await settings.load(input.tenant)) ?? UNSAVED_SETTINGS;
    const open = openConnections(stored.settings);
    if (open.length === 0) return refuseWhileOff({ input, stored, reference });
    const now = clock.now();
    const usable = usablePending(input.pending, input.tenant, now);
    const connection = answering(open, usable, input.form);
    if ("kind" in connection) return reject({ input, stored, reference }, connection);
    // A request that another connection's identity provider was sent is not one of these: its
    // answer must come from there (identity provider mix-up).
    const pending = usable.filter((one) => one.connection === connection.id);
    const verified = await identity.verifyResponse(input.sp, connection.idp, input.form, {
      pendingRequestIds: pending.map(({ requestId }) => requestId),
      requestTimes: new Map(
        pending.map(({ requestId, expiresAt }) => [requestId, expiresAt - PENDING_LOGIN_MS]),
      ),
      outdatedRequestIds: outdatedPending(input.pending, input.tenant, now).map(
        ({ requestId }) => requestId,
      ),
      cookiesCame: input.cookiesCame ?? input.pending.length > 0,
      now,
    });
    const received = { input: { ...input, pending }, stored, reference, connection };
    return verified.kind === "rejected" ? reject(received, verified) : answer(received, verified);
  };

  /**
   * The connection to verify a response with, and with nothing else: the one whose request it
   * claims to answer, otherwise the one that it claims to come from. With one connection, there is
   * nothing to choose. Without an open connection, a rejection.
   */
  function answering(
    open: readonly ConnectedConnection[],
    pending: readonly PendingLogin[],
    form: unknown,
  ): ConnectedConnection | Rejection {
    const [only, ...others] = open;
    if (only !== undefined && others.length === 0) return only;
    const { inResponseTo, issuer } = identity.claimedHead({ binding: "post", form });
    const asked = pending.find(({ requestId }) => requestId === inResponseTo);
    const found =
      asked === undefined
        ? connectionOfIssuer(open, issuer)
        : open.find(({ id }) => id === asked.connection);
    return found ?? unknownIssuer(issuer, open);
  }
}

const MAX_ISSUER_LENGTH = 200;

const CONNECTION_CHANGED =
  "the identity provider's entity ID, URLs or certificates changed after this sign-in began";

function unknownIssuer(
  issuer: string | undefined,
  open: readonly ConnectedConnection[],
): Rejection {
  return {
    kind: "rejected",
    code: "issuer-mismatch",
    cause: "entity-id",
    detail: "the response does not come from the identity provider of any connection that is on",
    authenticated: false,
    comparison: {
      sent: shorten(issuer ?? "(none)", MAX_ISSUER_LENGTH),
      expected: formatList(open.map(({ idp }) => idp.entityId)),
    },
  };
}

function rejectionFor(code: Rejection["code"], detail: string): Rejection {
  return { kind: "rejected", code, detail, authenticated: true };
}

function describeSignIn(
  { userId, decision, email }: Extract<EnterResult, { kind: "entered" }>,
  assertion: VerifiedAssertion,
  pending: PendingLogin | undefined,
): Omit<SignedIn, "reference" | "connection"> {
  const { issuer, claims, sessionIndex, sessionNotOnOrAfter, inResponseTo } = assertion;
  return {
    kind: "signed-in",
    user: { id: userId, email },
    outcome: OUTCOMES[decision.kind],
    session: {
      issuer,
      nameId: claims.nameId,
      ...defined({ sessionIndex, sessionNotOnOrAfter }),
    },
    assertion: frozenAssertion(assertion),
    ...(pending?.returnTo === undefined ? {} : { returnTo: pending.returnTo }),
    ...(inResponseTo === undefined ? {} : { consumedRequestId: inResponseTo }),
  };
}
