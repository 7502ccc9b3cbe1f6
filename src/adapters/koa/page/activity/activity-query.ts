import { z } from "zod";
import {
  AUDIT_OUTCOMES,
  type AuditFilter,
  type AuditOutcome,
  readReference,
} from "../../../../domain/audit.ts";
import { defined } from "../../../../domain/defined.ts";
import { Printable } from "../../audit/routes.ts";

/** Filter fields of the activity page. */
export interface ActivityQuery {
  /** `refused`, an outcome, or empty for everything. */
  readonly show: string;
  readonly email: string;
  readonly reference: string;
  /** Days as `2026-11-23`, in UTC; `until` is the last one. */
  readonly from: string;
  readonly until: string;
  readonly after: string;
}

const DAY_MS = 24 * 3600 * 1000;

const text = z.string().trim().catch("");

const Query: z.ZodType<ActivityQuery> = z.object({
  show: text,
  email: text,
  reference: text,
  from: text,
  until: text,
  after: text,
});

/** Parses the query; missing or repeated parameters are empty. */
export function readActivityQuery(query: unknown): ActivityQuery {
  return Query.parse(query);
}

/** The filter of the fields; `undefined` if it cannot match. */
export function activityFilter(query: ActivityQuery): AuditFilter | undefined {
  const { show, email } = query;
  const reference = Reference.safeParse(query.reference);
  const from = dayOf(query.from);
  const until = dayOf(query.until);
  if (!reference.success || from === "none" || until === "none" || email.length > 1024) {
    return undefined;
  }
  return {
    ...(show === "refused" ? { refused: true } : {}),
    ...(isOutcome(show) ? { outcomes: [show] } : {}),
    ...(email === "" ? {} : { email }),
    ...(reference.data === "" ? {} : { reference: reference.data }),
    ...defined({ from }),
    ...(until === undefined ? {} : { until: until + DAY_MS }),
  };
}

/** End of the previous page; `undefined` for the first page. */
export function activityAfter({ after }: ActivityQuery): string | undefined {
  return Printable.safeParse(after).data;
}

/** The parameters of `GET /settings/audit/export` for the same entries. */
export function exportParameters(filter: AuditFilter, format: "csv" | "jsonl"): string {
  const { outcomes = [], refused, email, reference, from, until } = filter;
  const parameters = new URLSearchParams({ format });
  for (const outcome of outcomes) parameters.append("outcome", outcome);
  if (refused === true) parameters.set("refused", "true");
  for (const [name, value] of Object.entries({ email, reference, from, until })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.toString();
}

const Reference = z.union([
  z.literal(""),
  z
    .string()
    .max(100)
    .transform((typed) => readReference(typed))
    .pipe(Printable),
]);

function isOutcome(show: string): show is AuditOutcome {
  return AUDIT_OUTCOMES.some((outcome) => outcome === show);
}

/** The beginning of a day in milliseconds since the epoch. */
function dayOf(typed: string): number | undefined | "none" {
  if (typed === "") return undefined;
  const day = z.iso.date().safeParse(typed);
  return day.success ? Date.parse(day.data) : "none";
}
