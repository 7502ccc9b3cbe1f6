import { stringify } from "csv-stringify/sync";
import type { AuditEntry } from "../../../domain/audit.ts";
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
