import type { TenantId } from "../../domain/tenant.ts";
import { parseTenantId } from "../../domain/tenant.ts";
import type { HostContext, ResolveTenant } from "./host-callbacks.ts";
import { problem } from "./problems.ts";
import type { PublicUrls, TenantUrls } from "./public-urls.ts";

/** Tenant of a request and the URL of its routes. */
export interface Place extends TenantUrls {
  readonly tenant: TenantId;
}

/**
 * Finds the place of a request.
 *
 * @throws HttpProblem 404 when the tenant does not exist.
 */
export type FindPlace = (ctx: HostContext) => Promise<Place>;

export interface FindPlaceDeps {
  readonly publicUrls: PublicUrls;
  readonly resolveTenant: ResolveTenant;
}

export function makeFindPlace({ publicUrls, resolveTenant }: FindPlaceDeps): FindPlace {
  return async (ctx) => {
    const tenant = parseTenantId(await resolveTenant(ctx));
    if (tenant === undefined) {
      throw problem("tenant-unknown");
    }
    return { tenant, ...publicUrls.forTenant(ctx.params["tenant"] ?? tenant) };
  };
}
