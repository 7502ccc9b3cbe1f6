import type { RouterContext, RouterMiddleware } from "@koa/router";
import type { LogoutDemand } from "../../application/handle-logout-message.ts";
import type { SamlSession } from "../../application/saml-session.ts";
import type { HowSignedIn } from "../../application/sign-in-outcome.ts";
import type { UserId } from "../../domain/access.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { TenantId } from "../../domain/tenant.ts";

/** The Koa context that the host's callbacks are given. */
export type HostContext = RouterContext;

/** What `app.use` takes. */
export type HostMiddleware = RouterMiddleware;

/** Somebody who got in, for the host to begin a session for. */
export interface SignInEvent {
  /** Whose sign-in settings let them in. */
  readonly tenant: TenantId;
  /** The user as the directory has them now; the address in its normal form. */
  readonly user: { readonly id: UserId; readonly email: EmailAddress };
  /** What the sign-in did: let in, created, or took up an invitation. */
  readonly how: HowSignedIn;
  /** What single logout needs later; plain JSON. */
  readonly session: SamlSession;
}

/**
 * Begins the host's own session for somebody who got in. The browser is redirected afterwards,
 * unless the callback has answered itself (a body, a status or a `Location`).
 */
export type SignIn = (ctx: HostContext, event: SignInEvent) => void | Promise<void>;

/** An administrator of the host, as the host identifies them. */
export interface Administrator {
  /** 1 to 255 characters; what the audit trail names. */
  readonly id: string;
}

/** Says who is asking if they may administer single sign-on of `tenant`; nobody else gets in. */
export type RequireAdmin = (
  ctx: HostContext,
  at: { readonly tenant: TenantId },
) => Administrator | undefined | Promise<Administrator | undefined>;

/** Says which tenant a request is for: its ID, or `undefined` when there is no such tenant. */
export type ResolveTenant = (ctx: HostContext) => string | undefined | Promise<string | undefined>;

/** What single logout needs from the host. */
export interface LogoutCallbacks {
  /** The SAML session of whoever sends this request, as `signIn` was given it. */
  readonly currentSamlSession: (
    ctx: HostContext,
    at: { readonly tenant: TenantId },
  ) => SamlSession | undefined | Promise<SamlSession | undefined>;
  /**
   * Ends sessions of the host. Without `demand`: that of whoever sends this request. With it: every
   * session of that issuer and NameID (of those session indexes only, when there are any).
   *
   * @returns `false` when sessions may live on: the identity provider is told so. When it throws,
   * the identity provider may send its demand again, so ending what is ended must do no harm.
   */
  readonly signOut: (
    ctx: HostContext,
    event: { readonly tenant: TenantId; readonly demand?: LogoutDemand },
  ) => boolean | void | Promise<boolean | undefined> | Promise<void>;
}
