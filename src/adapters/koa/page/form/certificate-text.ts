/** A certificate from a form, which changes every line break to CR LF. */
export function asTyped(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** Equal for the same certificate as PEM and as Base64. */
export function withoutArmour(text: string): string {
  return text.replace(/-----[^-]*-----|\s/g, "");
}
