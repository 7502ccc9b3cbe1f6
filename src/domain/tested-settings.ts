import type { Settings } from "./settings.ts";

/**
 * The one text of settings, for a digest: members in order, whether they are enabled left out. A
 * test sign-in is of these, and so it holds for settings that differ in nothing but `enabled`.
 */
export function testedText({ enabled: _, ...tested }: Settings): string {
  return canonicalJson(tested);
}

/**
 * Whether `next`, saved over `stored`, should be proven by a test sign-in first: it lets people in
 * by a connection, or by an address, that let nobody in before.
 */
export function needsTest(stored: Settings, next: Settings): boolean {
  if (!next.enabled) return false;
  return !stored.enabled || identifying(stored) !== identifying(next);
}

/** What decides who somebody is. */
function identifying({ connection, email }: Settings): string {
  return canonicalJson({ connection, email });
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => inOrder(member));
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
