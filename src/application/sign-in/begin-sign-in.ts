import { UNSAVED_SETTINGS } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { IdentityPort, ServiceProvider } from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/settings-store.ts";
import { PENDING_LOGIN_MS, type PendingLogin } from "./pending-request.ts";
import { type Refusal, refusedPerson } from "./refused.ts";

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
}

/** URL to redirect the browser to, and the state that its cookie must keep. */
export interface SignInBegun {
  readonly kind: "redirect";
  readonly url: string;
  readonly pending: PendingLogin;
}

/** Begins a sign-in from our side. Anybody may ask, so nothing is written. */
export type BeginSignIn = (input: BeginSignInInput) => Promise<SignInBegun | Refusal>;

export function makeBeginSignIn(deps: BeginSignInDeps): BeginSignIn {
  const { settings, identity, clock, ids, logger } = deps;
  return async ({ tenant, sp, returnTo }) => {
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const { enabled, connection } = stored.settings;
    if (!enabled || connection === undefined) {
      const reference = ids.reference();
      logger.info({ event: "saml.login.refused", tenant, reference, code: "sso-disabled" });
      return refusedPerson({ reason: "sso-disabled" }, reference, false);
    }
    const { id, url } = await identity.loginRequest(sp, connection);
    const pending = {
      requestId: id,
      tenant,
      connectionVersion: stored.connectionVersion,
      expiresAt: clock.now() + PENDING_LOGIN_MS,
      ...(returnTo === undefined ? {} : { returnTo }),
    };
    return { kind: "redirect", url, pending };
  };
}
