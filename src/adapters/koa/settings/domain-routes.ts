import { z } from "zod";
import type { Domains } from "../../../application/domains.ts";
import { MAX_PROOFS } from "../../../domain/domain-proof.ts";
import type { Answers } from "../api-answers.ts";
import type { Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { type HttpProblem, problem } from "../problems.ts";
import { NoQuery, parseBody, parseQuery, type RequestBodies } from "../request.ts";
import { sendJson } from "../send.ts";

/** Body of `POST /settings/domains`. */
export const DomainRequest: z.ZodType<{ readonly domain: string }> = z.strictObject({
  domain: z.string().max(1024).meta({ description: "Upper or lower case, Unicode or A-labels." }),
});

/** The routes of email domains that are proven by DNS. */
export interface DomainRoutes {
  /** `GET /settings/domains` */
  readonly list: Handler;
  /** `POST /settings/domains`: makes the record of a domain. */
  readonly add: Handler;
  /** `POST /settings/domains/:domain/check`: looks for the record. */
  readonly check: Handler;
  /** `DELETE /settings/domains/:domain` */
  readonly remove: Handler;
}

/** Absent where DNS proves no domains. */
export function makeDomainRoutes({
  adminGuard,
  bodies,
  domains,
}: {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly domains: Domains | undefined;
}): DomainRoutes | undefined {
  if (domains === undefined) return undefined;
  return {
    list: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      parseQuery(NoQuery, ctx);
      const items = await domains.list(tenantContext.tenant);
      sendJson<Answers["listDomains"]>(ctx, { items });
    },
    add: async (ctx, tenantContext) => {
      await adminGuard.writing(ctx, tenantContext);
      const { domain } = parseBody(DomainRequest, await bodies.json(ctx));
      const added = await domains.add(tenantContext.tenant, domain);
      if (typeof added === "string") {
        throw problem("body-invalid", {
          errors: [{ pointer: "/domain", code: added, detail: REFUSED[added] }],
        });
      }
      sendJson<Answers["addDomain"]>(ctx, added);
    },
    check: async (ctx, tenantContext) => {
      const by = await adminGuard.writing(ctx, tenantContext);
      const checked = await domains.check(tenantContext.tenant, domainIn(ctx), by);
      if (checked === undefined) throw unknown();
      sendJson<Answers["checkDomain"]>(ctx, checked);
    },
    remove: async (ctx, tenantContext) => {
      const by = await adminGuard.writing(ctx, tenantContext);
      if (!(await domains.remove(tenantContext.tenant, domainIn(ctx), by))) throw unknown();
      ctx.set({ "Cache-Control": "no-store" });
      ctx.status = 204;
    },
  };
}

const REFUSED = {
  "domain-invalid": "This is not a domain name.",
  "too-many": `There are ${MAX_PROOFS} domains already. Remove one first.`,
} as const;

function domainIn(ctx: HostContext): string {
  return ctx.params["domain"] ?? "";
}

function unknown(): HttpProblem {
  return problem("domain-unknown");
}
