import type { HostContext } from "./host-callbacks.ts";
import { problem } from "./problems.ts";

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
