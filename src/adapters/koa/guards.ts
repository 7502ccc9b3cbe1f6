import { shorten } from "../../application/audit/audit.ts";
import type { Actor } from "../../domain/audit.ts";
import { callHost, HostMistakeError } from "../../ports/errors.ts";
import type { HostContext, RequireAdmin } from "./host-callbacks.ts";
import { problem } from "./problems.ts";
import type { TenantContext } from "./tenant-context.ts";

/** Admits administrators of the tenant, before the request body is read. */
export interface AdminGuard {
  /**
   * @throws HttpProblem 403 `forbidden`.
   * @throws HostMistakeError when the host says neither who it is nor that it is nobody.
   */
  reading(ctx: HostContext, tenantContext: TenantContext): Promise<Actor>;
  /**
   * @throws HttpProblem 403 `cross-site` or `forbidden`.
   * @throws HostMistakeError as above.
   */
  writing(ctx: HostContext, tenantContext: TenantContext): Promise<Actor>;
}

export function makeAdminGuard({
  requireAdmin,
}: {
  readonly requireAdmin: RequireAdmin;
}): AdminGuard {
  async function reading(ctx: HostContext, { tenant }: TenantContext): Promise<Actor> {
    const administrator = administratorOf(
      await callHost("requireAdmin", () => requireAdmin(ctx, { tenant })),
    );
    if (administrator !== undefined) return administrator;
    throw problem("forbidden");
  }
  return {
    reading,
    writing: async (ctx, tenantContext) => {
      refuseCrossSite(ctx, tenantContext.origin);
      return reading(ctx, tenantContext);
    },
  };
}

/** Only an object with an ID is an administrator: JavaScript hosts may return `true` or `null`. */
function administratorOf(answer: unknown): Actor | undefined {
  if (!answer) return undefined;
  const id: unknown = typeof answer === "object" ? Reflect.get(answer, "id") : undefined;
  if (typeof id !== "string" || id === "" || id.length > MAX_LENGTH) {
    throw new HostMistakeError(
      `requireAdmin must return undefined or { id } with a string of 1 to ${MAX_LENGTH} characters`,
    );
  }
  const name: unknown = Reflect.get(answer, "name") ?? "";
  if (typeof name !== "string") {
    throw new HostMistakeError("requireAdmin must return a name that is a string, or none");
  }
  // A long name keeps nobody from the settings; one that is blank is none.
  const shown = shorten(name.replace(/[\p{Cc}\p{Cs}]+/gu, " ").trim(), MAX_LENGTH);
  return shown === "" ? { id } : { id, name: shown };
}

/** As long as the audit trail's actor may be. */
const MAX_LENGTH = 255;

/**
 * Refuses cross-site requests that carry our cookies. Every post of a browser says where it comes
 * from; a client that does not say so is not a browser. A `GET` needs {@link sourceOf}.
 *
 * @throws HttpProblem 403 `cross-site`.
 */
export function refuseCrossSite(ctx: HostContext, origin: string): void {
  if (sourceOf(ctx, origin) === "foreign") throw problem("cross-site");
}

/**
 * Which page a request comes from: one of ours (or none, such as a bookmark), or a foreign one.
 * `unknown`: browsers send neither `Origin` nor `Sec-Fetch-Site` (Fetch Metadata) with a `GET` over
 * plain http to a host other than localhost, and a page can suppress its `Referer`, but not send
 * ours.
 */
export function sourceOf(ctx: HostContext, origin: string): "ours" | "foreign" | "unknown" {
  const from = ctx.get("Origin");
  const site = ctx.get("Sec-Fetch-Site");
  // A page that lets no referrer be sent has the origin `null` in its forms, whichever it is.
  if (from === "null" && site === "same-origin") return "ours";
  if (from !== "") return from === origin ? "ours" : "foreign";
  if (site !== "") return SAME.has(site) ? "ours" : "foreign";
  const referrer = ctx.get("Referer");
  if (!URL.canParse(referrer)) return "unknown";
  return new URL(referrer).origin === origin ? "ours" : "foreign";
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
