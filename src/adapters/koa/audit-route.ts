import { z } from "zod";
import { MAX_AUDIT_PAGE, type PageAudit } from "../../application/page-audit.ts";
import type { AuditOutcome } from "../../domain/audit.ts";
import type { AdminGuard } from "./admin-guard.ts";
import { HttpProblem } from "./http-problem.ts";
import { sendJson } from "./responses.ts";
import type { Handler } from "./route.ts";

/** What {@link makeAuditRoute} needs. */
export interface AuditRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly pageAudit: PageAudit;
}

const OUTCOMES: readonly AuditOutcome[] = [
  "signed-in",
  "provisioned",
  "invitation-accepted",
  "denied",
  "rejected",
  "settings-saved",
  "logged-out",
  "logout-rejected",
];

/** Milliseconds since the epoch, or a date with time and zone. */
const Time = z.union([
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  z.iso.datetime({ offset: true }).transform(Date.parse),
]);

/** References and entry IDs: printable ASCII. */
const Printable = z.string().regex(/^[\x21-\x7e]{1,100}$/);

const Query = z.strictObject({
  outcome: z.enum(OUTCOMES).optional(),
  email: z.string().max(1024).optional(),
  reference: z
    .string()
    .transform((text) => text.trim().toUpperCase())
    .pipe(Printable)
    .optional(),
  from: Time.optional(),
  until: Time.optional(),
  after: Printable.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_AUDIT_PAGE).default(50),
});

/** `GET /settings/audit`: what happened, newest first, by filter, a page at a time. */
export function makeAuditRoute({ adminGuard, pageAudit }: AuditRouteDeps): Handler {
  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    const query = Query.safeParse({ ...ctx.query });
    if (!query.success) throw invalidQuery(query.error.issues);
    const { after, limit, ...filter } = query.data;
    const page = { limit, ...(after === undefined ? {} : { after }) };
    sendJson(ctx, await pageAudit({ tenant: place.tenant, filter: present(filter), ...page }));
  };
}

type Filter = Omit<z.infer<typeof Query>, "after" | "limit">;

function present({ outcome, email, reference, from, until }: Filter) {
  return {
    ...(outcome === undefined ? {} : { outcome }),
    ...(email === undefined ? {} : { email }),
    ...(reference === undefined ? {} : { reference }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

function invalidQuery(issues: readonly z.core.$ZodIssue[]): HttpProblem {
  return new HttpProblem(400, {
    code: "query-invalid",
    detail: "The query cannot be used.",
    errors: issues.map((issue) => ({
      pointer: issue.code === "unrecognized_keys" ? issue.keys.join(",") : issue.path.join("."),
      code: issue.code === "unrecognized_keys" ? "unknown-member" : "not-allowed",
      detail: issue.message,
    })),
  });
}
