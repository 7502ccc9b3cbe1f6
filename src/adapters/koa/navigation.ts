import type { HostContext } from "./host.ts";
import { HttpProblem } from "./http-problem.ts";

/**
 * Refuses what no person waits for: images, scripts and frames of other pages may ask for any
 * address, and browsers fetch links in advance (Fetch Metadata, `Sec-Purpose`). After a refusal
 * in advance they ask again when somebody really goes there.
 *
 * @throws HttpProblem 403 `not-a-navigation`.
 */
export function refuseUnlessNavigation(ctx: HostContext): void {
  const mode = ctx.get("Sec-Fetch-Mode");
  // Programs may send a mode of their own (Node's fetch does); browsers send the destination too.
  const navigates = ctx.get("Sec-Fetch-Dest") === "" || mode === "navigate";
  const inAdvance = ["Sec-Purpose", "Purpose"].some((name) => ctx.get(name).includes("prefetch"));
  if (navigates && !inAdvance) return;
  throw new HttpProblem(403, {
    code: "not-a-navigation",
    detail: "Open this URL in a browser through a link or a redirect.",
  });
}
