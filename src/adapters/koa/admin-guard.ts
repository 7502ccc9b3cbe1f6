import { HostMistakeError } from "../../ports/host-mistake.ts";
import type { Administrator, HostContext, RequireAdmin } from "./host-callbacks.ts";
import { problem } from "./problems.ts";
import type { PublicUrls } from "./public-urls.ts";
import { refuseCrossSite } from "./same-site.ts";
import type { Place } from "./tenant-context.ts";

/** Admits administrators of the tenant, before the request body is read. */
export interface AdminGuard {
  /**
   * @throws HttpProblem 403 `forbidden`.
   * @throws HostMistakeError when the host says neither who it is nor that it is nobody.
   */
  reading(ctx: HostContext, place: Place): Promise<Administrator>;
  /**
   * @throws HttpProblem 403 `cross-site` or `forbidden`.
   * @throws HostMistakeError as above.
   */
  writing(ctx: HostContext, place: Place): Promise<Administrator>;
}

export interface AdminGuardDeps {
  readonly requireAdmin: RequireAdmin;
  readonly publicUrls: PublicUrls;
}

export function makeAdminGuard({ requireAdmin, publicUrls }: AdminGuardDeps): AdminGuard {
  async function reading(ctx: HostContext, { tenant }: Place): Promise<Administrator> {
    const administrator = administratorOf(await requireAdmin(ctx, { tenant }));
    if (administrator !== undefined) return administrator;
    throw problem("forbidden");
  }
  return {
    reading,
    writing: async (ctx, place) => {
      refuseCrossSite(ctx, publicUrls.origin);
      return reading(ctx, place);
    },
  };
}

/** Only an object with an ID is an administrator: JavaScript hosts may return `true` or `null`. */
function administratorOf(answer: unknown): Administrator | undefined {
  if (!answer) return undefined;
  const id: unknown = typeof answer === "object" ? Reflect.get(answer, "id") : undefined;
  if (typeof id === "string" && id !== "" && id.length <= MAX_ID_LENGTH) return { id };
  throw new HostMistakeError(
    `requireAdmin must return undefined or { id } with a string of 1 to ${MAX_ID_LENGTH} characters`,
  );
}

/** As long as the audit trail's actor may be. */
const MAX_ID_LENGTH = 255;
