import { z } from "zod";
import { HostMistakeError, loadLibrary } from "../../ports/errors.ts";
import { OversizedForm } from "../../ports/identity-port.ts";
import type { HostContext } from "./host-callbacks.ts";
import { HttpProblem, jsonPointer, problem } from "./problems.ts";

/** Maximum size of request bodies, in bytes. */
export interface BodyLimits {
  /** Of a form with a SAML message. Default: 256 KiB. */
  readonly formBytes: number;
  /** Of a settings document or metadata. Default: 8 MiB, enough for 100,000 organizations. */
  readonly jsonBytes: number;
}

/** Defaults of {@link BodyLimits}. */
export const DEFAULT_BODY_LIMITS: BodyLimits = {
  formBytes: 256 * 1024,
  jsonBytes: 8 * 1024 * 1024,
};

/** Error of body parsers for a body over the limit. */
const TooLarge = z.object({ status: z.literal(413) });

/** Every parser error is the client's fault. */
function unreadable(error: unknown): HttpProblem {
  return TooLarge.safeParse(error).success ? problem("body-too-large") : problem("bad-request");
}

const ALREADY_READ =
  "the request body was consumed before the plugin, but ctx.request.body is not set: mount the plugin before the body parser, or set ctx.request.body";

function isEmpty(body: unknown): boolean {
  return typeof body === "object" && body !== null && Object.keys(body).length === 0;
}

/** Reads bodies of one type and bounded size as unknown values. */
export interface RequestBodies {
  /**
   * A form with a SAML message; an {@link OversizedForm} over the limit, so that the refusal is
   * recorded like any other.
   *
   * @throws HttpProblem 400 or 415.
   */
  message(ctx: HostContext): Promise<unknown>;
  /**
   * The settings page's form, as large as a settings document. @throws HttpProblem 400, 413 or 415.
   */
  page(ctx: HostContext): Promise<unknown>;
  /**
   * The same of somebody who is no administrator, no larger than a message that anyone may send.
   * @throws HttpProblem 400, 413 or 415.
   */
  refusedPage(ctx: HostContext): Promise<unknown>;
  /** @throws HttpProblem 400, 413 or 415. */
  json(ctx: HostContext): Promise<unknown>;
}

const FORM = "application/x-www-form-urlencoded";

/** Reads what is left of a body, at most `most` bytes, and keeps nothing. Whether that was all. */
function discardBody({ req }: HostContext, most: number): Promise<boolean> {
  let seen = 0;
  return new Promise((resolve) => {
    const settle = (all: boolean) => {
      req.off("data", count).off("end", onEnd).off("close", onClose).off("error", onClose);
      resolve(all);
    };
    const count = (chunk: Buffer) => {
      seen += chunk.length;
      if (seen > most) settle(false);
    };
    const onEnd = () => settle(true);
    const onClose = () => settle(false);
    if (req.readableEnded || req.destroyed) return resolve(req.readableEnded);
    req.on("data", count).on("end", onEnd).on("close", onClose).on("error", onClose).resume();
  });
}

type Parser = (ctx: HostContext, next: () => Promise<void>) => unknown;

/** A parser for each member of {@link RequestBodies}. */
interface Parsers {
  readonly form: Parser;
  readonly page: Parser;
  readonly refusedPage: Parser;
  readonly json: Parser;
}

async function loadParsers(limits: BodyLimits): Promise<Parsers> {
  const { koaBody } = await loadLibrary("koa-body", import("koa-body"));
  const nothingElse = { multipart: false, text: false } as const;
  const formReader = (formLimit: number, parameterLimit: number) =>
    koaBody({
      ...nothingElse,
      json: false,
      formLimit,
      // Flat fields: a repeated one becomes an array, and no name is interpreted as a path.
      queryString: { depth: 0, allowDots: false, parseArrays: false, parameterLimit },
    });
  return {
    form: formReader(limits.formBytes, 100),
    page: formReader(limits.jsonBytes, 1000),
    refusedPage: formReader(limits.formBytes, 1000),
    json: koaBody({ ...nothingElse, urlencoded: false, jsonLimit: limits.jsonBytes }),
  };
}

