import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { launchBrowser } from "../browser/support.ts";
import { runLine } from "../docs/shell.ts";
import { type HostsFolder, hostsFolder, STRICT } from "./support/folder.ts";
import { freePort, type Runtime, startHostProcess, startShell } from "./support/host-process.ts";
import {
  FIRST_SIGN_IN,
  FIRST_SIGN_IN_ON_DENO,
  README_HOST,
  README_PACKAGES,
} from "./support/readme.ts";
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
    it(`leads from the start to the first user by the README's commands on ${runtime}`, async () => {
      const [hostPort, idpPort] = [await freePort(), await freePort()];
      const baseUrl = `http://localhost:${hostPort}`;
      // As they are printed, but for the ports: others may be at work on this computer.
      const printed = FIRST_SIGN_IN.map((line) =>
        line
          .replace("localhost:3000", `localhost:${hostPort}`)
          .replace("localhost:4600", `localhost:${idpPort}`),
      );
      const [start = "", ...connect] = printed;
      const command = runtime === "Node" ? start : FIRST_SIGN_IN_ON_DENO;
      const env = {
        ADMIN_TOKEN: "some-secret",
        COOKIE_KEY: "another",
        DATABASE: join(readme, `first-${runtime}.sqlite`),
      };
      const host = await startHostProcess({
        runtime,
        folder: readme,
        file,
        port: hostPort,
        baseUrl,
        env,
      });
      const idp = await startShell(`${command} --port ${idpPort} ${baseUrl}/saml/metadata`, readme);
      const browser = await launchBrowser();
      try {
        for (const line of connect) {
          const { code, complaints } = await runLine(line, readme, readme);
          expect(code, complaints).to.equal(0);
        }
        const httpCredentials = { username: "admin", password: "some-secret" };
        const context = await browser.newContext({ httpCredentials });
        const page = await context.newPage();
        await page.goto(`${baseUrl}/saml/settings/page`);
        const settings = await page.locator("body").textContent();
        expect(settings).to.match(/Single sign-on settings\s*On/);
        await page.goto(`${baseUrl}/saml/login`);
        await page.getByLabel("Email address").fill("ada@customer.example");
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.waitForURL(`${baseUrl}/`);
        expect(await page.locator("body").textContent()).to.equal("Hello, ada@customer.example!\n");
      } finally {
        await browser.close();
        await idp.stop();
        await host.stop();
      }
    });

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
        const authorization = `Basic ${btoa(`admin:${env.ADMIN_TOKEN}`)}`;
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
