/** Maximum number of characters of one text in an audit entry. */
export const MAX_DETAIL_LENGTH = 500;
const MAX_ACTOR_LENGTH = 255;
const MAX_LISTED = 20;

/** The defined details as strings of bounded length. */
export function auditDetail(
  texts: Readonly<Record<string, string | number | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined || text === "" ? [] : [[name, shorten(String(text), MAX_DETAIL_LENGTH)]],
    ),
  );
}

/** A list as a string, shortened with its length. */
export function formatList(items: readonly string[]): string {
  const named = items.slice(0, MAX_LISTED).join(", ");
  return items.length > MAX_LISTED ? `${named}, … (${items.length} in all)` : named;
}

/** As entries say it. */
export function yesOrNo(answer: boolean): "yes" | "no" {
  return answer ? "yes" : "no";
}

/** The actor of entries caused by an identity provider. */
export function samlActor(issuer: string): string {
  return shorten(`saml:${issuer}`, MAX_ACTOR_LENGTH);
}

/** At most `length` characters of `text`, whole code points only. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
