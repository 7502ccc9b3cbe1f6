/** Crockford's base 32, without look-alike letters. */
const READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** A reference such as `QW81-G83Z-WXMG`, from the lowest five bits of each of twelve octets. */
export function referenceOf(octets: Uint8Array): string {
  return grouped(Array.from(octets.subarray(0, LENGTH), (octet) => READABLE.charAt(octet % 32)));
}

/**
 * Normalizes a typed reference: any case and grouping, O for 0, I or L for 1. Other input is only
 * trimmed.
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
