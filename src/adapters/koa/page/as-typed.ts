/** A certificate as it stands in a form: forms make every line break CR LF. */
export function asTyped(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** The same for the same certificate, whether it is written as PEM or as bare base64. */
export function withoutArmour(text: string): string {
  return text.replace(/-----[^-]*-----|\s/g, "");
}
