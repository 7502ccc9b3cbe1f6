import type { BeginLogout } from "../../../application/logout/begin-logout.ts";
import type { HandleLogoutMessage } from "../../../application/logout/handle-logout-message.ts";
import type { UncertainLogout } from "../../../application/sign-in/sign-in-outcome.ts";
import type { Logger } from "../../../ports/environment.ts";
import { callHost } from "../../../ports/errors.ts";
import type { ReceivedMessage } from "../../../ports/identity-port.ts";
import type { SendBrowserMessage } from "../browser-message.tsx";
import { type Handler, ReferencedError, reportFailure } from "../error-boundary.ts";
import { refuseCrossSite, sourceOf } from "../guards.ts";
import { currentSessionOf, type HostContext, type LogoutCallbacks } from "../host-callbacks.ts";
import { PAGE_TEXTS } from "../page/texts/english.ts";
import { userWords } from "../page/texts.ts";
import type { PendingLogouts } from "../pending-cookies.ts";
import { problem } from "../problems.ts";
import type { RequestBodies } from "../request.ts";
import { sendJson, sendRedirect, wantsPage } from "../send.ts";
import type { SendRefusal, ShowUserPage } from "../sign-in/pages.tsx";
import type { PublicUrls, TenantContext } from "../tenant-context.ts";

interface LogoutRouteDeps {
  readonly beginLogout: BeginLogout;
  readonly pendingLogouts: PendingLogouts;
  readonly publicUrls: PublicUrls;
  readonly logout: LogoutCallbacks;
  readonly showUserPage: ShowUserPage;
  readonly sendBrowserMessage: SendBrowserMessage;
}

/** The routes of single logout; `undefined` if the host has no callbacks for it. */
export function makeLogoutRoutes(
  parts: Omit<LogoutRouteDeps & SloRoutesDeps, "logout" | "signOut"> & {
    readonly logout: LogoutCallbacks | undefined;
  },
): LogoutRoutes | undefined {
  const { logout } = parts;
  if (logout === undefined) return undefined;
  const { beginLogout, handleLogoutMessage, pendingLogouts, bodies, publicUrls } = parts;
  const { sendRefusal, showUserPage, sendBrowserMessage, logger } = parts;
  return {
    logout: makeLogoutRoute({
      beginLogout,
      pendingLogouts,
      publicUrls,
      logout,
      showUserPage,
      sendBrowserMessage,
    }),
    slo: makeSloRoutes({
      handleLogoutMessage,
      pendingLogouts,
      bodies,
      publicUrls,
      sendRefusal,
      showUserPage,
      sendBrowserMessage,
      logger,
      signOut: logout.signOut,
    }),
  };
}

/** The routes of single logout. */
export interface LogoutRoutes {
  readonly logout: Handler;
  readonly slo: SloRoutes;
}

/**
 * `GET` and `POST /logout`: ends the session here, then at the identity provider. A `GET` that may
 * come from another site asks first.
 */
function makeLogoutRoute(deps: LogoutRouteDeps): Handler {
  const { beginLogout, pendingLogouts, publicUrls, logout, showUserPage } = deps;
  const { sendBrowserMessage } = deps;
  return async (ctx, { tenant, serviceProvider: sp, root, origin }) => {
    if (ctx.method !== "GET") {
      refuseCrossSite(ctx, origin);
    } else if (sourceOf(ctx, origin) !== "ours") {
      if (!wantsPage(ctx)) throw problem("cross-site", { detail: "Use POST to sign out." });
      return showUserPage(ctx, 200, ({ people: t }) => ({
        kind: "sign-out",
        sentence: t.signOutQuestion,
        advice: "",
        logoutUrl: `${root}/logout`,
      }));
    }
    const session = await currentSessionOf(logout, ctx, tenant);
    // The local session ends first, whatever happens at the identity provider.
    await callHost("logout.signOut", () => logout.signOut(ctx, { tenant }));
    const begun = session === undefined ? undefined : await beginLogout({ tenant, sp, session });
    if (begun?.kind !== "redirect") return sendRedirect(ctx, 303, publicUrls.landing);
    pendingLogouts.add(ctx, begun.pending);
    return sendBrowserMessage(ctx, begun.message, { framed: false });
  };
}

interface SloRoutesDeps {
  readonly handleLogoutMessage: HandleLogoutMessage;
  readonly pendingLogouts: PendingLogouts;
  readonly bodies: RequestBodies;
  readonly publicUrls: PublicUrls;
  readonly signOut: LogoutCallbacks["signOut"];
  readonly sendRefusal: SendRefusal;
  readonly showUserPage: ShowUserPage;
  readonly sendBrowserMessage: SendBrowserMessage;
  readonly logger: Logger;
}

/** `GET` and `POST /slo`: single logout messages (SAML profiles section 4.4) by either binding. */
export interface SloRoutes {
  readonly redirect: Handler;
  readonly post: Handler;
}

/** What programs receive in place of the page. */
interface UncertainDocument {
  readonly detail: string;
  readonly advice: string;
  readonly reference: string;
}

function makeSloRoutes(deps: SloRoutesDeps): SloRoutes {
  const { handleLogoutMessage, pendingLogouts, bodies, publicUrls, signOut } = deps;
  const { sendRefusal, showUserPage, sendBrowserMessage, logger } = deps;

  async function handle(
    ctx: HostContext,
    tenantContext: TenantContext,
    message: ReceivedMessage,
  ): Promise<void> {
    const { tenant, serviceProvider: sp } = tenantContext;
    const handled = await handleLogoutMessage({
      tenant,
      sp,
      message,
      pending: pendingLogouts.read(ctx),
      endSessions: async (demand) =>
        (await callHost("logout.signOut", () => signOut(ctx, { tenant, demand }))) !== false,
    });
    switch (handled.kind) {
      case "answer":
        return sendBrowserMessage(ctx, handled.answer, { framed: true });
      case "done":
        if (handled.consumedRequestId !== undefined) {
          pendingLogouts.remove(ctx, handled.consumedRequestId);
        }
        return sendRedirect(ctx, 303, publicUrls.landing);
      case "uncertain":
        // The request stays pending: the page may be loaded again.
        return showUncertain(ctx, handled);
      case "host-failed": {
        const { answer, reference, cause } = handled;
        if (answer === undefined) throw new ReferencedError(reference, cause);
        reportFailure(ctx, { reference, error: cause, logger });
        return sendBrowserMessage(ctx, answer, { framed: true });
      }
      case "refused":
        return handled.answer === undefined
          ? sendRefusal(ctx, handled, tenantContext)
          : sendBrowserMessage(ctx, handled.answer, { framed: true });
    }
  }

  async function showUncertain(
    ctx: HostContext,
    { message, reference }: UncertainLogout,
  ): Promise<void> {
    if (!wantsPage(ctx)) {
      const { sentence: detail, advice } = userWords(message, PAGE_TEXTS);
      return sendJson<UncertainDocument>(ctx, { detail, advice, reference });
    }
    return showUserPage(ctx, 200, (texts) => ({
      kind: "signed-out",
      ...userWords(message, texts),
      reference,
      homeUrl: publicUrls.landing,
    }));
  }

  return {
    redirect: (ctx, tenantContext) =>
      handle(ctx, tenantContext, { binding: "redirect", rawQuery: ctx.querystring }),
    post: async (ctx, tenantContext) =>
      handle(ctx, tenantContext, { binding: "post", form: await bodies.message(ctx) }),
  };
}
