/** A certificate as it stands in a form: forms make every line break CR LF. */
export function asTyped(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}
