import {
  GUIDE_VALUES,
  type GuideStep,
  type IdentityProviderGuide,
} from "../../../src/domain/texts/identity-provider-guides.ts";

const WIDTH = 100;
/** What stands for our entity ID in files. */
const EXAMPLE = "https://app.example/saml/metadata";

/** The beginning of a guide as it stands in docs/identity-providers: where, and the steps. */
export function guideMarkdown({ where, steps }: IdentityProviderGuide): string {
  return `${wrapped(where, "")}\n\n## Steps\n\n${steps.map(stepMarkdown).join("\n")}\n`;
}

function stepMarkdown({ text, head, rows = [], code, further }: GuideStep, index: number): string {
  const number = `${index + 1}. `;
  const indent = " ".repeat(number.length);
  const row = (cells: readonly string[]) => `${indent}| ${cells.map(named).join(" | ")} |`;
  const table = head === undefined ? [] : [row(head), row(["---", "---"]), ...rows.map(row)];
  const lines = code?.replaceAll("{entityId}", EXAMPLE).split("\n") ?? [];
  const file = code === undefined ? [] : ["```xml", ...lines, "```"].map((line) => indent + line);
  const blocks = [
    number + wrapped(named(text), indent),
    table.join("\n"),
    file.join("\n"),
    further === undefined ? "" : indent + wrapped(named(further), indent),
  ].filter((block) => block !== "");
  return blocks.join("\n\n") + (blocks.length > 1 ? "\n" : "");
}

/** Names our values, which the settings page shows. */
function named(text: string): string {
  return Object.entries(GUIDE_VALUES).reduce(
    (result, [value, name]) => result.replaceAll(`{${value}}`, () => name),
    text,
  );
}

function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/(?:`[^`]*`|[^ `])+/g) ?? []) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
