import { z } from "zod";
import type { AuditRead } from "../../../application/audit/read-audit.ts";
import type { AuditEntry } from "../../../domain/audit.ts";
import { AUDIT_OUTCOMES } from "../../../domain/audit.ts";
import {
  type Explanation,
  explanationOf,
} from "../../../domain/texts/administrator-explanations.ts";
import { WireTime } from "../schemas.ts";

/** An entry of the audit trail, as JSON. */
export const AuditEntrySchema: z.ZodType = z
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
        "Details by name: `reason`; `sent` and `expected` if a check compared two values; `clockDifference` for failed time checks; changed settings.",
    }),
    explanation: z.strictObject({ sentence: z.string(), fix: z.string() }).exactOptional().meta({
      description: "What failed and what to do, for administrators; present with every `code`.",
    }),
  } satisfies Record<keyof AuditEntryView, z.ZodType>)
  .meta({ id: "AuditEntry" });

/** Response of `GET /settings/audit`. */
export const AuditPageResponse: z.ZodType = z.strictObject({
  entries: z.array(AuditEntrySchema),
  next: z
    .string()
    .exactOptional()
    .meta({ description: "The `after` of the next page; absent on the last page." }),
  refusals: z.int().meta({
    description:
      "Number of refusals by unauthenticated requests so far. Only the latest 1,000 are kept.",
  }),
} satisfies Record<keyof AuditRead, z.ZodType>);

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
