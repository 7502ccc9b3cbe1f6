import { z } from "zod";
import type { DatabaseFailure, IdSource, Logger, RequestFailed } from "../../ports/environment.ts";
import { HostMistakeError, StorageUnavailableError } from "../../ports/errors.ts";
import type { HostContext } from "./host-callbacks.ts";
import { MAX_RETURN_TO, type PendingLogins } from "./pending-cookies.ts";
import { HttpProblem, type ProblemCode, problem } from "./problems.ts";
import { queryOf, returnPath } from "./request.ts";
import { sendProblem, wantsPage } from "./send.ts";
import type { ProblemPage, ShowPersonPage } from "./sign-in/pages.tsx";
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
  showPersonPage,
  publicUrls,
  pendingLogins,
  settingsPage,
}: {
  readonly logger: Logger;
  readonly ids: IdSource;
  readonly showPersonPage: ShowPersonPage;
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
        const { detail: sentence } = members;
        const words = { sentence, advice: adviceFor(code), reference };
        const homeUrl = publicUrls.landing;
        const ways = { ...waysOn(ctx, code), homeUrl };
        await showPersonPage(ctx, status, { kind: "problem", code, ...words, ...ways });
      } else {
        sendProblem(ctx, status, code, failed ? { ...members, reference } : members);
      }
    }
  };
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
  ctx.app.emit("error", new RequestError(reference, fields), ctx);
}

const RETRY = "Try again later, or ask an administrator for help.";

/** What to do about problems that pass only when the user does something. */
const ADVICE: ReadonlyMap<string, string> = new Map<ProblemCode, string>([
  [
    "forbidden",
    "You are not signed in as an administrator, or your session has ended. Sign in as an administrator, then open this page again.",
  ],
  ["cross-site", "Go back to the start page and try again from there."],
  ["not-a-navigation", "Go back to the sign-in page and try again from there."],
  ["tenant-unknown", "Check the address, or ask an administrator for the right one."],
  ["test-unknown", "Go back to the settings and begin another test sign-in."],
  ["test-over", "Go back to the settings and begin another test sign-in."],
]);

function adviceFor(code: string): string {
  return ADVICE.get(code) ?? RETRY;
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
  const thrown = ThrownByHost.safeParse(error);
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

/** Where and how a request failed, without user input. */
export type FailureFields = Omit<RequestFailed, "event" | "reference">;

const Coded = z.object({ code: z.string() });

/** A name in the database, never a value. */
const Name = z.string().regex(/^[\w$.-]{1,128}$/);
const optional = <T>(type: z.ZodType<T>) => type.optional().catch(undefined);

/** What drivers and Objection put into members of their own, apart from the message. */
const OfDatabase = z.object({
  code: optional(
    z.string().regex(/^(?:[0-9A-Z]{5}|(?:ER|SQLITE|PROTOCOL)_\w{1,64}|E[A-Z_]{1,32})$/),
  ),
  errno: optional(z.number().int().min(1000)), // MySQL's; mysql2 has no names for some
  table: optional(Name),
  column: optional(Name),
  columns: optional(z.array(Name)),
  constraint: optional(Name),
});

/** What the database said, from the error and those that it wraps; the innermost counts. */
function databaseFailure(error: unknown, depth = 4): DatabaseFailure | undefined {
  if (typeof error !== "object" || error === null || depth === 0) return undefined;
  const wrapped = Reflect.get(error, "nativeError") ?? Reflect.get(error, "cause");
  const { code, errno, table, column, columns, constraint } = OfDatabase.parse(error);
  const said = {
    code: code ?? (errno === undefined ? undefined : String(errno)),
    table,
    column: column ?? columns?.join(", "),
    constraint,
    ...databaseFailure(wrapped, depth - 1),
  };
  const known = Object.entries(said).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/**
 * Log fields of a failed request. Database error messages contain values of the statement, so only
 * our own messages are logged.
 */
export function failureFields(ctx: HostContext, error: unknown): FailureFields {
  const coded = Coded.safeParse(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    method: ctx.method,
    // The pattern, not the path: paths may contain user input.
    route: ctx.routerPath,
    error: error instanceof Error ? error.name : typeof error,
    code: coded.success ? coded.data.code : undefined,
    message: error instanceof HostMistakeError ? error.message : undefined,
    database: databaseFailure(error),
    at: stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .join("\n"),
  };
}

/**
 * The failure for the host's `app.on("error")`. The original is not attached: its message may
 * contain values of a statement or of an assertion, and listeners send what they get elsewhere.
 */
class RequestError extends Error {
  /** Reference of the log event and of the response. */
  readonly reference: string;
  /** Code of the error, if any. */
  readonly code: string | undefined;

  constructor(reference: string, { error, code, database, message, at }: FailureFields) {
    const what = [error, database?.code ?? code].filter((part) => part !== undefined).join(" ");
    super(`saml.request.failed ${reference}: ${message ?? what}`);
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
}: {
  readonly errorBoundary: ErrorBoundary;
  readonly resolveTenantContext: ResolveTenantContext;
}): MakeRoute {
  return (handler, client) => (ctx) =>
    errorBoundary(ctx, async () => handler(ctx, await resolveTenantContext(ctx)), client);
}
