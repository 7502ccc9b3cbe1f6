import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { hostsFolder } from "./support/folder.ts";
import { freePort, type Runtime, startHostProcess } from "./support/host-process.ts";
import { README_PACKAGES } from "./support/readme.ts";
import { openDocument, signIn } from "./support/sign-in.ts";

const RUNTIMES: readonly Runtime[] = ["Node", "Deno"];

describe("a CommonJS host, with the packed package installed", () => {
  const file = "commonjs-host.cjs";
  const idp = makeSigningIdp();
  let folder: string;
  before(async () => {
    folder = (await hostsFolder(README_PACKAGES)).path;
    copyFileSync(join("examples", file), join(folder, file));
  });

  for (const runtime of RUNTIMES) {
    it(`requires the package on ${runtime}, and signs in a user`, async () => {
      const port = await freePort();
      const baseUrl = `http://127.0.0.1:${port}`;
      const env = { ADMIN_TOKEN: "a token", COOKIE_KEY: "a key", DATABASE: ":memory:" };
      const host = await startHostProcess({ runtime, folder, file, port, baseUrl, env });
      try {
        const saved = await fetch(`${baseUrl}/saml/settings`, {
          method: "PUT",
          headers: {
            "content-type": "application/json",
            "if-match": '"0"',
            authorization: `Basic ${btoa("admin:a token")}`,
          },
          body: JSON.stringify(openDocument(idp, "member")),
        });
        expect(saved.status, await saved.text()).to.equal(200);
        const page = await signIn(idp, `${baseUrl}/saml`, "ada@customer.example");
        expect(page.text).to.equal("Hello, ada@customer.example!\n");
      } finally {
        await host.stop();
      }
    });
  }
});
