import escapeHtml from "escape-html";

/** HTML that is already escaped. */
export interface Html {
  readonly html: string;
}

type Content = Html | string | number | undefined | readonly Content[];

/** Makes HTML; whatever is put in is escaped unless it is {@link Html} itself. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const texts = parts.map(
    (part, index) => part + (index < contents.length ? asHtml(contents[index]) : ""),
  );
  return { html: texts.join("") };
}

function asHtml(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string" || typeof content === "number")
    return escapeHtml(String(content));
  if ("html" in content) return content.html;
  return content.map(asHtml).join("");
}
