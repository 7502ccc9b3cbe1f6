import { readFileSync } from "node:fs";

/** What docs/TROUBLESHOOTING.md says that an administrator sees, by code: a pattern of the reason. */
export function documentedReasons(): ReadonlyMap<string, RegExp> {
  const page = readFileSync(new URL("../../../docs/TROUBLESHOOTING.md", import.meta.url), "utf8");
  const entries = page.matchAll(/^Activity: `([^`]+)`\n\n> (.+)$/gm);
  return new Map([...entries].map(([, code = "", sentence = ""]) => [code, patternOf(sentence)]));
}

/** `…` stands for what differs from case to case. */
function patternOf(sentence: string): RegExp {
  const fixed = sentence.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${fixed.join(".+")}$`);
}
