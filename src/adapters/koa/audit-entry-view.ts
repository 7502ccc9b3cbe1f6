import { type Explanation, explanationOf } from "../../domain/administrator-explanations.ts";
import type { AuditEntry } from "../../domain/audit.ts";

/** An entry of the audit trail, with what its code means. */
export interface AuditEntryView extends AuditEntry {
  /** Absent where nothing was refused. */
  readonly explanation?: Explanation;
}

/** An entry, with the explanation of its code if it has one. */
export function auditEntryView(entry: AuditEntry): AuditEntryView {
  const explanation = entry.code === undefined ? undefined : explanationOf(entry.code);
  return explanation === undefined ? entry : { ...entry, explanation };
}
