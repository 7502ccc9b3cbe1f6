import { z } from "zod";
import type { ReadMetadata } from "../../../application/connections/read-connections.ts";
import type { BeginSignIn, ReadSignInOffer } from "../../../application/sign-in/begin-sign-in.ts";
import type { ReceiveResponse } from "../../../application/sign-in/dispatch-response.ts";
import type { PendingLogin } from "../../../application/sign-in/pending-request.ts";
import type { Refusal } from "../../../application/sign-in/sign-in-outcome.ts";
import { defined } from "../../../domain/defined.ts";
import { callHost } from "../../../ports/errors.ts";
import type { SendBrowserMessage } from "../browser-message.tsx";
import { type Handler, ReferencedError } from "../error-boundary.ts";
import { refuseUnlessNavigation } from "../guards.ts";
import type { HostContext, SignIn } from "../host-callbacks.ts";
import type { PendingTests } from "../pending-cookies.ts";
import { MAX_RETURN_TO, type PendingLogins } from "../pending-cookies.ts";
import { problem } from "../problems.ts";
import { queryOf, type RequestBodies, returnPath } from "../request.ts";
import { sendJson, sendRedirect, wantsPage } from "../send.ts";
import type { RouteProbe, SetupFindings } from "../setup-findings.ts";
import type { PublicUrls, TenantContext } from "../tenant-context.ts";
import type { TestSignInDone } from "../test-sign-in/routes.ts";
import type { FinishedLogins } from "./finished-logins.ts";
import type { SendRefusal, ShowUserPage } from "./pages.tsx";

/** Longest address or connection ID that is looked at; longer ones lead to the sign-in page. */
const MAX_CHOICE = 320;

/** The text of a parameter that is there once and not too long. */
function choiceOf(
  asked: ReadonlyMap<string, unknown>,
  name: "connection" | "email",
): string | undefined {
  const value = asked.get(name);
  return typeof value === "string" && value !== "" && value.length <= MAX_CHOICE
    ? value
    : undefined;
}

/**
 * `GET /login?connection=&email=&returnTo=`: sends the browser to the identity provider; to the sign-in
 * page if several could be meant. `POST /login` is for forms: fields count like parameters.
 */
export function makeLoginRoute({
  beginSignIn,
  pendingLogins,
  bodies,
  sendRefusal,
  setupFindings,
  sendBrowserMessage,
}: {
  readonly beginSignIn: BeginSignIn;
  readonly pendingLogins: PendingLogins;
  readonly bodies: RequestBodies;
  readonly sendRefusal: SendRefusal;
  readonly setupFindings: SetupFindings;
  readonly sendBrowserMessage: SendBrowserMessage;
}): Handler {
  return async (ctx, { tenant, serviceProvider: sp, root }) => {
    refuseUnlessNavigation(ctx);
    const form = ctx.method === "POST" ? await bodies.message(ctx) : undefined;
    const fields = typeof form === "object" && form !== null ? Object.entries(form) : [];
    const asked = new Map<string, unknown>([...Object.entries(ctx.query), ...fields]);
    const returnTo = returnPath(asked.get("returnTo"), MAX_RETURN_TO);
    const connection = choiceOf(asked, "connection");
    const email = choiceOf(asked, "email");
    const begun = await beginSignIn({
      tenant,
      sp,
      ...defined({ returnTo, connection, email }),
    });
    if (begun.kind === "refused") return sendRefusal(ctx, begun, { root, returnTo });
    if (begun.kind === "choice-needed") {
      const unknown = email === undefined && connection === undefined ? undefined : "1";
      return sendRedirect(ctx, 303, `${root}/sign-in${queryOf({ unknown, returnTo })}`);
    }
    setupFindings.loginBegun(pendingLogins.readAll(ctx).length, sp.acsUrl);
    pendingLogins.add(ctx, begun.pending);
    return sendBrowserMessage(ctx, begun.message, { framed: false, status: 302 });
  };
}

export interface AcsRouteDeps {
  readonly receiveResponse: ReceiveResponse;
  readonly pendingLogins: PendingLogins;
  readonly pendingTests: PendingTests;
  readonly testSignInDone: TestSignInDone;
  readonly bodies: RequestBodies;
  readonly publicUrls: PublicUrls;
  readonly signIn: SignIn;
  readonly sendRefusal: SendRefusal;
  readonly finishedLogins: FinishedLogins;
  readonly setupFindings: SetupFindings;
  readonly routeProbe: RouteProbe;
}

