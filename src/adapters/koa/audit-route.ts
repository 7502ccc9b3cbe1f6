import { z } from "zod";
import { MAX_AUDIT_PAGE, type PageAudit } from "../../application/page-audit.ts";
import type { AuditOutcome } from "../../domain/audit.ts";
import type { AdminGuard } from "./admin-guard.ts";
import { auditEntryView } from "./audit-entry-view.ts";
import { parsedQuery, wholeNumber } from "./parsed-query.ts";
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
  limit: wholeNumber(1, MAX_AUDIT_PAGE).default(50),
});

/** `GET /settings/audit`: what happened, newest first, by filter, a page at a time. */
export function makeAuditRoute({ adminGuard, pageAudit }: AuditRouteDeps): Handler {
  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    const { after, limit, ...filter } = parsedQuery(Query, ctx);
    const page = { limit, ...(after === undefined ? {} : { after }) };
    const read = await pageAudit({ tenant: place.tenant, filter: present(filter), ...page });
    sendJson(ctx, { ...read, entries: read.entries.map(auditEntryView) });
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
