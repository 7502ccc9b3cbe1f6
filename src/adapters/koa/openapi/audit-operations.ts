import { z } from "zod";
import { csvHeader, csvLines } from "../audit-csv.ts";
import { AuditExportQuery } from "../audit-export-route.ts";
import { AuditPageQuery } from "../audit-route.ts";
import { AuditPageResponse } from "../audit-schema.ts";
import { DENIED_EXAMPLE } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";

/** What happened. */
export const AUDIT_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/audit",
    operationId: "listAuditEntries",
    summary: "Lists what happened, newest first, by filter, a page at a time",
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
    summary: "Exports what happened, newest first, by filter, as a file",
    description:
      "Read from the database while it is sent. When that fails on the way, the connection breaks: a download that ends well is complete.",
    query: AuditExportQuery,
    answers: {
      200: {
        description: "The file.",
        headers: { "Content-Disposition": "Its name." },
        content: {
          "text/csv": {
            schema: z.string().meta({
              description:
                "A header row and a row for each entry. Texts are changed where a spreadsheet would take them for a formula.",
            }),
            example: csvHeader() + csvLines([DENIED_EXAMPLE]),
          },
          "application/jsonl": {
            schema: z.string().meta({ description: "An `AuditEntry` on each line." }),
            example: `${JSON.stringify(DENIED_EXAMPLE)}\n`,
          },
        },
      },
    },
  },
];
