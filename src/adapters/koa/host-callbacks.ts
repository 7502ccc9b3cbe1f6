import type { RouterContext, RouterMiddleware } from "@koa/router";
import type { LogoutDemand } from "../../application/logout/handle-logout-message.ts";
import type { SamlSession, SignInOutcome } from "../../application/sign-in/sign-in-outcome.ts";
import type { UserId } from "../../domain/access.ts";
import type { Assertion } from "../../domain/assertion.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { TenantId } from "../../domain/tenant.ts";

/** The Koa context passed to the host's callbacks. */
export type HostContext = RouterContext;

/** Koa middleware. */
export type HostMiddleware = RouterMiddleware;

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
 * Starts the host's session after a successful sign-in. Afterwards the browser is redirected,
 * unless the callback has sent a response (a body, a status or a `Location`).
 */
export type SignIn = (ctx: HostContext, event: SignInEvent) => void | Promise<void>;

/** An administrator of the host. */
export interface Administrator {
  /** ID for the audit trail, 1 to 255 characters. */
  readonly id: string;
}

/** Returns the requesting administrator, or `undefined` if the request must be refused. */
export type RequireAdmin = (
  ctx: HostContext,
  at: { readonly tenant: TenantId },
) => Administrator | undefined | Promise<Administrator | undefined>;

/** Returns the tenant ID of a request, or `undefined` if the tenant does not exist. */
export type ResolveTenant = (ctx: HostContext) => string | undefined | Promise<string | undefined>;

/** Callbacks for single logout. */
export interface LogoutCallbacks {
  /** Returns the SAML session of this request that `signIn` received. */
  readonly currentSamlSession: (
    ctx: HostContext,
    at: { readonly tenant: TenantId },
  ) => SamlSession | undefined | Promise<SamlSession | undefined>;
  /**
   * Ends sessions of the host. Without `demand`: the session of this request. With it: every
   * session of that issuer and NameID (only those with one of the session indexes, if there are
   * any).
   *
   * @returns `false` if sessions may remain: the identity provider then receives `PartialLogout`. If it
   * throws, the identity provider may repeat its demand, so the callback must be idempotent.
   */
  readonly signOut: (
    ctx: HostContext,
    event: { readonly tenant: TenantId; readonly demand?: LogoutDemand },
  ) => boolean | void | Promise<boolean | undefined> | Promise<void>;
}
