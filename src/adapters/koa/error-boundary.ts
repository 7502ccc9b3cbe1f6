import { z } from "zod";
import type { IdSource, Logger, RequestFailed } from "../../ports/environment.ts";
import {
  databaseFailure,
  errorName,
  failureMessage,
  HostCallbackError,
  StorageUnavailableError,
  thrownIn,
} from "../../ports/errors.ts";
import type { HostContext } from "./host-callbacks.ts";
import type { PageTexts } from "./page/texts.ts";
import { MAX_RETURN_TO, type PendingLogins } from "./pending-cookies.ts";
import { HttpProblem, problem } from "./problems.ts";
import { queryOf, returnPath } from "./request.ts";
import { sendProblem, wantsPage } from "./send.ts";
import type { SetupFindings } from "./setup-findings.ts";
import type { ProblemPage, ShowUserPage } from "./sign-in/pages.tsx";
import type { PublicUrls, ResolveTenantContext, TenantContext } from "./tenant-context.ts";

/** Runs a handler and turns errors into responses that reveal nothing. */
export type ErrorBoundary = (
  ctx: HostContext,
  handler: () => Promise<void>,
  client: ClientKind,
) => Promise<void>;

/** `browser` routes answer browsers with a page, `api` routes never do. */
export type ClientKind = "browser" | "api";

/**
 * Creates the {@link ErrorBoundary}, the only place where errors become responses. Responses to
 * failures contain a reference, under which the log has the cause.
 */
export function makeErrorBoundary({
  logger,
  ids,
  showUserPage,
  publicUrls,
  pendingLogins,
  settingsPage,
}: {
  readonly logger: Logger;
  readonly ids: IdSource;
  readonly showUserPage: ShowUserPage;
  readonly publicUrls: PublicUrls;
  readonly pendingLogins: PendingLogins;
  /** Whether there is a settings page. */
  readonly settingsPage: boolean;
}): ErrorBoundary {
  /** Where the user wanted to go, as far as the request says; never fails. */
  function wantedPath(ctx: HostContext, root: string, code: string): string | undefined {
    if (code === "forbidden") {
      const path = `${publicUrls.landing.slice(0, -1)}${ctx.path}${ctx.search}`;
      return ctx.method === "GET" ? path : `${new URL(root).pathname}/settings/page`;
    }
    const asked = returnPath(ctx.query["returnTo"], MAX_RETURN_TO);
    if (asked !== undefined) return asked;
    try {
      const [only, ...others] = pendingLogins.readAll(ctx);
      return others.length === 0 ? only?.returnTo : undefined;
    } catch {
      return undefined; // the host's keys are missing, which may be what failed
    }
  }

  /** The ways on from a page that says what went wrong. */
  function waysOn(ctx: HostContext, code: string): Pick<ProblemPage, "signInUrl" | "settingsUrl"> {
    if (code === "tenant-unknown") return {};
    const { root } = publicUrls.forTenant(ctx.params["tenant"] ?? "");
    if (code === "test-unknown" || code === "test-over") {
      return settingsPage ? { settingsUrl: `${root}/settings/page` } : {};
    }
    const returnTo = wantedPath(ctx, root, code);
    return { signInUrl: `${root}/sign-in${queryOf({ returnTo })}` };
  }

  return async (ctx, handler, client) => {
    try {
      await handler();
    } catch (caught) {
      const recorded = caught instanceof ReferencedError ? caught : undefined;
      const error = recorded === undefined ? caught : recorded.cause;
      const reference = recorded?.reference ?? ids.reference();
      const { status, code, members, headers } = problemOf(error);
      const page = client === "browser" && wantsPage(ctx);
      const failed = status >= 500;
      if (failed) {
        reportFailure(ctx, { reference, error, logger });
      } else if (page) logger.info({ event: "saml.request.refused", reference, code });
      ctx.set(headers);
      if (page) {
        const ways = { ...waysOn(ctx, code), homeUrl: publicUrls.landing };
        await showUserPage(ctx, status, (texts) => ({
          kind: "problem",
          code,
          ...problemWords(code, members.detail, texts),
          reference,
          ...ways,
        }));
      } else {
        sendProblem(ctx, status, code, failed ? { ...members, reference } : members);
      }
    }
  };
}

/** What a browser's user reads of a problem. What the host threw is in the host's words. */
function problemWords(
  code: string,
  detail: string,
  { people: { problems, problemAdvice } }: PageTexts,
): { readonly sentence: string; readonly advice: string } {
  const of = (texts: Readonly<Record<string, string>>) =>
    Object.hasOwn(texts, code) ? texts[code] : undefined;
  return { sentence: of(problems) ?? detail, advice: of(problemAdvice) ?? problemAdvice.others };
}

