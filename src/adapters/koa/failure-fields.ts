import { z } from "zod";
import { HostMistakeError } from "../../ports/host-mistake.ts";
import type { HostContext } from "./host-callbacks.ts";

/** Where and how a request failed, without user input. */
export interface FailureFields {
  readonly method: string;
  readonly route: string | undefined;
  readonly error: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly at: string | undefined;
}

const Coded = z.object({ code: z.string() });

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
    at: stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .join("\n"),
  };
}
