import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import { llmsText } from "../../scripts/write-llms.ts";
import { guides } from "./commands.ts";

/** A link to a file of the repository, or to a heading. */
const LINK = /\]\((?!\w+:|\/)([^()\s]+)\)/g;

/** A picture of the repository. */
const PICTURE = /\b(?:src|srcset)="(?!\w+:|\/)([^"\s]+)"/g;

/** The text without what is only shown. */
function prose(path: string): string {
  return readFileSync(path, "utf8")
    .replace(/^(?:```|~~~)[\s\S]*?^(?:```|~~~)/gm, "")
    .replace(/`[^`\n]*`/g, (code) => (code.includes("](") ? "" : code));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...prose(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  const named = [...readFileSync(path, "utf8").matchAll(/<a (?:id|name)="([^"]+)"/g)];
  return new Set([...anchors, ...named.map(([, name = ""]) => name)]);
}

/** The links of a page that lead nowhere. */
function deadLinksOf(path: string): readonly string[] {
  const links = [LINK, PICTURE].flatMap((form) => [...prose(path).matchAll(form)]);
  return links.flatMap(([, to = ""]) => {
    const [file = "", anchor] = to.split("#");
    const target = file === "" ? path : normalize(join(dirname(path), decodeURIComponent(file)));
    if (!existsSync(target)) return [`${path}: ${to}`];
    if (anchor === undefined || !target.endsWith(".md")) return [];
    return anchorsOf(target).has(anchor) ? [] : [`${path}: ${to}`];
  });
}

describe("the links in the guides", () => {
  for (const guide of [...guides(), "docs/llms.txt"]) {
    it(`of ${guide} lead somewhere`, () => {
      expect(deadLinksOf(guide)).to.deep.equal([]);
    });
  }
});

describe("docs/llms.txt", () => {
  it("lists the guides of the README, as npm run docs:llms does", () => {
    const guidesIn = (text: string) => text.match(/^- \[[^\]]+\]\([^)]+\)/gm);
    expect(guidesIn(readFileSync("docs/llms.txt", "utf8"))).to.deep.equal(guidesIn(llmsText()));
  });

  it("names every guide of docs", () => {
    const text = llmsText();
    const missing = guides().filter(
      (guide) => /^docs\/[^/]+\.md$/.test(guide) && !text.includes(guide),
    );
    expect(missing).to.deep.equal([]);
  });
});
