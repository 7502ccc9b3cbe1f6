import { z } from "zod";
import { HostMistakeError } from "../../ports/host-mistake.ts";
import type { DatabaseFailure } from "../../ports/log-event.ts";
import type { HostContext } from "./host-callbacks.ts";

/** Where and how a request failed, without user input. */
export interface FailureFields {
  readonly method: string;
  readonly route: string | undefined;
  readonly error: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly database: DatabaseFailure | undefined;
  readonly at: string | undefined;
}

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
export class RequestError extends Error {
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
