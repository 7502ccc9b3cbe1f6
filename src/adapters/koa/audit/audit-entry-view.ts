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
  const explanation = entry.code === undefined ? undefined : explanationOf(entry.code);
  return explanation === undefined ? entry : { ...entry, explanation };
}
