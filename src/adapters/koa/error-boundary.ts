import { z } from "zod";
import type { IdSource, Logger } from "../../ports/environment.ts";
import { StorageUnavailableError } from "../../ports/errors.ts";
import { failureFields, RequestError } from "./failure-fields.ts";
import type { HostContext } from "./host-callbacks.ts";
import { HttpProblem, problem } from "./problems.ts";
import { ReferencedError } from "./referenced-error.ts";
import { sendProblem, wantsPage } from "./responses.ts";
import type { ShowPersonPage } from "./sign-in/person-pages.ts";

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
}: {
  readonly logger: Logger;
  readonly ids: IdSource;
  readonly showPersonPage: ShowPersonPage;
}): ErrorBoundary {
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
        const fields = failureFields(ctx, error);
        logger.error({ event: "saml.request.failed", reference, ...fields });
        // As every other 500 of the host's application; that the storage is away is no bug.
        if (status === 500) ctx.app.emit("error", new RequestError(reference, fields), ctx);
      } else if (page) logger.info({ event: "saml.request.refused", reference, code });
      ctx.set(headers);
      if (page) {
        const { detail: sentence } = members;
        const words = { sentence, advice: RETRY, reference };
        await showPersonPage(ctx, status, { kind: "problem", code, ...words });
      } else {
        sendProblem(ctx, status, code, failed ? { ...members, reference } : members);
      }
    }
  };
}

const RETRY = "Try again later, or ask an administrator for help.";

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
