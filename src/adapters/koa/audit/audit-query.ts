import { z } from "zod";
import { AUDIT_OUTCOMES, type AuditFilter, type AuditOutcome } from "../../../domain/audit.ts";
import { readReference } from "../../../domain/reference.ts";
import { repeatable } from "../parsed-query.ts";

/** Milliseconds since the epoch, or a date with time and zone. */
const Time = z.union([
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

/** Printable ASCII, as in references and entry IDs. */
export const Printable: z.ZodString = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** Filter parameters of the audit trail. */
export interface AuditFilterParameters {
  readonly outcome?: readonly AuditOutcome[] | undefined;
  readonly refused?: "true" | undefined;
  readonly email?: string | undefined;
  readonly reference?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** Parameters of all audit queries. */
export const AUDIT_FILTER: {
  readonly [Name in keyof AuditFilterParameters]-?: z.ZodType<AuditFilterParameters[Name]>;
} = {
  outcome: repeatable(z.enum(AUDIT_OUTCOMES), AUDIT_OUTCOMES.length).optional(),
  refused: z.literal("true").optional().meta({ description: "Only what was refused." }),
  email: z
    .string()
    .max(1024)
    .optional()
    .meta({ description: "Only entries of this user; the address is normalized." }),
  reference: z
    .string()
    .max(100)
    .transform(readReference)
    .pipe(Printable)
    .optional()
    .meta({ description: "Upper or lower case, with or without dashes." }),
  from: Time.optional().meta({ description: "Only entries at this time or later." }),
  until: Time.optional().meta({ description: "Only entries before this time." }),
};

/** The filter of a query. */
export function auditFilter({
  outcome,
  refused,
  email,
  reference,
  from,
  until,
}: AuditFilterParameters): AuditFilter {
  return {
    ...(outcome === undefined ? {} : { outcomes: outcome }),
    ...(refused === undefined ? {} : { refused: true }),
    ...(email === undefined ? {} : { email }),
    ...(reference === undefined ? {} : { reference }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}
