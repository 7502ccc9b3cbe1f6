import { z } from "zod";
import { csvHeader, csvLines } from "../src/adapters/koa/audit/csv.ts";
import { AuditExportQuery, AuditPageQuery } from "../src/adapters/koa/audit/routes.ts";
import { AuditPageResponse } from "../src/adapters/koa/audit/schemas.ts";
import { DENIED_EXAMPLE } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";

/** What happened. */
export const AUDIT_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/audit",
    operationId: "listAuditEntries",
    summary: "Lists audit entries, newest first, with filters, paged",
    query: AuditPageQuery,
    answers: {
      200: jsonAnswer("A page of the audit trail.", AuditPageResponse, {
        entries: [DENIED_EXAMPLE],
        next: DENIED_EXAMPLE.id,
        refusals: 0,
      }),
    },
  },
  {
    method: "get",
    path: "/settings/audit/export",
    operationId: "exportAuditEntries",
    summary: "Exports audit entries as a file, newest first, with filters",
    description:
      "Streamed from the database. If that fails, the connection is closed with an error, so a download that succeeds is complete.",
    query: AuditExportQuery,
    answers: {
      200: {
        description: "The file.",
        headers: { "Content-Disposition": "Its name." },
        content: {
          "text/csv": {
            schema: z.string().meta({
              description:
                "A header row and one row per entry. Values that a spreadsheet would interpret as a formula are changed.",
            }),
            example: csvHeader() + csvLines([DENIED_EXAMPLE]),
          },
          "application/jsonl": {
            schema: z.string().meta({ description: "One `AuditEntry` per line." }),
            example: `${JSON.stringify(DENIED_EXAMPLE)}\n`,
          },
        },
      },
    },
  },
];
