import type { z } from "zod";
import type { ApiProblemCode } from "./problems.ts";

/** What is sent or answered, of one media type. */
export interface Content {
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** Further examples, by name. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** A successful answer. */
export interface Answer {
  readonly description: string;
  /** What each of its own headers says, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By media type. */
  readonly content: Readonly<Record<string, Content>>;
}

/** One call of the settings API, as its OpenAPI document describes it. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "delete";
  /** Below the prefix, parameters in braces. */
  readonly path: string;
  /** The name that generated clients give it. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** What each parameter in the path is. */
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** Headers that must be sent, and what each says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The schema that reads the query. Default: no query is accepted. */
  readonly query?: z.ZodType;
  /** The schema that reads the body, which is JSON. */
  readonly body?: Content;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that every call, every write or every call with a body or a query has. */
  readonly problems?: readonly ApiProblemCode[];
}

/** A JSON answer without headers of its own. */
export function jsonAnswer(
  description: string,
  schema: z.ZodType,
  example: unknown,
  others: Readonly<Record<string, unknown>> = {},
): Answer {
  return { description, content: { "application/json": { schema, example, others } } };
}
