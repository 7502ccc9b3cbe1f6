import type { HostContext } from "./host.ts";
import { HttpProblem } from "./http-problem.ts";

/**
 * Refuses what another site makes a browser send with our cookies. Browsers say where a request
 * comes from by `Origin`, or by `Sec-Fetch-Site` (Fetch Metadata); what says neither is no browser.
 *
 * @throws HttpProblem 403 `cross-site`.
 */
export function refuseCrossSite(ctx: HostContext, origin: string): void {
  const from = ctx.get("Origin");
  const site = ctx.get("Sec-Fetch-Site");
  const ours = from === "" ? site === "" || SAME.has(site) : from === origin;
  if (ours) return;
  throw new HttpProblem(403, {
    code: "cross-site",
    detail: "Cross-site requests are not allowed.",
  });
}

/** `none`: the person typed the address or used a bookmark. */
const SAME: ReadonlySet<string> = new Set(["same-origin", "none"]);
