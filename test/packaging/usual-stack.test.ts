import { join } from "node:path";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { makeBrowser } from "../support/browser.ts";
import { hostsFolder } from "./support/folder.ts";
import { freePort, type Runtime, startHostProcess } from "./support/host-process.ts";
import { README_PACKAGES } from "./support/readme.ts";

const RUNTIMES: readonly Runtime[] = ["Node", "Deno"];
const ADMIN = { email: "root@platform.example", password: "correct horse" };

/** test/browser/usual-stack.test.ts signs in to it as people do. */
describe("the platform with the usual stack, with the packed package installed", () => {
  let folder: string;
  before(async () => {
    folder = (await hostsFolder(README_PACKAGES)).path;
  });

  for (const runtime of RUNTIMES) {
    it(`starts on ${runtime}, and leads its administrator to the settings page`, async () => {
      const port = await freePort();
      const host = await startHostProcess({
        runtime,
        folder,
        file: join("recipes", "examples/usual-stack.js"),
        port,
        baseUrl: `http://127.0.0.1:${port}`,
        env: {
          DATABASE: ":memory:",
          COOKIE_KEY: "a key",
          ADMIN_EMAIL: ADMIN.email,
          ADMIN_PASSWORD: ADMIN.password,
        },
      });
      try {
        const browser = makeBrowser();
        const welcome = await (await browser.get(`${host.baseUrl}/`)).text();
        const [, _csrf = ""] = /name="_csrf" value="([^"]*)"/.exec(welcome) ?? [];
        const settings = `${host.baseUrl}/saml/settings/page`;
        expect((await browser.get(settings)).status).to.equal(403);
        const wrong = { ...ADMIN, password: "wrong", _csrf };
        expect((await browser.post(`${host.baseUrl}/password`, wrong)).status).to.equal(401);
        const right = await browser.post(`${host.baseUrl}/password`, { ...ADMIN, _csrf });
        expect(right.status).to.equal(302);
        expect((await browser.get(settings)).status).to.equal(200);
      } finally {
        await host.stop();
      }
    });
  }
});
