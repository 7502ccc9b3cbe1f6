import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";

describe("the adapters guide's catalog", () => {
  it("is a test that runs, word for word", () => {
    const shown = /<!-- catalog-example:[^\n]*-->\n```ts\n([\s\S]*?)```/.exec(
      readFileSync("docs/ADAPTERS.md", "utf8"),
    )?.[1];
    expect(shown).to.equal(readFileSync("test/examples/catalog-example.test.ts", "utf8"));
  });
});
