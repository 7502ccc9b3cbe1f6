import { z } from "zod";
import type { AuditRead } from "../../application/page-audit.ts";
import { AUDIT_OUTCOMES } from "../../domain/audit.ts";
import type { AuditEntryView } from "./audit-entry-view.ts";
import { WireTime } from "./wire-time.ts";

/** An entry of the audit trail, as JSON. */
export const AuditEntrySchema: z.ZodType = z
  .strictObject({
    id: z.string(),
    reference: z.string().meta({ description: "What the person saw on their page." }),
    at: WireTime,
    outcome: z.enum(AUDIT_OUTCOMES),
    code: z.string().exactOptional().meta({ description: "Why not, where something was refused." }),
    email: z.string().exactOptional(),
    userId: z.string().exactOptional(),
    actor: z
      .string()
      .exactOptional()
      .meta({ description: "An administrator's ID, or `saml:` and the issuer." }),
    detail: z.record(z.string(), z.string()).meta({
      description:
        "Short texts by name: `reason`; `sent` and `expected` where a check compared two things; `clockDifference` where a time failed; what was changed.",
    }),
    explanation: z
      .strictObject({ sentence: z.string(), fix: z.string() })
      .exactOptional()
      .meta({ description: "What failed and what to do, for administrators; with every `code`." }),
  } satisfies Record<keyof AuditEntryView, z.ZodType>)
  .meta({ id: "AuditEntry" });

/** The answer of `GET /settings/audit`. */
export const AuditPageResponse: z.ZodType = z.strictObject({
  entries: z.array(AuditEntrySchema),
  next: z
    .string()
    .exactOptional()
    .meta({ description: "What to pass as `after`; absent on the last page." }),
  refusals: z.int().meta({
    description:
      "How many `rejected` entries there ever were: anybody can cause them, so the newest 1,000 are kept.",
  }),
} satisfies Record<keyof AuditRead, z.ZodType>);
