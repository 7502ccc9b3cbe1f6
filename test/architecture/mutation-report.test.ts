import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { expect } from "chai";
import { describe, it } from "mocha";
import { hashCode } from "../../scripts/mutation/hash-code.ts";
import { ROOT } from "./layers.ts";

const DOMAIN = join(ROOT, "src/domain");

describe("the mutation report of the domain", () => {
  it("is not outdated by a comment, white space or a moved file", () => {
    for (const name of readdirSync(DOMAIN, { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const source = readFileSync(join(DOMAIN, name), "utf8");
      const commented = `/* first */\n${source.replaceAll("\n}", "\n  // last\n\n}")}\n// end\n`;
      const moved = source.replaceAll('from "./', 'from "../elsewhere/');
      expect(hashCode(commented), name).to.equal(hashCode(source));
      expect(hashCode(moved), name).to.equal(hashCode(source));
    }
  });

  it("is outdated by a change of the code", () => {
    const source = "export const limit = (n: number): boolean => n < 5;\n";
    expect(hashCode(source.replace("<", "<="))).not.to.equal(hashCode(source));
  });

  it("is checked with words and without a stack trace", () => {
    const script = join(ROOT, "scripts/mutation/mutate-domain.ts");
    const { status, stdout, stderr } = spawnSync("node", ["--import", "tsx", script, "--check"], {
      cwd: ROOT,
      encoding: "utf8",
      env: process.env,
    });
    expect(stderr).to.equal("");
    expect(stdout).to.match(/^score of what the report covers: \d+\.\d %/);
    expect(status).to.equal(0);
  });
});
