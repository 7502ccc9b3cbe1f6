import { readdirSync, readFileSync } from "node:fs";
import { parse } from "@babel/parser";
import { expect } from "chai";
import { describe, it } from "mocha";
import { checkSync } from "recheck";

const SOURCES = new URL("../../src/", import.meta.url);
/** Expressions that see no foreign text, with the reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["UNIQUE constraint failed: (.*)$", "a message of SQLite about its own columns"],
]);

interface Expression {
  readonly file: string;
  readonly pattern: string;
  readonly flags: string;
}

function expressions(): readonly Expression[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => expressionsIn(file, readFileSync(new URL(file, SOURCES), "utf8")));
}

function expressionsIn(file: string, text: string): readonly Expression[] {
  const plugins = ["typescript" as const, ...(file.endsWith(".tsx") ? ["jsx" as const] : [])];
  const { tokens } = parse(text, { sourceType: "module", plugins, tokens: true });
  return (tokens ?? [])
    .filter(({ type }) => type.label === "regexp")
    .map(({ value }) => ({ file, pattern: value.pattern, flags: value.flags }));
}

/** How the time of an expression grows, where that is faster than its text. */
function growth({ pattern, flags }: Omit<Expression, "file">): string | undefined {
  const found = checkSync(pattern, flags, { timeout: 20_000 });
  if (found.status === "safe") return undefined;
  return found.status === "vulnerable" ? found.complexity.summary : found.status;
}

describe("regular expressions", () => {
  it("need linear time, all of them", () => {
    const found = expressions();
    expect(found.length).to.be.above(50);
    const slow = found
      .filter(({ pattern }) => !EXCEPTIONS.has(pattern))
      .map((one) => ({ ...one, growth: growth(one) }))
      .filter(({ growth: grows }) => grows !== undefined);
    expect(slow).to.deep.equal([]);
    const patterns = new Set(found.map(({ pattern }) => pattern));
    expect([...EXCEPTIONS.keys()].filter((pattern) => !patterns.has(pattern))).to.deep.equal([]);
  });

  it("that trim from both ends are found by this check", () => {
    const [trimming] = expressionsIn("x.ts", "text.replace(/^[ \\t]+|[ \\t]+$/g, '')");
    expect(trimming === undefined ? "none" : growth(trimming)).to.include("polynomial");
  });
});
