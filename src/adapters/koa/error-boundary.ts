import { z } from "zod";
import type { Logger } from "../../ports/environment.ts";
import { StorageUnavailableError } from "../../ports/errors.ts";
import type { HostContext } from "./host.ts";
import { HttpProblem } from "./http-problem.ts";
import { sendPage, sendProblem, wantsPage } from "./responses.ts";

/** Runs a handler; whatever it throws becomes an answer that gives nothing away. */
export type ErrorBoundary = (
  ctx: HostContext,
  handler: () => Promise<void>,
  audience: Audience,
) => Promise<void>;

/** Who asks: `person` routes answer browsers with a page, `program` routes never do. */
export type Audience = "person" | "program";

/** What {@link makeErrorBoundary} needs. */
export interface ErrorBoundaryDeps {
  readonly logger: Logger;
}

/** What http-errors and the body parsers throw. */
const HttpLikeError = z.object({ status: z.number().int().min(400).max(499) });

/** Makes {@link ErrorBoundary}: the one place where errors become responses. */
export function makeErrorBoundary({ logger }: ErrorBoundaryDeps): ErrorBoundary {
  return async (ctx, handler, audience) => {
    try {
      await handler();
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500) logger.error(failure(ctx, error));
      ctx.set(problem.headers);
      if (audience === "person" && wantsPage(ctx)) {
        sendPage(ctx, problem.status, { sentence: problem.members.detail, advice: RETRY });
      } else {
        sendProblem(ctx, problem.status, problem.members);
      }
    }
  };
}

const RETRY = "Please try again later, or ask an administrator of this account for help.";

function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof StorageUnavailableError) {
    return new HttpProblem(
      503,
      { code: "storage-unavailable", detail: "This service is busy at the moment." },
      { "Retry-After": String(Math.max(1, Math.ceil(error.retryAfterSeconds))) },
    );
  }
  const known = HttpLikeError.safeParse(error);
  if (!known.success)
    return new HttpProblem(500, { code: "internal", detail: "Something failed." });
  return known.data.status === 413
    ? new HttpProblem(413, { code: "body-too-large", detail: "The request is too large." })
    : new HttpProblem(known.data.status, {
        code: "bad-request",
        detail: "The request cannot be read.",
      });
}

const Coded = z.object({ code: z.string() });

/** Messages of database errors hold the values of the statement: they stay out of the log. */
function failure(ctx: HostContext, error: unknown) {
  const coded = Coded.safeParse(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    event: "saml.request.failed",
    method: ctx.method,
    // The pattern, not the path: paths may hold what people typed.
    route: ctx.routerPath,
    error: error instanceof Error ? error.name : typeof error,
    code: coded.success ? coded.data.code : undefined,
    at: stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .join("\n"),
  };
}
