import { z } from "zod";
import type { HostContext } from "./host-callbacks.ts";
import { problem } from "./problems.ts";

/** No control characters and no lone surrogates, which databases reject. */
export const QueryText: z.ZodString = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u);

/** Schema for requests without parameters. */
export const NoQuery: z.ZodType = z.strictObject({});

/** An integer in a query. */
export function wholeNumber(least: number, most: number): z.ZodCoercedNumber<unknown> {
  return z.coerce.number().int().min(least).max(most);
}

/** A repeatable parameter. */
export function repeatable<T>(item: z.ZodType<T>, most: number): z.ZodType<T[]> {
  return z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(item).min(1).max(most),
  );
}

/**
 * Parses the query of a request with `schema`.
 *
 * @throws HttpProblem 400 with every fault.
 */
export function parsedQuery<T>(schema: z.ZodType<T>, ctx: HostContext): T {
  const parsed = schema.safeParse({ ...ctx.query });
  if (parsed.success) return parsed.data;
  throw problem("query-invalid", {
    errors: parsed.error.issues.slice(0, MAX_FAULTS).map((issue) => ({
      pointer: issue.code === "unrecognized_keys" ? issue.keys.join(",") : issue.path.join("."),
      code: issue.code === "unrecognized_keys" ? "unknown-member" : "not-allowed",
      detail: issue.message,
    })),
  });
}

const MAX_FAULTS = 100;
