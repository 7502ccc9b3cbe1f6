import { z } from "zod";
import type { Answers } from "../src/adapters/koa/api-answers.ts";
import { REPORT_COLUMNS, reportRows } from "../src/adapters/koa/audit/entry-formats.ts";
import { ReportExportQuery } from "../src/adapters/koa/audit/routes.ts";
import { NoQuery } from "../src/adapters/koa/request.ts";
import type { LicenseReport } from "../src/application/licenses.ts";
import { fileAnswer } from "./audit-operations.ts";
import { RoleSchema } from "./catalog-operations.ts";
import { CREATOR, LICENSED_ROLES } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { responseOf } from "./response.ts";
import { excerptOf } from "./settings-operations.ts";

const USAGE = {
  used: z.int().meta({ description: "Active and invited users with a licensed role." }),
  usedByJit: z
    .int()
    .meta({ description: "Users created by auto-provisioning; included in `used`." }),
  limit: z
    .int()
    .exactOptional()
    .meta({ description: "Maximum number of seats; absent without a limit." }),
};

/** Response of `GET /settings/license-usage`. */
const LicenseUsageResponse = responseOf<Answers["getLicenseUsage"]>()(
  z.strictObject({
    ...USAGE,
    licensedRoles: z.array(RoleSchema),
    nextNewUser: z
      .strictObject({
        role: RoleSchema,
        before: z.int(),
        after: z.int(),
        exceeds: z.boolean(),
      })
      .exactOptional()
      .meta({ description: "Effect of one more user with the default role." }),
  }),
);

const CREATED = {
  created: z
    .int()
    .meta({ description: "Users whom the plugin created, whatever has become of them." }),
  seats: z
    .int()
    .meta({ description: "Those of them who were created with a role that uses a license." }),
};

const NEWCOMERS_IN_A_ROW = z.int().meta({ description: "Newcomers in a row with this outcome." });

const ForecastSchema = z
  .strictObject({
    assumed: z
      .strictObject({
        rule: z.int().exactOptional().meta({
          description:
            "The rule that the newcomers are made to match, from 1. Absent: nothing is said of them.",
        }),
        connection: z
          .string()
          .meta({ description: "ID of the connection that they come through." }),
        domain: z
          .string()
          .exactOptional()
          .meta({ description: "Their email domain; absent for any that no connection lists." }),
        matching: z.array(z.int()).meta({
          description: "The rules that match them, from 1; empty where the defaults hold.",
        }),
      })
      .meta({ description: "Which newcomers this is about." }),
    outcomes: z.array(
      z.discriminatedUnion("decision", [
        z.strictObject({
          decision: z.literal("provision"),
          newcomers: NEWCOMERS_IN_A_ROW,
          role: z.string(),
          rule: z.enum(["defaults", "rule", "license-overage", "license-fallback"]),
          seatsAfter: z.int().meta({ description: "Seats taken after the last of them." }),
        }),
        z.strictObject({
          decision: z.literal("deny"),
          newcomers: NEWCOMERS_IN_A_ROW,
          rule: z.string().meta({ description: "Deny reason." }),
          detail: z.string(),
        }),
      ]),
    ),
  })
  .meta({ id: "Forecast" });

/** Response of `GET /settings/license-report`. */
const LicenseReportResponse = responseOf<Answers["getLicenseReport"]>()(
  z.strictObject({
    ...USAGE,
    roles: z.array(
      z.strictObject({
        id: z.string(),
        name: z
          .string()
          .exactOptional()
          .meta({ description: "Absent if the platform no longer has the role." }),
        licensed: z.boolean(),
        users: z.int().exactOptional().meta({
          description: "Active and invited users with the role now; absent beyond 100 roles.",
        }),
        usersByJit: z.int().exactOptional().meta({
          description: "Those of them whom auto-provisioning created.",
        }),
        ...CREATED,
      }),
    ),
    connections: z.array(
      z.strictObject({
        id: z
          .string()
          .exactOptional()
          .meta({ description: "Absent for users of earlier versions, which kept none." }),
        name: z
          .string()
          .exactOptional()
          .meta({ description: "Absent if the connection has been removed." }),
        ...CREATED,
      }),
    ),
    months: z
      .array(
        z.strictObject({
          month: z.string().meta({ description: "Of UTC, such as `2026-11`." }),
          ...CREATED,
        }),
      )
      .meta({ description: "Oldest first; months without new users are left out." }),
    newcomers: z.int().meta({ description: "Number of newcomers of each forecast." }),
    forecasts: z.strictObject(excerptOf(ForecastSchema)).meta({
      description:
        "What would happen with the next newcomers by the stored settings, decided as sign-ins are: first for newcomers of whom nothing is said, then for those of each of the first 20 rules.",
    }),
  }),
);

const REPORT_EXAMPLE: LicenseReport = {
  used: 8,
  usedByJit: 7,
  limit: 10,
  roles: [
    { id: "Lite", name: "Lite", licensed: false, users: 2, usersByJit: 0, created: 0, seats: 0 },
    { id: "Editor", name: "Editor", licensed: true, users: 8, usersByJit: 7, created: 7, seats: 7 },
  ],
  connections: [{ id: "default", name: "Single sign-on", created: 7, seats: 7 }],
  months: [{ month: "2026-11", created: 7, seats: 7 }],
  newcomers: 10,
  forecasts: {
    count: 1,
    first: [
      {
        assumed: { connection: "default", domain: "customer.example", matching: [] },
        outcomes: [
          {
            decision: "provision",
            newcomers: 2,
            role: "Editor",
            rule: "defaults",
            seatsAfter: 10,
          },
          {
            decision: "deny",
            newcomers: 8,
            rule: "license-exhausted",
            detail: "10 of 10 licenses are in use",
          },
        ],
      },
    ],
  },
};

const [, ROW_EXAMPLE = { list: "all" }] = reportRows(REPORT_EXAMPLE);

/** Who takes licenses. */
export const LICENSE_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/license-usage",
    operationId: "getLicenseUsage",
    summary: "Reads the license usage and the effect of one more user",
    answers: {
      200: jsonAnswer("Seats now.", LicenseUsageResponse, {
        used: 1,
        usedByJit: 0,
        licensedRoles: LICENSED_ROLES,
        nextNewUser: { role: CREATOR, before: 1, after: 2, exceeds: false },
      }),
    },
  },
  {
    method: "get",
    path: "/settings/license-report",
    operationId: "getLicenseReport",
    summary: "Reads seats by role, created users by connection and month, and a forecast",
    query: NoQuery,
    answers: { 200: jsonAnswer("The report.", LicenseReportResponse, REPORT_EXAMPLE) },
  },
  {
    method: "get",
    path: "/settings/license-report/export",
    operationId: "exportLicenseReport",
    summary: "Exports the license report as a file",
    query: ReportExportQuery,
    answers: {
      200: fileAnswer("line of the report", "line", REPORT_COLUMNS, ROW_EXAMPLE),
    },
  },
];