/** `ctx.throw(401, …)` in a callback of the host, with its own message (http-errors). */
const ThrownByHost = z.object({
  status: z.number().int().min(400).max(499),
  expose: z.literal(true),
  message: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
});

function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof StorageUnavailableError) {
    return problem(
      "storage-unavailable",
      {},
      {
        "Retry-After": String(Math.max(1, Math.ceil(error.retryAfterSeconds))),
      },
    );
  }
  const thrown = ThrownByHost.safeParse(error instanceof HostCallbackError ? error.cause : error);
  if (thrown.success) {
    const { status, message, headers } = thrown.data;
    return new HttpProblem(status, "refused-by-host", { detail: message }, headers);
  }
  return problem("internal");
}

/** A failure after something was recorded: page, log and audit trail use the same reference. */
export class ReferencedError extends Error {
  /** Reference of the audit entry. */
  readonly reference: string;

  constructor(reference: string, cause: unknown) {
    super("failed after it was recorded", { cause });
    this.name = "ReferencedError";
    this.reference = reference;
  }
}

/** Logs the cause of a failure under its reference, and tells the host's application. */
export function reportFailure(
  ctx: HostContext,
  {
    reference,
    error,
    logger,
  }: { readonly reference: string; readonly error: unknown; readonly logger: Logger },
): void {
  const fields = failureFields(ctx, error);
  logger.error({ event: "saml.request.failed", reference, ...fields });
  // As every other 500 of the host's application; that the storage is away is no bug.
  if (error instanceof StorageUnavailableError) return;
  ctx.app.emit("error", new RequestError(reference, fields, error), ctx);
}

/** Where and how a request failed. */
type FailureFields = Omit<RequestFailed, "event" | "reference">;

function failureFields(ctx: HostContext, error: unknown): FailureFields {
  const thrown = thrownIn(error);
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, "code") : undefined;
  return {
    method: ctx.method,
    // The pattern, not the path: paths may contain user input.
    route: ctx.routerPath,
    error: errorName(thrown),
    code: typeof code === "string" ? code : undefined,
    message: failureMessage(error),
    database: databaseFailure(thrown),
    at: thrown instanceof Error ? topOf(thrown.stack) : undefined,
  };
}

/** The top of a stack without the message. */
function topOf(stack: string | undefined): string | undefined {
  return stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .join("\n");
}

/**
 * The failure for the host's `app.on("error")`. What a callback of the host threw is its `cause`: in a
 * route of the host's own, listeners would get the same. Other errors are not attached: their messages
 * may contain values of a statement or of an assertion, and listeners send what they get elsewhere.
 */
class RequestError extends Error {
  /** Reference of the log event and of the response. */
  readonly reference: string;
  /** Code of the error, if any. */
  readonly code: string | undefined;

  constructor(reference: string, fields: FailureFields, failure: unknown) {
    const { error, code, database, message, at } = fields;
    const what = [error, database?.code ?? code].filter((part) => part !== undefined).join(" ");
    super(
      `saml.request.failed ${reference}: ${message ?? what}`,
      failure instanceof HostCallbackError ? { cause: failure.cause } : undefined,
    );
    this.name = "RequestError";
    this.reference = reference;
    this.code = code ?? database?.code;
    if (at !== undefined) this.stack = `${this.name}: ${this.message}\n${at}`;
  }
}

/** Handles a request; its errors become responses. */
export type Handler = (ctx: HostContext, tenantContext: TenantContext) => void | Promise<void>;

/** Turns a handler into a Koa middleware. */
export type MakeRoute = (
  handler: Handler,
  client: ClientKind,
) => (ctx: HostContext) => Promise<void>;

/** Makes {@link MakeRoute}: every route has a tenant context and stands behind the error boundary. */
export function makeRouteMaker({
  errorBoundary,
  resolveTenantContext,
  setupFindings,
}: {
  readonly errorBoundary: ErrorBoundary;
  readonly resolveTenantContext: ResolveTenantContext;
  readonly setupFindings: SetupFindings;
}): MakeRoute {
  return (handler, client) => (ctx) =>
    errorBoundary(
      ctx,
      async () => {
        const tenantContext = await resolveTenantContext(ctx);
        setupFindings.request(ctx, tenantContext.origin);
        await handler(ctx, tenantContext);
      },
      client,
    );
}
