/**
 * The octets of base64 text (RFC 4648), white space off; `undefined` for what is not strictly
 * base64: another decoder could read it differently.
 */
export function strictBase64(text: string): Buffer | undefined {
  const compact = text.replace(/[ \t\r\n]+/g, "");
  const octets = Buffer.from(compact, "base64");
  return octets.length > 0 && octets.toString("base64") === compact ? octets : undefined;
}
