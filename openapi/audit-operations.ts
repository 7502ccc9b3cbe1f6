import { z } from "zod";
import type { Answers } from "../src/adapters/koa/api-answers.ts";
import {
  type CsvColumns,
  csvHeader,
  csvLines,
  ENTRY_COLUMNS,
  jsonLines,
} from "../src/adapters/koa/audit/entry-formats.ts";
import {
  AuditExportQuery,
  AuditPageQuery,
  RECEIPT_COLUMNS,
  ReceiptExportQuery,
  ReceiptPageQuery,
} from "../src/adapters/koa/audit/routes.ts";
import { NoQuery } from "../src/adapters/koa/request.ts";
import type { ListedReceipt } from "../src/application/audit/audit.ts";
import { AUDIT_OUTCOMES } from "../src/domain/audit.ts";
import { formatPosition } from "../src/ports/audit-trail.ts";
import { MetadataStatusSchema } from "./connection-operations.ts";
import { DENIED_EXAMPLE } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { WireTime } from "./problems.ts";
import { responseOf } from "./response.ts";
import { excerptOf, MatchedSchema } from "./settings-operations.ts";

/** An entry of the audit trail, as JSON. */
const AuditEntrySchema = z
  .strictObject({
    id: z.string(),
    reference: z.string().meta({ description: "Reference that the user saw." }),
    at: WireTime,
    outcome: z.enum(AUDIT_OUTCOMES),
    code: z
      .string()
      .exactOptional()
      .meta({ description: "Deny reason or rejection code; absent if nothing was refused." }),
    email: z.string().exactOptional(),
    userId: z.string().exactOptional(),
    actor: z
      .string()
      .exactOptional()
      .meta({ description: "An administrator's ID, or `saml:` and the issuer." }),
    detail: z.record(z.string(), z.string()).meta({
      description:
        "Details by name: `reason`; `cause` for codes that have several; `sent` and `expected` if a check compared two values; `clockDifference` for failed time checks; changed settings.",
    }),
    explanation: z.strictObject({ sentence: z.string(), fix: z.string() }).exactOptional().meta({
      description: "What failed and what to do, for administrators; present with every `code`.",
    }),
  })
  .meta({ id: "AuditEntry" });

/** The answer with a list as a file: a row or a line for each `what`. */
export function fileAnswer<Row>(
  what: string,
  schema: string,
  columns: CsvColumns<Row>,
  example: Row,
): Operation["answers"][number] {
  return {
    description: "The file.",
    headers: { "Content-Disposition": "Its name." },
    content: {
      "text/csv": {
        schema: z.string().meta({
          description: `A header row and one row per ${what}. Values that a spreadsheet would interpret as a formula are changed.`,
        }),
        example: csvHeader(columns) + csvLines(columns, [example]),
      },
      "application/jsonl": {
        schema: z.string().meta({ description: `One \`${schema}\` per line.` }),
        example: jsonLines([example]),
      },
    },
  };
}

/** Response of `GET /settings/audit`. */
const AuditPageResponse = responseOf<Answers["listAuditEntries"]>()(
  z.strictObject({
    entries: z.array(AuditEntrySchema),
    next: z
      .string()
      .exactOptional()
      .meta({ description: "The `after` of the next page; absent on the last page." }),
    refusals: z.int().meta({
      description:
        "Number of refusals by unauthenticated requests so far. Only the latest 1,000 are kept.",
    }),
  }),
);

const Excerpt = z.strictObject(excerptOf(z.string()));

/** A user whom the plugin created. */
const ReceiptSchema = z
  .strictObject({
    userId: z.string(),
    email: z.string().exactOptional().meta({ description: "The address that the user has now." }),
    state: z
      .enum(["active", "invited", "suspended", "deleted", "gone", "unknown"])
      .meta({ description: "State now; `gone` if the platform has the user no more." }),
    role: z.string().meta({ description: "Role that the user was created with." }),
    groups: Excerpt,
    organizations: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("all") }),
      z.strictObject({ kind: z.literal("selected"), ...excerptOf(z.string()) }),
    ]),
    rules: z
      .array(z.strictObject({ number: z.int(), matched: MatchedSchema }))
      .exactOptional()
      .meta({ description: "The rules that matched, as they were." }),
    connection: z.string().exactOptional(),
    issuer: z.string(),
    settingsVersion: z.int(),
    formerUser: z
      .string()
      .exactOptional()
      .meta({ description: "An earlier user with the same persistent NameID." }),
    at: WireTime,
  })
  .meta({ id: "Receipt" });

