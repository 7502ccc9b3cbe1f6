import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { describe, it } from "mocha";

const NODE = ["node", "--import", "tsx"];
const DENO = [
  fileURLToPath(new URL("../../node_modules/deno/deno", import.meta.url)),
  ...["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-sys"],
];

function printedBy([program = "", ...args]: readonly string[], child: string): unknown {
  const path = fileURLToPath(new URL(`./support/${child}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(program, [...args, path], { encoding: "utf8" });
  expect(status, stderr).to.equal(0);
  return JSON.parse(stdout);
}

describe("the start of a host", () => {
  it("loads what only requests need behind the mounting", () => {
    for (const runtime of [NODE, DENO]) {
      expect(printedBy(runtime, "start-child.ts")).to.deep.equal([]);
    }
  });

  it("survives libraries that cannot be loaded: callers get an error, and the log says which", () => {
    expect(printedBy(NODE, "broken-libraries-child.ts")).to.deep.equal({
      // Login requests are the plugin's own XML, so they need no library.
      statuses: [302, 500, 200],
      failures: ["koa-body could not be loaded: check that it is installed"],
    });
  });
});
