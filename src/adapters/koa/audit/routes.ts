import { Readable } from "node:stream";
import { z } from "zod";
import {
  MAX_AUDIT_PAGE,
  type PageAudit,
  type WalkAudit,
} from "../../../application/audit/audit.ts";
import {
  AUDIT_OUTCOMES,
  type AuditEntry,
  type AuditFilter,
  type AuditOutcome,
  readReference,
} from "../../../domain/audit.ts";
import type { Clock, IdSource, Logger } from "../../../ports/environment.ts";
import type { Answers } from "../answers.ts";
import { failureFields, type Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { parseQuery, repeatable, wholeNumber } from "../request.ts";
import { sendJson } from "../responses.ts";
import {
  type AuditEntryView,
  auditEntryView,
  csvHeader,
  csvLines,
  jsonLines,
} from "./entry-formats.ts";

/** Milliseconds since the epoch, or a date with time and zone. */
const Time = z.union([
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

/** Printable ASCII, as in references and entry IDs. */
export const Printable: z.ZodString = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** Filter parameters of the audit trail. */
export interface AuditFilterParameters {
  readonly outcome?: readonly AuditOutcome[] | undefined;
  readonly refused?: "true" | undefined;
  readonly email?: string | undefined;
  readonly reference?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** Parameters of all audit queries. */
export const AUDIT_FILTER: {
  readonly [Name in keyof AuditFilterParameters]-?: z.ZodType<AuditFilterParameters[Name]>;
} = {
  outcome: repeatable(z.enum(AUDIT_OUTCOMES), AUDIT_OUTCOMES.length).optional(),
  refused: z.literal("true").optional().meta({ description: "Only what was refused." }),
  email: z
    .string()
    .max(1024)
    .optional()
    .meta({ description: "Only entries of this user; the address is normalized." }),
  reference: z
    .string()
    .max(100)
    .transform(readReference)
    .pipe(Printable)
    .optional()
    .meta({ description: "Upper or lower case, with or without dashes." }),
  from: Time.optional().meta({ description: "Only entries at this time or later." }),
  until: Time.optional().meta({ description: "Only entries before this time." }),
};

/** The filter of a query. */
export function auditFilter({
  outcome,
  refused,
  email,
  reference,
  from,
  until,
}: AuditFilterParameters): AuditFilter {
  return {
    ...(outcome === undefined ? {} : { outcomes: outcome }),
    ...(refused === undefined ? {} : { refused: true }),
    ...(email === undefined ? {} : { email }),
    ...(reference === undefined ? {} : { reference }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Which page of the trail. */
export interface AuditPageParameters extends AuditFilterParameters {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Reads {@link AuditPageParameters}. */
export const AuditPageQuery: z.ZodType<AuditPageParameters> = z.strictObject({
  ...AUDIT_FILTER,
  after: Printable.optional(),
  limit: wholeNumber(1, MAX_AUDIT_PAGE).default(50),
});

/** `GET /settings/audit`: audit entries, newest first, with filters, paged. */
export function makeAuditRoute({
  adminGuard,
  pageAudit,
}: {
  readonly adminGuard: AdminGuard;
  readonly pageAudit: PageAudit;
}): Handler {
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const { after, limit, ...parameters } = parseQuery(AuditPageQuery, ctx);
    const page = { limit, ...(after === undefined ? {} : { after }) };
    const filter = auditFilter(parameters);
    const read = await pageAudit({ tenant: tenantContext.tenant, filter, ...page });
    sendJson<Answers["listAuditEntries"]>(ctx, {
      ...read,
      entries: read.entries.map(auditEntryView),
    });
  };
}

export interface AuditExportRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly walkAudit: WalkAudit;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** Which entries to export, and how. */
export interface AuditExportParameters extends AuditFilterParameters {
  readonly format: ExportFormat;
}

type ExportFormat = "csv" | "jsonl";

/** A file format: media type, header and lines. */
interface FileFormat {
  readonly type: string;
  readonly head: string;
  readonly lines: (entries: readonly AuditEntryView[]) => string;
}

const FORMATS: Readonly<Record<ExportFormat, FileFormat>> = {
  csv: { type: "text/csv; charset=utf-8", head: csvHeader(), lines: csvLines },
  jsonl: { type: "application/jsonl; charset=utf-8", head: "", lines: jsonLines },
};

/** Reads {@link AuditExportParameters}. */
export const AuditExportQuery: z.ZodType<AuditExportParameters> = z.strictObject({
  ...AUDIT_FILTER,
  format: z.enum(["csv", "jsonl"]),
});

/**
 * `GET /settings/audit/export`: all entries of a filter, newest first, as a file. One page is in
 * memory at a time, read when the client has received the previous one. If the storage fails, the
 * connection is closed with an error, so that a truncated file does not look complete.
 */
export function makeAuditExportRoute(deps: AuditExportRouteDeps): Handler {
  const { adminGuard, walkAudit, clock, ids, logger } = deps;

  async function* fileText(
    ctx: HostContext,
    { head, lines }: FileFormat,
    pages: AsyncIterable<readonly AuditEntry[]>,
  ): AsyncGenerator<string> {
    try {
      if (head !== "") yield head;
      for await (const entries of pages) yield lines(entries.map(auditEntryView));
    } catch (error) {
      const reference = ids.reference();
      logger.error({ event: "saml.request.failed", reference, ...failureFields(ctx, error) });
      ctx.res.destroy();
    }
  }

  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const { format, ...parameters } = parseQuery(AuditExportQuery, ctx);
    const pages = walkAudit({ tenant: tenantContext.tenant, filter: auditFilter(parameters) });
    // If the storage is unavailable at the start, respond with a problem document, not half a file.
    const first = await pages.next();
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    ctx.set({
      "Cache-Control": "no-store",
      "Content-Disposition": `attachment; filename="sso-activity-${day}.${format}"`,
      "X-Content-Type-Options": "nosniff",
    });
    const text = fileText(ctx, FORMATS[format], startWith(first, pages));
    ctx.body = Readable.from(text, { objectMode: false });
    ctx.type = FORMATS[format].type;
  };
}

async function* startWith<T>(
  first: IteratorResult<T, void>,
  rest: AsyncIterable<T>,
): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
