import type { TenantId } from "../../domain/tenant.ts";
import type { LicenseLimit } from "../../ports/access-catalog.ts";
import { HostMistakeError } from "../../ports/host-mistake.ts";

/**
 * A limit that is a whole number, or none. Anything else would compare as no limit at all, so it
 * is an error of the host instead.
 *
 * @throws HostMistakeError when the host says anything else.
 */
export function checkedLimit(ask: LicenseLimit): (tenant: TenantId) => Promise<number | undefined> {
  return async (tenant) => {
    // Hosts that read it from a database may return null for no limit.
    const limit: unknown = (await ask(tenant)) ?? undefined;
    if (limit === undefined || limit === Number.POSITIVE_INFINITY) return undefined;
    if (typeof limit === "number" && Number.isInteger(limit) && limit >= 0) return limit;
    throw new HostMistakeError("licenseLimit must return a non-negative integer or undefined");
  };
}
