import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import { plantedTree, ROOT } from "./layers.ts";

describe("a new deny reason", () => {
  it("does not compile until it is explained and judged, and asks for no other file", () => {
    const domain = join(ROOT, "src/domain");
    const names = readdirSync(domain, { recursive: true, encoding: "utf8" });
    const sources = names
      .filter((name) => name.endsWith(".ts"))
      .map((name): [string, string] => {
        const text = readFileSync(join(domain, name), "utf8");
        return [`src/domain/${name}`, text.replace('\n  | "jit-disabled"', '$&\n  | "planted"')];
      });
    const { folder, remove } = plantedTree(Object.fromEntries(sources));
    try {
      const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
      const { stdout } = spawnSync("node", [compiler, "-p", folder], { encoding: "utf8" });
      const files = [...stdout.matchAll(/src\/domain\/([a-z/-]+\.ts)\(/g)].map(([, name]) => name);
      expect(files.sort()).to.deep.equal([
        "sign-in-decision.ts",
        "texts/administrator-explanations.ts",
        // The user's sentence, and the administrator's.
        "texts/german.ts",
        "texts/german.ts",
        "texts/user-explanations.ts",
      ]);
    } finally {
      remove();
    }
  });
});
