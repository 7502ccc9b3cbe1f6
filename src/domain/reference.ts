/** Crockford's base 32: no letter that could be read as another. */
const READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** A reference such as `QW81-G83Z-WXMG`, of the lowest five bits of each of twelve octets. */
export function referenceOf(octets: Uint8Array): string {
  return grouped(Array.from(octets.subarray(0, LENGTH), (octet) => READABLE.charAt(octet % 32)));
}

/**
 * The reference that somebody typed, or read out on the telephone: whatever its case and however it is
 * divided, O for 0 and I or L for 1. What is none stays as it is, but for white space around it.
 */
export function readReference(typed: string): string {
  const text = typed
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return text.length === LENGTH && [...text].every((sign) => READABLE.includes(sign))
    ? grouped([...text])
    : typed.trim();
}

function grouped(signs: readonly string[]): string {
  return signs.join("").replace(/(.{4})(?=.)/g, "$1-");
}
