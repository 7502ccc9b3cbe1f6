/**
 * Writes docs/llms.txt, one page that says which guide has what, for programs that read documentation
 * (https://llmstxt.org). Made of the README's first paragraphs and its list of guides, with the headings
 * of each.
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const FILE = "docs/llms.txt";

/** A guide in the README's list. */
const ROW = /^\| \[([^\]]+)\]\(([^)]+\.md)\)(?:, .*)? \| (.+) \|$/gm;

/** What the file has to be. */
export function llmsText(): string {
  const readme = readFileSync("README.md", "utf8");
  const [title = "", about = ""] = readme.split(/\n{2,}/);
  const guides = [...readme.matchAll(ROW)].map(([, name = "", path = "", what = ""]) => {
    const headings = headingsOf(path);
    const parts = headings.length === 0 ? "" : `: ${headings.join("; ")}`;
    return `- [${name}](${path.replace(/^docs\//, "") === path ? `../${path}` : path.replace(/^docs\//, "")}): ${withoutLinks(what)}${parts}`;
  });
  return `${title}

> ${withoutLinks(about).replaceAll("**", "").replaceAll("\n", " ")}

Start with [README.md](../README.md): a complete platform, and the commands to its first user. Then read
[MOUNTING.md](MOUNTING.md) and [HOST-USERS.md](HOST-USERS.md).

## Guides

${guides.join("\n")}
`;
}

/** The headings of the second level. */
function headingsOf(path: string): readonly string[] {
  const text = readFileSync(path, "utf8").replace(/^```[\s\S]*?^```/gm, "");
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => withoutLinks(heading));
}

function withoutLinks(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replaceAll("`", "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, llmsText());