const Relayed = z.object({ RelayState: z.string() });

/** A refused response, with what the browser sent. */
interface Repeated {
  readonly form: unknown;
  /** Also expired requests. */
  readonly pending: readonly PendingLogin[];
  readonly refusal: Refusal;
}

/** Codes of responses whose first post was carried out. */
const ANSWERED_BEFORE: ReadonlySet<Refusal["code"]> = new Set<Refusal["code"]>([
  "replayed",
  "request-consumed",
]);

/** `POST /acs`: the assertion consumer service (SAML bindings section 3.5). */
export function makeAcsRoute(deps: AcsRouteDeps): Handler {
  const { receiveResponse, pendingLogins, bodies, publicUrls, sendRefusal, signIn } = deps;
  const { pendingTests, testSignInDone, finishedLogins, setupFindings, routeProbe } = deps;

  /** RelayState counts only for unsolicited sign-ins; others have a return path in their cookie. */
  function relayForm(form: unknown): string | undefined {
    const parsed = Relayed.safeParse(form);
    return parsed.success ? returnPath(parsed.data.RelayState) : undefined;
  }

  /**
   * A page, or the way on for a response that has come before: to where it led, if this browser was
   * signed in by it; to the identity provider again, if the answer to the first post was lost. No
   * one is signed in here.
   */
  async function refuse(
    ctx: HostContext,
    { tenant, root }: TenantContext,
    { form, pending, refusal }: Repeated,
  ): Promise<void> {
    const ofTenant = pending.filter((one) => one.tenant === tenant);
    const answered = ofTenant.find(({ requestId }) => requestId === refusal.repeats);
    const [only, ...others] = ofTenant;
    const returnTo = (answered ?? (others.length === 0 ? only : undefined))?.returnTo;
    if (!wantsPage(ctx) || refusal.repeats === undefined) {
      return sendRefusal(ctx, refusal, { root, returnTo });
    }
    const destination = await finishedLogins.destinationOf(ctx, { tenant, form, refusal });
    if (destination !== undefined) return sendRedirect(ctx, 303, destination);
    if (answered === undefined || !ANSWERED_BEFORE.has(refusal.code)) {
      return sendRefusal(ctx, refusal, { root, returnTo });
    }
    // Once: without this request, the same response is refused with a page.
    pendingLogins.remove(ctx, answered.requestId);
    const { connection } = answered;
    sendRedirect(ctx, 303, `${root}/login${queryOf({ connection, returnTo })}`);
  }

  return async (ctx, tenantContext) => {
    const { tenant, serviceProvider: sp } = tenantContext;
    if (routeProbe.takes(ctx)) {
      pendingLogins.readAll(ctx); // throws without the host's keys
      await bodies.message(ctx);
      ctx.status = 204;
      return;
    }
    setupFindings.responseReached();
    const form = await bodies.message(ctx);
    const pending = pendingLogins.readAll(ctx);
    const result = await receiveResponse({
      tenant,
      sp,
      form,
      pendingTests: pendingTests.readAll(ctx),
      pendingLogins: pending,
    });
    // The cookie stays: a second post and the Back button lead to the result, too.
    if (result.kind === "tested") return testSignInDone(ctx, tenantContext, result.test.testId);
    if (result.kind === "refused") {
      setupFindings.refused(ctx, result.comparison);
      return refuse(ctx, tenantContext, { form, pending, refusal: result });
    }
    const { user, outcome, session, assertion, reference, returnTo, consumedRequestId } = result;
    if (consumedRequestId !== undefined) pendingLogins.remove(ctx, consumedRequestId);
    const wanted =
      (consumedRequestId === undefined ? relayForm(form) : returnTo) ?? publicUrls.landing;
    const before = answerOf(ctx);
    try {
      await callHost("signIn", () => signIn(ctx, { tenant, user, outcome, session, assertion }));
    } catch (error) {
      throw new ReferencedError(reference, error);
    }
    if (ctx.headerSent) return;
    finishedLogins.remember(ctx, {
      tenant,
      form,
      requestId: consumedRequestId,
      session,
      returnTo: wanted,
    });
    if (hasAnswered(ctx, before)) return;
    sendRedirect(ctx, 303, wanted);
  };
}

/**
 * The assertion consumer service at an additional path: the same service, which expects its own
 * URL as the Destination and Recipient of what is sent there.
 *
 * @param index which of the additional paths.
 */
