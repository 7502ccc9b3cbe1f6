import { z } from "zod";
import type { CompleteSignIn } from "../../application/complete-sign-in.ts";
import type { HostContext, SignIn } from "./host.ts";
import type { PendingCookies } from "./pending-cookies.ts";
import type { PublicUrls } from "./public-urls.ts";
import type { RequestBodies } from "./request-body.ts";
import { sendRedirect } from "./responses.ts";
import { returnPath } from "./return-path.ts";
import type { Handler } from "./route.ts";
import { sendRefusal } from "./send-refusal.ts";

/** What {@link makeAcsRoute} needs. */
export interface AcsRouteDeps {
  readonly completeSignIn: CompleteSignIn;
  readonly pendingCookies: PendingCookies;
  readonly bodies: RequestBodies;
  readonly publicUrls: PublicUrls;
  readonly signIn: SignIn;
}

const Relayed = z.object({ RelayState: z.string() });

/** `POST /acs`: the assertion consumer service (SAML bindings section 3.5). */
export function makeAcsRoute(deps: AcsRouteDeps): Handler {
  const { completeSignIn, pendingCookies, bodies, publicUrls, signIn } = deps;

  /** RelayState counts only where nobody began here; who began here has said where to go. */
  function relayed(form: unknown): string | undefined {
    const parsed = Relayed.safeParse(form);
    return parsed.success ? returnPath(parsed.data.RelayState, publicUrls.origin) : undefined;
  }

  return async (ctx, { tenant, serviceProvider: sp }) => {
    const form = await bodies.form(ctx);
    const pending = pendingCookies.read(ctx, tenant);
    const result = await completeSignIn({ tenant, sp, form, pending });
    if (result.kind === "refused") return sendRefusal(ctx, result);
    const { user, how, session, returnTo, consumedRequestId } = result;
    if (consumedRequestId !== undefined) {
      pendingCookies.remove(ctx, { tenant, requestId: consumedRequestId });
    }
    await signIn(ctx, { tenant, user, how, session });
    if (hasAnswered(ctx)) return;
    const wanted = consumedRequestId === undefined ? relayed(form) : returnTo;
    sendRedirect(ctx, 303, wanted ?? publicUrls.landing);
  };
}

function hasAnswered(ctx: HostContext): boolean {
  return ctx.headerSent || ctx.respond === false || ctx.status !== 404 || ctx.body !== undefined;
}
