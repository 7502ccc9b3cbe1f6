import type { Administrator, HostContext, RequireAdmin } from "./host.ts";
import { HttpProblem } from "./http-problem.ts";
import type { Place } from "./place.ts";
import type { PublicUrls } from "./public-urls.ts";
import { refuseCrossSite } from "./same-site.ts";

/** Lets administrators of the place through, before anything of the request's body is read. */
export interface AdminGuard {
  /** @throws HttpProblem 403 `forbidden`. */
  reading(ctx: HostContext, place: Place): Promise<Administrator>;
  /** @throws HttpProblem 403 `cross-site` or `forbidden`. */
  writing(ctx: HostContext, place: Place): Promise<Administrator>;
}

/** What {@link makeAdminGuard} needs. */
export interface AdminGuardDeps {
  readonly requireAdmin: RequireAdmin;
  readonly publicUrls: PublicUrls;
}

/** Makes {@link AdminGuard}. */
export function makeAdminGuard({ requireAdmin, publicUrls }: AdminGuardDeps): AdminGuard {
  async function reading(ctx: HostContext, { tenant }: Place): Promise<Administrator> {
    const administrator = await requireAdmin(ctx, { tenant });
    if (administrator !== undefined) return administrator;
    throw new HttpProblem(403, {
      code: "forbidden",
      detail: "Only administrators of this account may do this.",
    });
  }
  return {
    reading,
    writing: async (ctx, place) => {
      refuseCrossSite(ctx, publicUrls.origin);
      return reading(ctx, place);
    },
  };
}
