import { z } from "zod";
import { parseTenantId, type TenantId } from "../../domain/tenant.ts";

/** A tenant's ID in what a cookie says. */
export const TenantField: z.ZodType<TenantId> = z.string().transform((raw, context) => {
  const tenant = parseTenantId(raw);
  if (tenant === undefined) context.addIssue("not a tenant");
  return tenant ?? z.NEVER;
});
