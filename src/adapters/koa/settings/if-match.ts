import type { HostContext } from "../host-callbacks.ts";
import { problem } from "../problems.ts";
import { entityTag } from "./settings-view.ts";

/**
 * Whether `If-Match` (RFC 9110 section 13.1.1) names `version`. `*` says nothing about what was
 * read, so it does not count as a condition; weak tags never match.
 *
 * @throws HttpProblem 428 when there is no condition.
 */
export function matchesVersion(ctx: HostContext, version: number): boolean {
  const tags = ctx
    .get("If-Match")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  if (tags.length === 0 || tags.includes("*")) {
    throw problem("if-match-required");
  }
  return tags.includes(entityTag(version));
}
