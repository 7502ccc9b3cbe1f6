import { z } from "zod";
import { HostMistakeError } from "../../application/host-mistake.ts";
import type { HostContext } from "./host.ts";

/** Where and how a request failed; nothing that anybody sent. */
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
 * What the log says of a request that failed. Messages of database errors hold the values of the
 * statement: only our own reach the log.
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
