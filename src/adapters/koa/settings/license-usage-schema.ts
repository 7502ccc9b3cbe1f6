import { z } from "zod";
import type { LicenseUsageRead } from "../../../application/licenses.ts";
import { RoleSchema } from "../catalog/catalog-schema.ts";

/** Response of `GET /settings/license-usage`. */
export const LicenseUsageResponse: z.ZodType<LicenseUsageRead> = z.strictObject({
  used: z.int().meta({ description: "Active and invited users with a licensed role." }),
  usedByJit: z
    .int()
    .meta({ description: "Users created by auto-provisioning; included in `used`." }),
  limit: z
    .int()
    .exactOptional()
    .meta({ description: "Maximum number of seats; absent without a limit." }),
  licensedRoles: z.array(RoleSchema),
  nextNewUser: z
    .strictObject({
      role: RoleSchema,
      before: z.int(),
      after: z.int(),
      exceeds: z.boolean(),
    })
    .exactOptional()
    .meta({ description: "Effect of one more user with the default role." }),
});
