import { z } from "zod";
import {
  type ListedReceipt,
  MAX_AUDIT_PAGE,
  MAX_RECEIPTS_PAGE,
  makeWalkReceipts,
  type PageAudit,
  type PageReceipts,
  RECEIPT_STATES,
  type ReceiptState,
  type ReceiptsInput,
  type WalkAudit,
  type WalkAuditInput,
} from "../../../application/audit/audit.ts";
import type { ReadLicenses } from "../../../application/licenses.ts";
import type { ReadOverview } from "../../../application/overview.ts";
import {
  AUDIT_OUTCOMES,
  type AuditFilter,
  type AuditOutcome,
  readReference,
} from "../../../domain/audit.ts";
import { defined } from "../../../domain/defined.ts";
import { ruleText } from "../../../domain/sign-in-decision.ts";
import type { Clock, IdSource, Logger } from "../../../ports/environment.ts";
import type { Answers } from "../api-answers.ts";
import { type Handler, reportFailure } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { NoQuery, parseQuery, QueryText, repeatable, wholeNumber } from "../request.ts";
import { sendFile, sendJson } from "../send.ts";
import {
  type AuditEntryView,
  auditEntryView,
  type CsvColumns,
  csvHeader,
  csvLines,
  ENTRY_COLUMNS,
  jsonLines,
  type LicenseReportRow,
  REPORT_COLUMNS,
  reportRows,
} from "./entry-formats.ts";

/** Milliseconds since the epoch, or a date with time and zone. */
const Time: z.ZodType<number> = z.union([
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

interface ExportDeps {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** Which entries to export, and how. */
export interface AuditExportParameters extends AuditFilterParameters {
  readonly format: ExportFormat;
}

type ExportFormat = "csv" | "jsonl";

const Format: z.ZodType<ExportFormat> = z.enum(["csv", "jsonl"]);

/** A list to send as a file. */
interface Export<Row> {
  /** Beginning of the file's name. */
  readonly name: string;
  readonly format: ExportFormat;
  readonly columns: CsvColumns<Row>;
  readonly pages: AsyncGenerator<readonly Row[], void>;
}

type SendExport = <Row>(ctx: HostContext, list: Export<Row>) => Promise<void>;

function makeSendExport({ clock, ids, logger }: ExportDeps): SendExport {
  return (ctx, { name, format, columns, pages }) => {
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const csv = format === "csv";
    return sendFile(ctx, {
      name: `${name}-${day}.${format}`,
      type: csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
      head: csv ? csvHeader(columns) : "",
      pages,
      lines: csv ? (rows) => csvLines(columns, rows) : jsonLines,
      failed: (error) => {
        reportFailure(ctx, { reference: ids.reference(), error, logger });
      },
    });
  };
}

/** Reads {@link AuditExportParameters}. */
export const AuditExportQuery: z.ZodType<AuditExportParameters> = z.strictObject({
  ...AUDIT_FILTER,
  format: Format,
});

/** The routes of the audit trail. */
export interface AuditRoutes {
  /** `GET /settings/overview`: how single sign-on is, with figures of the last days. */
  readonly overview: Handler;
  /** `GET /settings/audit`: audit entries, newest first, with filters, paged. */
  readonly page: Handler;
  /**
   * `GET /settings/audit/export`: all entries of a filter, newest first, as a file. One page is in
   * memory at a time, read when the client has received the previous one. If the storage fails, the
   * connection is closed with an error, so that a truncated file does not look complete.
   */
  readonly export: Handler;
}

export function makeAuditRoutes(
  deps: ExportDeps & {
    readonly adminGuard: AdminGuard;
    readonly readOverview: ReadOverview;
    readonly pageAudit: PageAudit;
    readonly walkAudit: WalkAudit;
  },
): AuditRoutes {
  const { adminGuard, readOverview, pageAudit, walkAudit } = deps;
  const sendExport = makeSendExport(deps);

  async function* views(input: WalkAuditInput): AsyncGenerator<readonly AuditEntryView[], void> {
    for await (const entries of walkAudit(input)) yield entries.map(auditEntryView);
  }

  return {
    overview: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      parseQuery(NoQuery, ctx);
      sendJson<Answers["getOverview"]>(ctx, await readOverview.whole(tenantContext.tenant));
    },
    page: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      const { after, limit, ...parameters } = parseQuery(AuditPageQuery, ctx);
      const filter = auditFilter(parameters);
      const { tenant } = tenantContext;
      const read = await pageAudit({ tenant, filter, limit, ...defined({ after }) });
      sendJson<Answers["listAuditEntries"]>(ctx, {
        ...read,
        entries: read.entries.map(auditEntryView),
      });
    },
    export: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      const { format, ...parameters } = parseQuery(AuditExportQuery, ctx);
      const pages = views({ tenant: tenantContext.tenant, filter: auditFilter(parameters) });
      await sendExport(ctx, { name: "sso-activity", format, columns: ENTRY_COLUMNS, pages });
    },
  };
}

