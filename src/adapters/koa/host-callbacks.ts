import type { RouterContext } from "@koa/router";
import type { Middleware } from "koa";
import type { LogoutDemand } from "../../application/logout/handle-logout-message.ts";
import type { SamlSession, SignInOutcome } from "../../application/sign-in/sign-in-outcome.ts";
import type { UserId } from "../../domain/access.ts";
import type { Assertion } from "../../domain/assertion.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { type Awaitable, callHost } from "../../ports/errors.ts";

/** The Koa context passed to the host's callbacks. */
export type HostContext = RouterContext;

/** Koa middleware: for an application, and for any router's routes. */
export type HostMiddleware = Middleware;

/** A successful sign-in, for which the host starts a session. */
export interface SignInEvent {
  /** Tenant of the sign-in. */
  readonly tenant: TenantId;
  /** The user with the normalized address. */
  readonly user: { readonly id: UserId; readonly email: EmailAddress };
  /** Whether the user signed in, was created, or accepted an invitation. */
  readonly outcome: SignInOutcome;
  /** Session data for single logout; plain JSON. */
  readonly session: SamlSession;
  /** What the identity provider says about the user: verified to be its words, frozen. */
  readonly assertion: Assertion;
}

/**
 * Starts the host's session after a successful sign-in. What it returns is awaited. Afterwards the
 * browser is redirected, unless the callback has sent a response (a body, a status or a `Location`).
 */
export type SignIn = (ctx: HostContext, event: SignInEvent) => unknown;

/** An administrator of the host. */
export interface Administrator {
  /** ID for the audit trail, 1 to 255 characters. */
  readonly id: string;
  /** Name for the audit trail and the settings page, 1 to 255 characters. Default: the ID alone. */
  readonly name?: string | null | undefined;
}

/** Returns the requesting administrator, or `undefined` if the request must be refused. */
export type RequireAdmin = (
  ctx: HostContext,
  at: { readonly tenant: TenantId },
) => Awaitable<Administrator | undefined>;

/** Returns the tenant ID of a request, or `undefined` if the tenant does not exist. */
export type ResolveTenant = (ctx: HostContext) => Awaitable<string | undefined>;

/** Callbacks for single logout. */
export interface LogoutCallbacks {
  /** Returns the SAML session of this request that `signIn` received. */
  readonly currentSamlSession: (
    ctx: HostContext,
    at: { readonly tenant: TenantId },
  ) => Awaitable<SamlSession | undefined>;
  /**
   * Ends sessions of the host. Without `demand`: the session of this request. With it: every
   * session of that issuer and NameID (only those with one of the session indexes, if there are
   * any).
   *
   * @returns `false` if sessions may remain: the identity provider then receives `PartialLogout`. Anything
   * else means that none do; it is awaited. If it throws, the identity provider may repeat its demand, so
   * the callback must be idempotent.
   */
  readonly signOut: (
    ctx: HostContext,
    event: { readonly tenant: TenantId; readonly demand?: LogoutDemand },
  ) => unknown;
}

/** The SAML session of a request; JavaScript hosts may return null for none. */
export async function currentSessionOf(
  logout: LogoutCallbacks,
  ctx: HostContext,
  tenant: TenantId,
): Promise<SamlSession | undefined> {
  const ask = () => logout.currentSamlSession(ctx, { tenant });
  return (await callHost("logout.currentSamlSession", ask)) ?? undefined;
}
