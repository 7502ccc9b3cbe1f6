import { isXmlSpace } from "../xml/tree.ts";

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

function isSameButForSpace(text: string, encoded: string): boolean {
  if (text === encoded) return true;
  let matched = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === encoded.charCodeAt(matched)) matched += 1;
    else if (!isXmlSpace(code)) return false;
  }
  return matched === encoded.length;
}
