const MAX_LENGTH = 1000;

/** Stands for any: what is returned is a path. */
const OUR_ORIGIN = "https://host.invalid";

/**
 * Returns a path of our origin to redirect to, or `undefined` for anything else: anyone can create
 * links with RelayState and `returnTo` (RFC 9700 section 4.11, open redirection).
 *
 * @param maxLength maximum length; longer paths are rejected.
 * @returns the path as the URL standard writes it, with query and fragment.
 */
export function returnPath(raw: unknown, maxLength: number = MAX_LENGTH): string | undefined {
  if (typeof raw !== "string" || raw.length > maxLength) return undefined;
  // One slash, not followed by another; browsers treat a backslash as a slash and skip line breaks.
  if (!/^\/(?!\/)[^\\\s\p{C}]*$/u.test(raw) || !URL.canParse(raw, OUR_ORIGIN)) return undefined;
  const url = new URL(raw, OUR_ORIGIN);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // Dot segments can leave two leading slashes: `/.//evil.example`.
  const safe = url.origin === OUR_ORIGIN && !path.startsWith("//") && path.length <= maxLength;
  return safe ? path : undefined;
}

/** A query of those parameters that have a value, with `?`; empty if none has. */
export function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}