/**
 * Creates {@link RequestBodies}. The parsers are loaded in the background, so that importing the
 * plugin does not wait for them.
 */
export function makeRequestBodies(limits: BodyLimits): RequestBodies {
  const parsers = loadParsers(limits);
  // Reported to the callers that await it.
  parsers.catch(() => undefined);

  async function read(ctx: HostContext, type: string, name: keyof Parsers): Promise<unknown> {
    if (!ctx.is(type)) {
      throw problem("type-unsupported", { detail: `Send ${type}.` });
    }
    const parsed: unknown = ctx.request.body;
    const isRead = ctx.req.readableDidRead;
    // A host that parses every body has used up the stream already. One that parses some types only
    // leaves `{}` for the others (koa-bodyparser), and the stream as it was.
    if (parsed !== undefined && (isRead || !isEmpty(parsed))) return parsed;
    if (isRead) throw new HostMistakeError(ALREADY_READ);
    if (!["", "identity"].includes(ctx.get("Content-Encoding").toLowerCase())) {
      throw problem("encoding-unsupported", {}, { "Accept-Encoding": "identity" });
    }
    const { [name]: parser } = await parsers;
    try {
      await parser(ctx, async () => undefined);
    } catch (error) {
      throw unreadable(error);
    }
    return ctx.request.body;
  }

  /** The form of anybody: what is too large is read on, for browsers read an answer only then. */
  async function small(ctx: HostContext, name: keyof Parsers): Promise<unknown> {
    try {
      return await read(ctx, FORM, name);
    } catch (error) {
      const isTooLarge = error instanceof HttpProblem && error.code === "body-too-large";
      // What is much longer gets no answer.
      if (isTooLarge && !(await discardBody(ctx, 4 * limits.formBytes))) {
        ctx.set("Connection", "close");
      }
      throw error;
    }
  }

  async function message(ctx: HostContext): Promise<unknown> {
    try {
      return await small(ctx, "form");
    } catch (error) {
      if (!(error instanceof HttpProblem) || error.code !== "body-too-large") throw error;
      return new OversizedForm(ctx.request.length, limits.formBytes);
    }
  }

  return {
    message,
    page: (ctx) => read(ctx, FORM, "page"),
    refusedPage: (ctx) => small(ctx, "refusedPage"),
    json: (ctx) => read(ctx, "application/json", "json"),
  };
}

/**
 * Parses a small JSON body with `schema`.
 *
 * @throws HttpProblem 422 with every fault.
 */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
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
export function parseQuery<T>(schema: z.ZodType<T>, ctx: HostContext): T {
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

const MAX_LENGTH = 1000;

/** Stands for any: what is returned is a path. */
const OUR_ORIGIN = "https://host.invalid";

/**
 * Returns a path of our origin to redirect to, or `undefined` for anything else: anyone can create
 * links with RelayState and `returnTo` (RFC 9700 section 4.11, open redirection).
 *
 * @param maxLength maximum length; longer paths are rejected.
 * @returns the path as the URL standard writes it, with query and fragment.
 */
export function returnPath(raw: unknown, maxLength: number = MAX_LENGTH): string | undefined {
  if (typeof raw !== "string" || raw.length > maxLength) return undefined;
  // One slash, not followed by another; browsers treat a backslash as a slash and skip line breaks.
  if (!/^\/(?!\/)[^\\\s\p{C}]*$/u.test(raw) || !URL.canParse(raw, OUR_ORIGIN)) return undefined;
  const url = new URL(raw, OUR_ORIGIN);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // Dot segments can leave two leading slashes: `/.//evil.example`.
  const safe = url.origin === OUR_ORIGIN && !path.startsWith("//") && path.length <= maxLength;
  return safe ? path : undefined;
}

/** A query of those parameters that have a value, with `?`; empty if none has. */
export function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}
