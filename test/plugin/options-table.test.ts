import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { describe, it } from "mocha";
import { DEFAULT_BODY_LIMITS } from "../../src/adapters/koa/request.ts";
import { DEFAULT_TIME_LIMITS } from "../../src/adapters/saml2-js/identity.ts";
import { OPTION_NAMES } from "../../src/plugin/option-faults.ts";
import { OPTION_DEFAULTS } from "../../src/plugin/options.ts";

const LIMIT_DEFAULTS: Readonly<Record<string, number>> = {
  ...DEFAULT_TIME_LIMITS,
  ...DEFAULT_BODY_LIMITS,
};

describe("docs/MOUNTING.md", () => {
  it("documents every option, and no other", async () => {
    const { rows, limits } = await options();
    const documented = [...rows.keys()].filter((name) => name !== "limits");
    const names = [...limits.keys()].map((name) => `limits.${name}`);
    expect([...documented, ...names]).to.have.members(OPTION_NAMES);
  });

  it("says the defaults that are in force", async () => {
    const { rows, limits } = await options();
    for (const [name, value] of Object.entries(OPTION_DEFAULTS)) {
      expect(rows.get(name)?.replaceAll("`", ""), name).to.equal(String(value));
    }
    expect(Object.fromEntries(limits)).to.deep.equal(LIMIT_DEFAULTS);
  });
});

/** Defaults by name: of the table, and of the paragraph about `limits`. */
async function options() {
  const text = await readFile(new URL("../../docs/MOUNTING.md", import.meta.url), "utf8");
  const section = text.split("\n## Options\n")[1]?.split("\n## ")[0] ?? "";
  const rows = new Map(
    [...section.matchAll(/^\| `([^`]+)` \|.*?([^|]*) \|$/gm)].map(([, name = "", value = ""]) => [
      name,
      value.trim(),
    ]),
  );
  const paragraph = section.split("\n`limits` contains ")[1] ?? "";
  const limits = new Map(
    [
      ...paragraph.matchAll(/`(\w+)`[^(`]*\((?:default\s)?([\d,]+)(?:\s(KiB|MiB))?(?:;[^)]*)?\)/g),
    ].map(([, name = "", number = "", unit]) => [
      name,
      Number(number.replaceAll(",", "")) * size(unit),
    ]),
  );
  return { rows, limits };
}

function size(unit: string | undefined): number {
  if (unit === "KiB") return 1024;
  return unit === "MiB" ? 1024 ** 2 : 1;
}
