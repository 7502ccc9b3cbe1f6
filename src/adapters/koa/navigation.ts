import type { HostContext } from "./host-callbacks.ts";
import { problem } from "./problems.ts";

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
