import { HostMistakeError } from "../../ports/host-mistake.ts";
import type { Administrator, HostContext, RequireAdmin } from "./host-callbacks.ts";
import { problem } from "./problems.ts";
import type { PublicUrls, TenantContext } from "./tenant-context.ts";

/** Admits administrators of the tenant, before the request body is read. */
export interface AdminGuard {
  /**
   * @throws HttpProblem 403 `forbidden`.
   * @throws HostMistakeError when the host says neither who it is nor that it is nobody.
   */
  reading(ctx: HostContext, tenantContext: TenantContext): Promise<Administrator>;
  /**
   * @throws HttpProblem 403 `cross-site` or `forbidden`.
   * @throws HostMistakeError as above.
   */
  writing(ctx: HostContext, tenantContext: TenantContext): Promise<Administrator>;
}

export function makeAdminGuard({
  requireAdmin,
  publicUrls,
}: {
  readonly requireAdmin: RequireAdmin;
  readonly publicUrls: PublicUrls;
}): AdminGuard {
  async function reading(ctx: HostContext, { tenant }: TenantContext): Promise<Administrator> {
    const administrator = administratorOf(await requireAdmin(ctx, { tenant }));
    if (administrator !== undefined) return administrator;
    throw problem("forbidden");
  }
  return {
    reading,
    writing: async (ctx, tenantContext) => {
      refuseCrossSite(ctx, publicUrls.origin);
      return reading(ctx, tenantContext);
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

/**
 * Refuses cross-site requests that carry our cookies. Browsers send `Origin` or `Sec-Fetch-Site`
 * (Fetch Metadata); a client that sends neither is not a browser.
 *
 * @throws HttpProblem 403 `cross-site`.
 */
export function refuseCrossSite(ctx: HostContext, origin: string): void {
  const from = ctx.get("Origin");
  const site = ctx.get("Sec-Fetch-Site");
  const ours = from === "" ? site === "" || SAME.has(site) : from === origin;
  if (ours) return;
  throw problem("cross-site");
}

/** `none`: the user entered the URL or used a bookmark. */
const SAME: ReadonlySet<string> = new Set(["same-origin", "none"]);

/**
 * Refuses requests other than navigations: images, scripts and frames of other pages can request
 * any URL, and browsers prefetch links (Fetch Metadata, `Sec-Purpose`). After a refused prefetch
 * they send the request again on navigation.
 *
 * @throws HttpProblem 403 `not-a-navigation`.
 */
export function refuseUnlessNavigation(ctx: HostContext): void {
  const mode = ctx.get("Sec-Fetch-Mode");
  // API clients may send a mode (Node's fetch does); browsers send the destination, too.
  const navigates = ctx.get("Sec-Fetch-Dest") === "" || mode === "navigate";
  const inAdvance = ["Sec-Purpose", "Purpose"].some((name) => ctx.get(name).includes("prefetch"));
  if (navigates && !inAdvance) return;
  throw problem("not-a-navigation");
}
