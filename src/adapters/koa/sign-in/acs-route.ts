import { z } from "zod";
import type { HandleSamlResponse } from "../../../application/sign-in/handle-saml-response.ts";
import type { CompleteTestSignIn } from "../../../application/test-sign-in/complete-test-sign-in.ts";
import type { HostContext, SignIn } from "../host-callbacks.ts";
import type { PendingLogins, PendingTests } from "../pending-requests.ts";
import { ReferencedError } from "../referenced-error.ts";
import type { RequestBodies } from "../request.ts";
import { sendRedirect } from "../responses.ts";
import { returnPath } from "../return-path.ts";
import type { Handler } from "../route.ts";
import type { PublicUrls } from "../tenant-context.ts";
import type { TestSignInDone } from "../test-sign-in/routes.ts";
import type { SendRefusal } from "./send-refusal.ts";

export interface AcsRouteDeps {
  readonly handleSamlResponse: HandleSamlResponse;
  readonly completeTestSignIn: CompleteTestSignIn;
  readonly pendingLogins: PendingLogins;
  readonly pendingTests: PendingTests;
  readonly testSignInDone: TestSignInDone;
  readonly bodies: RequestBodies;
  readonly publicUrls: PublicUrls;
  readonly signIn: SignIn;
  readonly sendRefusal: SendRefusal;
}

const Relayed = z.object({ RelayState: z.string() });

/** `POST /acs`: the assertion consumer service (SAML bindings section 3.5). */
export function makeAcsRoute(deps: AcsRouteDeps): Handler {
  const { handleSamlResponse, pendingLogins, bodies, publicUrls, sendRefusal, signIn } = deps;
  const { completeTestSignIn, pendingTests, testSignInDone } = deps;

  /** RelayState counts only for unsolicited sign-ins; others have a return path in their cookie. */
  function relayed(form: unknown): string | undefined {
    const parsed = Relayed.safeParse(form);
    return parsed.success ? returnPath(parsed.data.RelayState, publicUrls.origin) : undefined;
  }

  return async (ctx, tenantContext) => {
    const { tenant, serviceProvider: sp } = tenantContext;
    const form = await bodies.form(ctx);
    const tests = pendingTests.read(ctx);
    const tested = await completeTestSignIn({ tenant, sp, form, pending: tests });
    if (tested !== undefined) {
      pendingTests.remove(ctx, tested.requestId);
      return testSignInDone(ctx, tenantContext, tested);
    }
    const pending = pendingLogins.read(ctx);
    const result = await handleSamlResponse({ tenant, sp, form, pending });
    if (result.kind === "refused") return sendRefusal(ctx, result);
    const { user, outcome, session, reference, returnTo, consumedRequestId } = result;
    if (consumedRequestId !== undefined) pendingLogins.remove(ctx, consumedRequestId);
    const before = answerOf(ctx);
    try {
      await signIn(ctx, { tenant, user, outcome, session });
    } catch (error) {
      throw new ReferencedError(reference, error);
    }
    if (hasAnswered(ctx, before)) return;
    const wanted = consumedRequestId === undefined ? relayed(form) : returnTo;
    sendRedirect(ctx, 303, wanted ?? publicUrls.landing);
  };
}

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
