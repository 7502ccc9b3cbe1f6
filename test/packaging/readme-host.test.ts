import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { type HostsFolder, hostsFolder, STRICT } from "./support/folder.ts";
import { freePort, type Runtime, startHostProcess } from "./support/host-process.ts";
import { README_HOST, README_PACKAGES } from "./support/readme.ts";
import { run } from "./support/run.ts";
import { openDocument, signIn } from "./support/sign-in.ts";

const RUNS: readonly (readonly [Runtime, string])[] = [
  ["Node", "host.js"],
  ["Deno", "host.ts"],
];

describe("the README's host, with the packed package installed", () => {
  let folder: HostsFolder;
  let readme: string;
  before(async () => {
    folder = await hostsFolder(README_PACKAGES);
    readme = join(folder.path, "readme");
    rmSync(readme, { recursive: true, force: true });
    mkdirSync(readme);
    for (const [, file] of RUNS) writeFileSync(join(readme, file), README_HOST);
  });

  it("imports nothing but what the README installs", () => {
    const imported = [...README_HOST.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
    const installed = ["koa-saml-jit", ...README_PACKAGES];
    expect(imported.filter((name) => !name?.startsWith("node:"))).to.satisfy(
      (names: readonly string[]) =>
        names.length > 0 && names.every((name) => installed.includes(name)),
    );
  });

  it("is strict TypeScript against the package's own types", async () => {
    const options = { ...STRICT, rootDir: ".", noEmit: true };
    const config = { include: ["host.ts"], compilerOptions: options };
    writeFileSync(join(readme, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(folder.path, "node_modules/typescript/bin/tsc");
    await run(process.execPath, [tsc, "-p", "."], readme);
  });

  for (const [runtime, file] of RUNS) {
    it(`signs in a user on ${runtime}, from ${file}`, async () => {
      const port = await freePort();
      const baseUrl = `http://127.0.0.1:${port}`;
      const env = {
        ADMIN_TOKEN: "token-of-this-test",
        COOKIE_KEY: "key-of-this-test",
        DATABASE: join(readme, `${runtime}.sqlite`),
      };
      const host = await startHostProcess({ runtime, folder: readme, file, port, baseUrl, env });
      try {
        const idp = makeSigningIdp();
        const authorization = `Bearer ${env.ADMIN_TOKEN}`;
        const saved = await fetch(`${baseUrl}/saml/settings`, {
          method: "PUT",
          headers: {
            "content-type": "application/json",
            "if-match": '"0"',
            authorization,
          },
          body: JSON.stringify(openDocument(idp, "member")),
        });
        expect(saved.status, await saved.text()).to.equal(200);
        const at = `${baseUrl}/saml/settings/page`;
        const administration = await fetch(at, { headers: { authorization } });
        expect(administration.status).to.equal(200);
        const links = (await administration.text()).matchAll(
          /(?:href|src)="([^"]*\/assets\/[^"]+)"/g,
        );
        const assets = await Promise.all([...links].map(([, to = ""]) => fetch(new URL(to, at))));
        expect(assets.map(({ status }) => status)).to.deep.equal([200, 200]);
        const page = await signIn(idp, `${baseUrl}/saml`, "ada@customer.example");
        expect(page.text).to.equal("Hello, ada@customer.example!\n");
      } finally {
        await host.stop();
      }
    });
  }
});
