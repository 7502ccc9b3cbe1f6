import type { BeginLogout } from "../../application/begin-logout.ts";
import type { LogoutCallbacks } from "./host.ts";
import type { PublicUrls } from "./public-urls.ts";
import { sendRedirect } from "./responses.ts";
import type { Handler } from "./route.ts";
import { refuseCrossSite } from "./same-site.ts";

/** What {@link makeLogoutRoute} needs. */
export interface LogoutRouteDeps {
  readonly beginLogout: BeginLogout;
  readonly publicUrls: PublicUrls;
  readonly logout: LogoutCallbacks;
}

/** `GET` and `POST /logout`: ends the session here, then at the identity provider. */
export function makeLogoutRoute({ beginLogout, publicUrls, logout }: LogoutRouteDeps): Handler {
  return async (ctx, { tenant, serviceProvider: sp }) => {
    refuseCrossSite(ctx, publicUrls.origin);
    const session = await logout.currentSamlSession(ctx, { tenant });
    // First here: whatever happens at the identity provider, this browser is signed out.
    await logout.signOut(ctx, { tenant });
    const begun = session === undefined ? undefined : await beginLogout({ tenant, sp, session });
    sendRedirect(ctx, 303, begun?.kind === "redirect" ? begun.url : publicUrls.landing);
  };
}