/** Filter parameters of the receipts. */
export interface ReceiptParameters {
  readonly state?: readonly ReceiptState[] | undefined;
  readonly role?: string | undefined;
  readonly connection?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

const RECEIPT_FILTER: {
  readonly [Name in keyof ReceiptParameters]-?: z.ZodType<ReceiptParameters[Name]>;
} = {
  state: repeatable(z.enum(RECEIPT_STATES), RECEIPT_STATES.length).optional().meta({
    description:
      "Only users who are in this state now. A page may then be short or empty although there is a `next`.",
  }),
  role: QueryText.min(1)
    .max(255)
    .optional()
    .meta({ description: "Only users who were created with this role." }),
  connection: QueryText.min(1)
    .max(40)
    .optional()
    .meta({ description: "Only users who came through this connection." }),
  from: Time.optional().meta({ description: "Only users created at this time or later." }),
  until: Time.optional().meta({ description: "Only users created before this time." }),
};

/** A cursor: a time and the ID of a user of the host. */
export const ReceiptCursor: z.ZodString = QueryText.min(1).max(400);

/** Which page of the receipts. */
export interface ReceiptPageParameters extends ReceiptParameters {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Reads {@link ReceiptPageParameters}. */
export const ReceiptPageQuery: z.ZodType<ReceiptPageParameters> = z.strictObject({
  ...RECEIPT_FILTER,
  after: ReceiptCursor.optional().meta({ description: "The `next` of the previous page." }),
  limit: wholeNumber(1, MAX_RECEIPTS_PAGE).default(50),
});

/** Which receipts to export, and how. */
export interface ReceiptExportParameters extends ReceiptParameters {
  readonly format: ExportFormat;
}

/** Reads {@link ReceiptExportParameters}. */
export const ReceiptExportQuery: z.ZodType<ReceiptExportParameters> = z.strictObject({
  ...RECEIPT_FILTER,
  format: Format,
});

/** Which receipts the parameters of a query name. */
export function receiptsOf({
  state,
  role,
  connection,
  from,
  until,
}: ReceiptParameters): Omit<ReceiptsInput, "tenant"> {
  return {
    filter: defined({ role, connection, from, until }),
    states: state,
  };
}

/** The columns of the file of receipts. */
export const RECEIPT_COLUMNS: CsvColumns<ListedReceipt> = {
  created: ({ at }) => new Date(at).toISOString(),
  user: ({ userId }) => userId,
  email: ({ email }) => email,
  state: ({ state }) => state,
  role: ({ role }) => role,
  groups: ({ groups }) => named(groups),
  organizations: ({ organizations }) =>
    organizations.kind === "all" ? "all, including future ones" : named(organizations),
  rules: ({ rules = [] }) => rules.map(ruleText).join(", "),
  connection: ({ connection }) => connection,
  issuer: ({ issuer }) => issuer,
  formerUser: ({ formerUser }) => formerUser,
  settingsVersion: ({ settingsVersion }) => String(settingsVersion),
};

function named({ count, first }: ListedReceipt["groups"]): string {
  const more = count - first.length;
  return `${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The routes of receipts. */
export interface ReceiptRoutes {
  /** `GET /settings/receipts`: users whom the plugin created, newest first, paged. */
  readonly page: Handler;
  /** `GET /settings/receipts/export`: the same as a file. */
  readonly export: Handler;
}

export function makeReceiptRoutes(
  deps: ExportDeps & { readonly adminGuard: AdminGuard; readonly pageReceipts: PageReceipts },
): ReceiptRoutes {
  const { adminGuard, pageReceipts } = deps;
  const sendExport = makeSendExport(deps);
  const walkReceipts = makeWalkReceipts({ pageReceipts });
  return {
    page: async (ctx, { tenant, ...tenantContext }) => {
      await adminGuard.reading(ctx, { tenant, ...tenantContext });
      const { after, limit, ...parameters } = parseQuery(ReceiptPageQuery, ctx);
      const read = await pageReceipts({ tenant, ...receiptsOf(parameters), after, limit });
      sendJson<Answers["listReceipts"]>(ctx, read);
    },
    export: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      const { format, ...parameters } = parseQuery(ReceiptExportQuery, ctx);
      const { tenant } = tenantContext;
      const pages = walkReceipts({ tenant, ...receiptsOf(parameters) });
      await sendExport(ctx, { name: "sso-users", format, columns: RECEIPT_COLUMNS, pages });
    },
  };
}

/** Reads the format of the license report as a file. */
export const ReportExportQuery: z.ZodType<{ readonly format: ExportFormat }> = z.strictObject({
  format: Format,
});

/** The routes of licenses. */
export interface LicenseRoutes {
  /** `GET /settings/license-usage`: seats taken, and how many by auto-provisioning. */
  readonly usage: Handler;
  /** `GET /settings/license-report`: seats by role, connection and month, and the next newcomers. */
  readonly report: Handler;
  /** `GET /settings/license-report/export`: the same as a file. */
  readonly export: Handler;
}

export function makeLicenseRoutes(
  deps: ExportDeps & { readonly adminGuard: AdminGuard; readonly readLicenses: ReadLicenses },
): LicenseRoutes {
  const { adminGuard, readLicenses } = deps;
  const sendExport = makeSendExport(deps);
  return {
    usage: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      sendJson<Answers["getLicenseUsage"]>(ctx, await readLicenses.usage(tenantContext.tenant));
    },
    report: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      parseQuery(NoQuery, ctx);
      sendJson<Answers["getLicenseReport"]>(ctx, await readLicenses.report(tenantContext.tenant));
    },
    export: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      const { format } = parseQuery(ReportExportQuery, ctx);
      const { tenant } = tenantContext;
      const pages = (async function* (): AsyncGenerator<readonly LicenseReportRow[], void> {
        yield reportRows(await readLicenses.report(tenant));
      })();
      await sendExport(ctx, { name: "sso-licenses", format, columns: REPORT_COLUMNS, pages });
    },
  };
}
