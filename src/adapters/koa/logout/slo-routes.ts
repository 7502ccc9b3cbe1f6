import type { HandleLogoutMessage } from "../../../application/logout/handle-logout-message.ts";
import type { LogoutMessage } from "../../../ports/identity-port.ts";
import type { HostContext, LogoutCallbacks } from "../host-callbacks.ts";
import type { PendingLogouts } from "../pending-requests.ts";
import type { RequestBodies } from "../request.ts";
import { sendRedirect } from "../responses.ts";
import type { Handler } from "../route.ts";
import type { SendRefusal } from "../sign-in/send-refusal.ts";
import type { PublicUrls, TenantContext } from "../tenant-context.ts";

export interface SloRoutesDeps {
  readonly handleLogoutMessage: HandleLogoutMessage;
  readonly pendingLogouts: PendingLogouts;
  readonly bodies: RequestBodies;
  readonly publicUrls: PublicUrls;
  readonly signOut: LogoutCallbacks["signOut"];
  readonly sendRefusal: SendRefusal;
}

/** `GET` and `POST /slo`: single logout messages (SAML profiles section 4.4) by either binding. */
export interface SloRoutes {
  readonly redirect: Handler;
  readonly post: Handler;
}

export function makeSloRoutes(deps: SloRoutesDeps): SloRoutes {
  const { handleLogoutMessage, pendingLogouts, bodies, publicUrls, sendRefusal, signOut } = deps;

  async function handle(
    ctx: HostContext,
    tenantContext: TenantContext,
    message: LogoutMessage,
  ): Promise<void> {
    const { tenant, serviceProvider: sp } = tenantContext;
    const handled = await handleLogoutMessage({
      tenant,
      sp,
      message,
      pending: pendingLogouts.read(ctx),
      endSessions: async (demand) => (await signOut(ctx, { tenant, demand })) !== false,
    });
    if (handled.kind === "refused") return sendRefusal(ctx, handled);
    if (handled.kind === "answer") return sendRedirect(ctx, 303, handled.url);
    const { consumedRequestId } = handled;
    if (consumedRequestId !== undefined) pendingLogouts.remove(ctx, consumedRequestId);
    sendRedirect(ctx, 303, publicUrls.landing);
  }

  return {
    redirect: (ctx, tenantContext) =>
      handle(ctx, tenantContext, { binding: "redirect", rawQuery: ctx.querystring }),
    post: async (ctx, tenantContext) =>
      handle(ctx, tenantContext, { binding: "post", form: await bodies.form(ctx) }),
  };
}
