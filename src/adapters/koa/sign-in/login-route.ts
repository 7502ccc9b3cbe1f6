import type { BeginSignIn } from "../../../application/sign-in/begin-sign-in.ts";
import { refuseUnlessNavigation } from "../guards.ts";
import { MAX_RETURN_TO, type PendingLogins } from "../pending-requests.ts";
import { sendRedirect } from "../responses.ts";
import { returnPath } from "../return-path.ts";
import type { Handler } from "../route.ts";
import type { PublicUrls } from "../tenant-context.ts";
import type { SendRefusal } from "./send-refusal.ts";

/** `GET /login?returnTo=`: redirects to the identity provider. */
export function makeLoginRoute({
  beginSignIn,
  pendingLogins,
  publicUrls,
  sendRefusal,
}: {
  readonly beginSignIn: BeginSignIn;
  readonly pendingLogins: PendingLogins;
  readonly publicUrls: PublicUrls;
  readonly sendRefusal: SendRefusal;
}): Handler {
  return async (ctx, { tenant, serviceProvider: sp }) => {
    refuseUnlessNavigation(ctx);
    const returnTo = returnPath(ctx.query["returnTo"], publicUrls.origin, MAX_RETURN_TO);
    const begun = await beginSignIn({
      tenant,
      sp,
      ...(returnTo === undefined ? {} : { returnTo }),
    });
    if (begun.kind === "refused") return sendRefusal(ctx, begun);
    pendingLogins.add(ctx, begun.pending);
    sendRedirect(ctx, 302, begun.url);
  };
}
