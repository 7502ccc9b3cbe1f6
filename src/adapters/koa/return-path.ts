const MAX_LENGTH = 1000;

/**
 * A path of our own origin to send a browser to, or `undefined` for anything else: RelayState and
 * `returnTo` come from whoever made the link (RFC 9700 section 4.11, open redirection).
 *
 * @param origin ours, such as `https://app.example`.
 * @param maxLength the most characters of a path; longer ones are none.
 * @returns the path as the URL standard writes it, with query and fragment.
 */
export function returnPath(
  raw: unknown,
  origin: string,
  maxLength: number = MAX_LENGTH,
): string | undefined {
  if (typeof raw !== "string" || raw.length > maxLength) return undefined;
  // One slash, then no second one; browsers read a backslash as a slash, and skip line breaks.
  if (!/^\/(?!\/)[^\\\s\p{C}]*$/u.test(raw) || !URL.canParse(raw, origin)) return undefined;
  const url = new URL(raw, origin);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // Dot segments may leave two slashes at the beginning: `/.//evil.example`.
  const safe = url.origin === origin && !path.startsWith("//") && path.length <= maxLength;
  return safe ? path : undefined;
}
