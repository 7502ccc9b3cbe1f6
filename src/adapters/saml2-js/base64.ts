/**
 * The octets of base64 text (RFC 4648), white space off; `undefined` for what is not strictly
 * base64: another decoder could read it differently. Linear, however much white space there is.
 */
export function strictBase64(text: string): Buffer | undefined {
  const octets = Buffer.from(text, "base64");
  return octets.length > 0 && isSameButForSpace(text, octets.toString("base64"))
    ? octets
    : undefined;
}

const SPACE: ReadonlySet<string> = new Set([" ", "\t", "\r", "\n"]);

function isSameButForSpace(text: string, encoded: string): boolean {
  if (text === encoded) return true;
  let at = 0;
  for (const character of text) {
    if (character === encoded[at]) at += 1;
    else if (!SPACE.has(character)) return false;
  }
  return at === encoded.length;
}