export function atAdditionalAcs(acsRoute: Handler, index: number): Handler {
  return (ctx, tenantContext) => {
    const { serviceProvider } = tenantContext;
    const acsUrl = serviceProvider.additionalAcsUrls?.[index];
    if (acsUrl === undefined) throw new TypeError(`there is no additional path ${index}`);
    return acsRoute(ctx, { ...tenantContext, serviceProvider: { ...serviceProvider, acsUrl } });
  };
}

/**
 * `GET /acs`: nothing is sent here, but people bookmark it, and press Enter in the address bar of a
 * refusal. Browsers go to the sign-in page.
 */
export const redirectToSignInPage: Handler = (ctx, { root }) => {
  if (wantsPage(ctx)) return sendRedirect(ctx, 303, `${root}/sign-in`);
  throw problem("method-not-allowed", {}, { Allow: "POST" });
};

/** The parts of a response that the host may set. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly location: string;
}

function answerOf(ctx: HostContext): Answer {
  return { status: ctx.status, body: ctx.body, location: ctx.response.get("Location") };
}

/** Compared with the initial state: other middleware may already have set a status or body. */
function hasAnswered(ctx: HostContext, before: Answer): boolean {
  const { status, body, location } = answerOf(ctx);
  if (ctx.headerSent || ctx.respond === false) return true;
  if (location !== before.location && status === before.status) ctx.status = 303;
  return status !== before.status || body !== before.body || location !== before.location;
}

/** `GET /metadata`: the service provider metadata (SAML metadata appendix A). */
export function makeMetadataRoute({
  readMetadata,
}: {
  readonly readMetadata: ReadMetadata;
}): Handler {
  return async (ctx, { tenant, serviceProvider: sp }) => {
    ctx.body = await readMetadata({ tenant, sp });
    ctx.type = "application/samlmetadata+xml";
    ctx.set({ "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" });
  };
}

/** Answer of `GET /sign-in` to programs. */
interface SignInState {
  readonly enabled: boolean;
  /** Absent while sign-in is off. */
  readonly loginUrl?: string;
  /** Several connections: `email` or `connection` must be added to `loginUrl`. */
  readonly emailNeeded?: boolean;
}

/**
 * `GET /sign-in?email=&returnTo=`: a plain page to begin from, or the word that sign-in is off. With
 * several connections it asks for an address, and says nothing about which there are.
 */
export function makeSignInPageRoute({
  readSignInOffer,
  publicUrls,
  showUserPage,
}: {
  readonly readSignInOffer: ReadSignInOffer;
  readonly publicUrls: PublicUrls;
  readonly showUserPage: ShowUserPage;
}): Handler {
  return async (ctx, { tenant, root }) => {
    const offer = await readSignInOffer(tenant);
    const enabled = offer !== "nothing";
    const returnTo = returnPath(ctx.query["returnTo"], MAX_RETURN_TO);
    const email = choiceOf(new Map(Object.entries(ctx.query)), "email");
    const loginUrl = `${root}/login${queryOf({ email, returnTo })}`;
    if (!wantsPage(ctx)) {
      const asks = offer === "several-connections" ? { emailNeeded: true } : {};
      return sendJson<SignInState>(ctx, enabled ? { enabled, loginUrl, ...asks } : { enabled });
    }
    switch (offer) {
      case "several-connections":
        if (email !== undefined) {
          // A redirect after a form would be held to its content security policy: a page that goes
          // on by itself is not.
          ctx.set("Refresh", `0; url=${loginUrl}`);
          return showUserPage(ctx, 200, ({ people: t }) => ({
            kind: "start",
            sentence: t.signIn,
            advice: t.continuing,
            loginUrl,
          }));
        }
        return showUserPage(ctx, 200, ({ people: t }) => ({
          kind: "choose",
          sentence: t.signIn,
          advice: ctx.query["unknown"] === undefined ? t.enterAddress : t.checkAddress,
          action: `${root}/sign-in`,
          ...(returnTo === undefined ? {} : { returnTo }),
        }));
      case "one-connection":
        return showUserPage(ctx, 200, ({ people: t }) => ({
          kind: "start",
          sentence: t.signIn,
          advice: "",
          loginUrl,
        }));
      case "nothing":
        return showUserPage(ctx, 403, ({ people: t }) => ({
          kind: "refused",
          what: "sign-in",
          reason: "sso-disabled",
          sentence: t.sentences["sso-disabled"],
          advice: t.anotherWay,
          homeUrl: publicUrls.landing,
        }));
    }
  };
}
