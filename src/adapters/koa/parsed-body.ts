import type { z } from "zod";
import { jsonPointer, problem } from "./problems.ts";

/**
 * Parses a small JSON body with `schema`.
 *
 * @throws HttpProblem 422 with every fault.
 */
export function parsedBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw problem("body-invalid", {
    errors: parsed.error.issues.map(({ path, message }) => ({
      pointer: jsonPointer(path.filter((step) => typeof step !== "symbol")),
      code: "not-allowed",
      detail: message,
    })),
  });
}
