import type { BeginLogout } from "../../../application/logout/begin-logout.ts";
import { refuseCrossSite } from "../guards.ts";
import type { LogoutCallbacks } from "../host-callbacks.ts";
import type { PendingLogouts } from "../pending-requests.ts";
import { sendRedirect } from "../responses.ts";
import type { Handler } from "../route.ts";
import type { PublicUrls } from "../tenant-context.ts";

export interface LogoutRouteDeps {
  readonly beginLogout: BeginLogout;
  readonly pendingLogouts: PendingLogouts;
  readonly publicUrls: PublicUrls;
  readonly logout: LogoutCallbacks;
}

/** `GET` and `POST /logout`: ends the session here, then at the identity provider. */
export function makeLogoutRoute(deps: LogoutRouteDeps): Handler {
  const { beginLogout, pendingLogouts, publicUrls, logout } = deps;
  return async (ctx, { tenant, serviceProvider: sp }) => {
    refuseCrossSite(ctx, publicUrls.origin);
    // JavaScript hosts may return null for no session.
    const session = (await logout.currentSamlSession(ctx, { tenant })) ?? undefined;
    // The local session ends first, whatever happens at the identity provider.
    await logout.signOut(ctx, { tenant });
    const begun = session === undefined ? undefined : await beginLogout({ tenant, sp, session });
    if (begun?.kind !== "redirect") return sendRedirect(ctx, 303, publicUrls.landing);
    pendingLogouts.add(ctx, begun.pending);
    sendRedirect(ctx, 303, begun.url);
  };
}
