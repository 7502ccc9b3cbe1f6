import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { hostsFolder } from "./support/folder.ts";
import { freePort, startShell } from "./support/host-process.ts";
import { README_PACKAGES } from "./support/readme.ts";
import { run } from "./support/run.ts";

describe("the command dev-idp of the packed package", () => {
  let folder: string;
  before(async () => {
    folder = (await hostsFolder(README_PACKAGES)).path;
  });

  for (const command of ["npx koa-saml-jit", "deno run -A npm:koa-saml-jit"]) {
    it(`${command}: warns, serves, and keeps its key`, async () => {
      const keyFile = join(folder, "node_modules/.cache/koa-saml-jit/dev-idp.json");
      rmSync(keyFile, { force: true });
      const port = await freePort();
      const serve = async () => {
        const idp = await startShell(`${command} dev-idp --port ${port}`, folder);
        try {
          const answer = await fetch(`http://127.0.0.1:${port}/metadata`);
          return { said: idp.output, metadata: await answer.text() };
        } finally {
          await idp.stop();
        }
      };
      const first = await serve();
      expect(first.said).to.contain("DO NOT").and.contain(`http://localhost:${port}/metadata`);
      expect(first.metadata).to.contain("IDPSSODescriptor");
      expect(existsSync(keyFile)).to.equal(true);
      expect((await serve()).metadata).to.equal(first.metadata);
      expect(JSON.parse(readFileSync(keyFile, "utf8"))).to.have.property("privateKey");
    });
  }

  it("says how it is called, and what is wrong with how it was called", async () => {
    const called = (line: string) => run("bash", ["-c", `${line} 2>&1; echo "code $?"`], folder);
    expect(await called("npx koa-saml-jit --help")).to.match(/^Usage: .*code 0\n$/s);
    for (const [line, says] of [
      ["npx koa-saml-jit", "There is no command"],
      ["npx koa-saml-jit dev-idp --host 0.0.0.0", "Unknown option '--host'"],
      ["npx koa-saml-jit dev-idp --port 70000", "--port must be an integer"],
      ["npx koa-saml-jit dev-idp localhost:3000", "is not an http or https URL"],
      ["npx koa-saml-jit dev-idp --key package.json", "package.json is not a key"],
      ["NODE_ENV=production npx koa-saml-jit dev-idp", "NODE_ENV is production"],
    ] as const) {
      const said = await called(line);
      expect(said, line)
        .to.contain(says)
        .and.match(/code 2\n$/);
    }
  });
});
