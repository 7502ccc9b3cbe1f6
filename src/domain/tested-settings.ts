import type { Settings } from "./settings.ts";

/**
 * Canonical JSON of settings without `enabled`, for a digest. A test sign-in is valid for all
 * settings with the same digest.
 */
export function testedText({ enabled: _, ...tested }: Settings): string {
  return canonicalJson(tested);
}

/**
 * Whether saving `next` over `stored` requires a test sign-in: it enables a connection or an email
 * source that was not in use before.
 */
export function needsTest(stored: Settings, next: Settings): boolean {
  if (!next.enabled) return false;
  return !stored.enabled || identifying(stored) !== identifying(next);
}

/** The settings that decide a user's identity. */
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
