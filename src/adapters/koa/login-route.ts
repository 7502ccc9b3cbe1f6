import type { BeginSignIn } from "../../application/begin-sign-in.ts";
import type { PendingCookies } from "./pending-cookies.ts";
import type { PublicUrls } from "./public-urls.ts";
import { sendRedirect } from "./responses.ts";
import { returnPath } from "./return-path.ts";
import type { Handler } from "./route.ts";
import { sendRefusal } from "./send-refusal.ts";

/** What {@link makeLoginRoute} needs. */
export interface LoginRouteDeps {
  readonly beginSignIn: BeginSignIn;
  readonly pendingCookies: PendingCookies;
  readonly publicUrls: PublicUrls;
}

/** `GET /login?returnTo=`: sends the browser to the identity provider. */
export function makeLoginRoute(deps: LoginRouteDeps): Handler {
  const { beginSignIn, pendingCookies, publicUrls } = deps;
  return async (ctx, { tenant, serviceProvider: sp }) => {
    const returnTo = returnPath(ctx.query["returnTo"], publicUrls.origin);
    const begun = await beginSignIn({
      tenant,
      sp,
      ...(returnTo === undefined ? {} : { returnTo }),
    });
    if (begun.kind === "refused") return sendRefusal(ctx, begun);
    pendingCookies.add(ctx, begun.pending);
    sendRedirect(ctx, 302, begun.url);
  };
}
