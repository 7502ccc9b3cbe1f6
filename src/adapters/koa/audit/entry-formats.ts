import { stringify } from "csv-stringify/sync";
import type { LicenseReport } from "../../../application/licenses.ts";
import type { AuditEntry } from "../../../domain/audit.ts";
import { defined } from "../../../domain/defined.ts";
import {
  type Explanation,
  explanationOf,
} from "../../../domain/texts/administrator-explanations.ts";

/** An audit entry with the explanation of its code. */
export interface AuditEntryView extends AuditEntry {
  /** Absent if nothing was refused. */
  readonly explanation?: Explanation;
}

/** An entry, with the explanation of its code if it has one. */
export function auditEntryView(entry: AuditEntry): AuditEntryView {
  const explanation =
    entry.code === undefined ? undefined : explanationOf(entry.code, entry.detail["cause"]);
  return explanation === undefined ? entry : { ...entry, explanation };
}

/** The columns of the file of entries. */
export const ENTRY_COLUMNS: CsvColumns<AuditEntryView> = {
  time: ({ at }) => new Date(at).toISOString(),
  outcome: ({ outcome }) => outcome,
  code: ({ code }) => code,
  cause: ({ detail }) => detail["cause"],
  reference: ({ reference }) => reference,
  email: ({ email }) => email,
  user: ({ userId }) => userId,
  actor: ({ actor }) => actor,
  explanation: ({ explanation }) => explanation?.sentence,
  fix: ({ explanation }) => explanation?.fix,
  reason: ({ detail }) => detail["reason"],
  sent: ({ detail }) => detail["sent"],
  expected: ({ detail }) => detail["expected"],
  clockDifference: ({ detail }) => detail["clockDifference"],
  detail: ({ detail: { cause, reason, sent, expected, clockDifference, ...rest } }) =>
    Object.keys(rest).length === 0 ? undefined : JSON.stringify(rest),
  id: ({ id }) => id,
};

/** A line of the license report as a file; what a list does not have is absent. */
export interface LicenseReportRow {
  /** The list that it is of; `all` for the tenant's seats. */
  readonly list: "all" | "role" | "connection" | "month" | "forecast";
  /** Role, connection, month, or the number of the rule that a forecast is for. */
  readonly id?: string;
  readonly name?: string;
  readonly licensed?: boolean;
  readonly limit?: number;
  /** Active and invited users now; of all, those who take a seat. */
  readonly users?: number;
  readonly usersByJit?: number;
  /** Users whom the plugin created. */
  readonly created?: number;
  /** Those of them with a role that uses a license. */
  readonly seats?: number;
  readonly newcomers?: number;
  /** The role that the newcomers get, or why they are refused. */
  readonly outcome?: string;
  /** What decides it. */
  readonly rule?: string;
  readonly seatsAfter?: number;
}

/** The columns of the file of the license report. */
export const REPORT_COLUMNS: CsvColumns<LicenseReportRow> = {
  list: ({ list }) => list,
  id: ({ id }) => id,
  name: ({ name }) => name,
  licensed: ({ licensed }) => licensed?.toString(),
  limit: ({ limit }) => limit?.toString(),
  users: ({ users }) => users?.toString(),
  usersByJit: ({ usersByJit }) => usersByJit?.toString(),
  created: ({ created }) => created?.toString(),
  seats: ({ seats }) => seats?.toString(),
  newcomers: ({ newcomers }) => newcomers?.toString(),
  outcome: ({ outcome }) => outcome,
  rule: ({ rule }) => rule,
  seatsAfter: ({ seatsAfter }) => seatsAfter?.toString(),
};

/** The license report as lines of a file. */
export function reportRows(report: LicenseReport): readonly LicenseReportRow[] {
  const { used, usedByJit, limit, roles, connections, months, forecasts } = report;
  return [
    { list: "all", users: used, usersByJit: usedByJit, ...defined({ limit }) },
    ...roles.map((role) => ({ list: "role", ...role }) as const),
    ...connections.map((connection) => ({ list: "connection", ...connection }) as const),
    ...months.map(({ month, ...created }) => ({ list: "month", id: month, ...created }) as const),
    ...forecasts.first.flatMap(({ assumed: { rule, connection }, outcomes }) =>
      outcomes.map(({ newcomers, ...outcome }) => ({
        list: "forecast" as const,
        name: connection,
        newcomers,
        outcome: outcome.decision === "provision" ? outcome.role : outcome.detail,
        rule: outcome.rule,
        ...defined({
          id: rule?.toString(),
          seatsAfter: outcome.decision === "provision" ? outcome.seatsAfter : undefined,
        }),
      })),
    ),
  ];
}

/** The columns of a table in order, with the value of a row for each. */
export type CsvColumns<Row> = Readonly<Record<string, (row: Row) => string | undefined>>;

/** The header row of a table. */
export function csvHeader<Row>(columns: CsvColumns<Row>): string {
  return table([Object.keys(columns)]);
}

/** One line per row (RFC 4180). No cell is interpreted as a formula by spreadsheets. */
export function csvLines<Row>(columns: CsvColumns<Row>, rows: readonly Row[]): string {
  const values = Object.values(columns);
  return table(rows.map((row) => values.map((value) => cell(value(row) ?? ""))));
}

function table(rows: string[][]): string {
  return stringify(rows, {
    quoted: true,
    quoted_empty: true,
    escape_formulas: true,
    record_delimiter: "\r\n",
  });
}

/**
 * One line, in which nothing looks like the beginning of a formula either: where `;` or a tab
 * divides cells, by a spreadsheet's language, quotes around a cell of this table do not hold it
 * together.
 */
function cell(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .replace(/([;|]\s*(?:"+\s*)?)(?=[=+\-@＝＋－＠])/g, "$1'");
}

/** One line per entry. */
export function jsonLines(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}