const RECEIPT_EXAMPLE: ListedReceipt = {
  userId: "6",
  email: "new@customer.example",
  state: "active",
  role: "Manager",
  groups: { count: 2, first: ["Staff", "Reviewers"] },
  organizations: { kind: "selected", count: 2, first: ["Acme", "Globex"] },
  rules: [{ number: 1, matched: { attribute: "groups", value: "managers" } }],
  connection: "default",
  issuer: "http://localhost:3000/demo-idp/metadata",
  settingsVersion: 1,
  at: 1795443509114,
};

const COUNT = z.int().min(0);

/** Response of `GET /settings/overview`. */
const OverviewResponse = responseOf<Answers["getOverview"]>()(
  z.strictObject({
    enabled: z.boolean(),
    connections: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        enabled: z.boolean(),
        certificate: z
          .enum(["none", "valid", "not-yet-valid", "expiring", "expired"])
          .meta({ description: "The worst that there is to say of its certificates." }),
        certificateExpiresAt: WireTime.exactOptional(),
        metadata: MetadataStatusSchema.exactOptional().meta({
          description: "The metadata that it follows; absent if it follows none.",
        }),
      }),
    ),
    days: z
      .array(
        z.strictObject({
          day: z.iso.date(),
          signIns: COUNT.meta({ description: "Successful sign-ins, first ones included." }),
          newUsers: COUNT,
          refusals: COUNT.meta({ description: "Sign-ins that were refused." }),
        }),
      )
      .meta({ description: "The last 30 days of UTC, oldest first; the last one is today." }),
    refusalsOfWeek: COUNT.meta({ description: "Refused sign-ins of the last seven days." }),
    refusalsIncomplete: z.boolean().meta({
      description:
        "Whether there may have been more: of refusals by unauthenticated requests only the latest 1,000 are kept.",
    }),
    lastSignInAt: WireTime.exactOptional().meta({
      description: "The latest successful sign-in; absent if none is known.",
    }),
    usersCreated: COUNT.meta({ description: "Users whom single sign-on has created so far." }),
  }),
);

/** What happened, and who was created. */
export const AUDIT_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/overview",
    operationId: "getOverview",
    summary: "Reads how single sign-on is, with figures of the last 30 days",
    description:
      "Licenses are read by `GET /settings/license-usage`: counting them may take longer.",
    query: NoQuery,
    answers: {
      200: jsonAnswer("The overview.", OverviewResponse, {
        enabled: true,
        connections: [
          {
            id: "default",
            name: "Identity provider",
            enabled: true,
            certificate: "valid",
            certificateExpiresAt: 1889982000000,
          },
        ],
        days: [{ day: "2026-11-23", signIns: 12, newUsers: 2, refusals: 1 }],
        refusalsOfWeek: 3,
        refusalsIncomplete: false,
        lastSignInAt: 1795443509114,
        usersCreated: 41,
      }),
    },
  },
  {
    method: "get",
    path: "/settings/audit",
    operationId: "listAuditEntries",
    summary: "Lists audit entries, newest first, with filters, paged",
    query: AuditPageQuery,
    answers: {
      200: jsonAnswer("A page of the audit trail.", AuditPageResponse, {
        entries: [DENIED_EXAMPLE],
        next: formatPosition(DENIED_EXAMPLE),
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
      200: fileAnswer("entry", "AuditEntry", ENTRY_COLUMNS, DENIED_EXAMPLE),
    },
  },
  {
    method: "get",
    path: "/settings/receipts",
    operationId: "listReceipts",
    summary: "Lists the users whom single sign-on has created, newest first, paged",
    query: ReceiptPageQuery,
    answers: {
      200: jsonAnswer(
        "A page of users, with what they were created with and why.",
        responseOf<Answers["listReceipts"]>()(
          z.strictObject({
            receipts: z.array(ReceiptSchema),
            next: z
              .string()
              .exactOptional()
              .meta({ description: "The `after` of the next page; absent on the last page." }),
          }),
        ),
        { receipts: [RECEIPT_EXAMPLE], next: "1795443509114.6" },
      ),
    },
  },
  {
    method: "get",
    path: "/settings/receipts/export",
    operationId: "exportReceipts",
    summary: "Exports these users as a file, newest first",
    description:
      "Streamed from the database. If that fails, the connection is closed with an error, so a download that succeeds is complete.",
    query: ReceiptExportQuery,
    answers: {
      200: fileAnswer("user", "Receipt", RECEIPT_COLUMNS, RECEIPT_EXAMPLE),
    },
  },
];
