import type { ReadLicenseUsage } from "../../../application/licenses.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";

export interface LicenseUsageRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly readLicenseUsage: ReadLicenseUsage;
}

/** `GET /settings/license-usage`: seats taken, and how many by auto-provisioning. */
export function makeLicenseUsageRoute(deps: LicenseUsageRouteDeps): Handler {
  const { adminGuard, readLicenseUsage } = deps;
  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    sendJson(ctx, await readLicenseUsage(place.tenant));
  };
}
