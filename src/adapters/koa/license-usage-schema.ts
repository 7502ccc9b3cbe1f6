import { z } from "zod";
import type { LicenseUsageRead } from "../../application/read-license-usage.ts";
import { RoleSchema } from "./catalog-schema.ts";

/** The answer of `GET /settings/license-usage`. */
export const LicenseUsageResponse: z.ZodType<LicenseUsageRead> = z.strictObject({
  used: z.int().meta({ description: "Users with a licensed role who are active or invited." }),
  usedByJit: z.int().meta({ description: "Those of them who came by auto-provisioning." }),
  limit: z.int().exactOptional().meta({ description: "The most seats; no limit when absent." }),
  licensedRoles: z.array(RoleSchema),
  nextNewUser: z
    .strictObject({
      role: RoleSchema,
      before: z.int(),
      after: z.int(),
      exceeds: z.boolean(),
    })
    .exactOptional()
    .meta({ description: "What one more user with the default role would do." }),
});
