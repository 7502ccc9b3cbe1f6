import { Readable } from "node:stream";
import { z } from "zod";
import type { WalkAudit } from "../../../application/audit/walk-audit.ts";
import type { AuditEntry } from "../../../domain/audit.ts";
import type { Clock, IdSource, Logger } from "../../../ports/environment.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { failureFields } from "../failure-fields.ts";
import type { HostContext } from "../host-callbacks.ts";
import { parsedQuery } from "../parsed-query.ts";
import type { Handler } from "../route.ts";
import { csvHeader, csvLines } from "./audit-csv.ts";
import { type AuditEntryView, auditEntryView } from "./audit-entry-view.ts";
import { AUDIT_FILTER, type AuditFilterParameters, auditFilter } from "./audit-query.ts";

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

  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    const { format, ...parameters } = parsedQuery(AuditExportQuery, ctx);
    const pages = walkAudit({ tenant: place.tenant, filter: auditFilter(parameters) });
    // If the storage is unavailable at the start, respond with a problem document, not half a file.
    const first = await pages.next();
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    ctx.set({
      "Cache-Control": "no-store",
      "Content-Disposition": `attachment; filename="sso-activity-${day}.${format}"`,
      "X-Content-Type-Options": "nosniff",
    });
    const text = fileText(ctx, FORMATS[format], continued(first, pages));
    ctx.body = Readable.from(text, { objectMode: false });
    ctx.type = FORMATS[format].type;
  };
}

async function* continued<T>(
  first: IteratorResult<T, void>,
  rest: AsyncIterable<T>,
): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

function jsonLines(entries: readonly AuditEntryView[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}
