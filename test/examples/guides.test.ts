import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { run } from "../packaging/support/run.ts";

/** `<!-- file: PATH -->` before a code block: the block is that file, word for word. */
const BLOCK = /<!-- file: (\S+) -->\n```ts\n([\s\S]*?)```/g;

/** `<!-- excerpt: PATH -->`: the block is in that file, word for word. */
const EXCERPT = /<!-- excerpt: (\S+) -->\n```ts\n([\s\S]*?)```/g;

const GUIDES = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);

describe("the guides' whole examples", () => {
  const shown = GUIDES.flatMap((guide) =>
    [...readFileSync(guide, "utf8").matchAll(BLOCK)].map(([, file = "", text]) => ({
      guide,
      file,
      text,
    })),
  );

  it("are there", () => {
    expect(shown.map(({ file }) => file)).to.include.members([
      "examples/minimal-host.ts",
      "test/examples/testing-example.test.ts",
      "test/examples/contract-example.test.ts",
      "test/examples/deno/testing-example.ts",
    ]);
  });

  for (const { guide, file, text } of shown) {
    it(`${guide} shows ${file} as it is`, () => {
      expect(text).to.equal(readFileSync(file, "utf8"));
    });
  }

  const excerpts = GUIDES.flatMap((guide) =>
    [...readFileSync(guide, "utf8").matchAll(EXCERPT)].map(([, file = "", text = ""]) => ({
      guide,
      file,
      text,
    })),
  );

  it("have excerpts", () => expect(excerpts).not.to.deep.equal([]));

  for (const { guide, file, text } of excerpts) {
    it(`${guide} shows a part of ${file} as it is: ${text.split("\n")[0]}`, () => {
      expect(readFileSync(file, "utf8")).to.contain(text);
    });
  }

  it("run under deno test with the permissions that the guide names", async () => {
    const command = /^ {4}deno (test .*)$/m.exec(readFileSync("docs/TESTING.md", "utf8"))?.[1];
    const permissions = command?.split(" ").filter((word) => word.startsWith("--allow")) ?? [];
    const args = ["test", "--no-prompt", ...permissions, "test/examples/deno/testing-example.ts"];
    const output = await run("node_modules/deno/deno", args, ".");
    expect(output).to.contain("1 passed");
  });
});
