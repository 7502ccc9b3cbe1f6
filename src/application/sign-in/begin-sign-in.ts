import { defined } from "../../domain/defined.ts";
import { domainOf, parseEmailAddress } from "../../domain/email-address.ts";
import {
  type ConnectedConnection,
  type ConnectionId,
  connectionOfDomain,
  openConnections,
  UNSAVED_SETTINGS,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { BrowserMessage, IdentityPort, ServiceProvider } from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import { PENDING_LOGIN_MS, type PendingLogin } from "./pending-request.ts";
import { type Refusal, refusalOfUser } from "./sign-in-outcome.ts";

export interface BeginSignInDeps {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** Input of the sign-in. */
export interface BeginSignInInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  /** A checked path of the same origin. */
  readonly returnTo?: string;
  /** The connection to sign in through. */
  readonly connection?: ConnectionId;
  /** An address, to find the connection by its domain; not used if `connection` is given. */
  readonly email?: string;
}

/** The login request to send through the browser, and the state that its cookie must keep. */
export interface SignInBegun {
  readonly kind: "begun";
  readonly message: BrowserMessage;
  readonly pending: PendingLogin;
}

/**
 * Several connections, and nothing that says which: the user must choose. An address of a domain
 * that no connection speaks for leads here as well, so nobody learns who the customers are.
 */
export interface ChoiceNeeded {
  readonly kind: "choice-needed";
}

/** Begins a sign-in from our side. Anybody may ask, so nothing is written. */
export type BeginSignIn = (
  input: BeginSignInInput,
) => Promise<SignInBegun | ChoiceNeeded | Refusal>;

export function makeBeginSignIn(deps: BeginSignInDeps): BeginSignIn {
  const { settings, identity, clock, ids, logger } = deps;
  return async ({ tenant, sp, returnTo, ...wanted }) => {
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const open = openConnections(stored.settings);
    if (open.length === 0) {
      const reference = ids.reference();
      logger.info({ event: "saml.login.refused", tenant, reference, code: "sso-disabled" });
      return refusalOfUser({ reason: "sso-disabled" }, reference, false);
    }
    const connection = chosen(open, wanted);
    if (connection === undefined) return { kind: "choice-needed" };
    const request = await identity.loginRequest(sp, connection.idp);
    const pending = {
      requestId: request.id,
      tenant,
      connection: connection.id,
      connectionVersion: stored.connectionVersions.get(connection.id) ?? stored.version,
      expiresAt: clock.now() + PENDING_LOGIN_MS,
      ...defined({ returnTo }),
    };
    return { kind: "begun", message: request.message, pending };
  };
}

/** What the sign-in page of a tenant offers. */
export type SignInOffer = "nothing" | "one-connection" | "several-connections";

/** Reads what the sign-in page offers; it must not say which connections there are. */
export type ReadSignInOffer = (tenant: TenantId) => Promise<SignInOffer>;

export function makeReadSignInOffer({
  settings,
}: {
  readonly settings: SettingsStore;
}): ReadSignInOffer {
  return async (tenant) => {
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const { length } = openConnections(stored.settings);
    if (length === 0) return "nothing";
    return length === 1 ? "one-connection" : "several-connections";
  };
}

/** With one connection, nobody has to choose. */
function chosen(
  open: readonly ConnectedConnection[],
  { connection, email }: Pick<BeginSignInInput, "connection" | "email">,
): ConnectedConnection | undefined {
  if (connection !== undefined) return open.find(({ id }) => id === connection);
  const [only, ...others] = open;
  if (others.length === 0) return only;
  const parsed = email === undefined ? undefined : parseEmailAddress(email);
  return parsed?.ok === true ? connectionOfDomain(open, domainOf(parsed.address)) : undefined;
}
