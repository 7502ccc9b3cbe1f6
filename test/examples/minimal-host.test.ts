import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { expect } from "chai";
import { describe, it } from "mocha";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { freePort } from "../packaging/support/host-process.ts";
import { README_HOST } from "../packaging/support/readme.ts";
import { makeBrowser } from "./support/browser.ts";
import { makeFolder, runtimeCommand } from "./support/demo-process.ts";

const ADMIN_TOKEN = "token-of-this-test";

describe("the README's smallest host", () => {
  it("is about 30 lines", () => {
    expect(README_HOST.split("\n").length).to.be.within(20, 36);
  });

  it("signs in an unknown user", async () => {
    const folder = makeFolder();
    // Within the project, so that the README's import finds the package.
    const file = `${folder.path}/host.ts`;
    writeFileSync(file, README_HOST);
    const port = await freePort();
    const BASE_URL = `http://localhost:${port}`;
    const host = startHost(file, {
      BASE_URL,
      PORT: String(port),
      ADMIN_TOKEN,
      COOKIE_KEY: "key-of-this-test",
      DATABASE: `${folder.path}/host.sqlite`,
    });
    try {
      await ready(host);
      const idp = makeSigningIdp();
      const browser = makeBrowser(BASE_URL);
      const settings = {
        enabled: true,
        connection: idp.connection(),
        email: { source: { kind: "automatic" } },
        autoProvisioning: {
          enabled: true,
          role: "member",
          organizations: { kind: "selected", ids: [] },
        },
      };
      const authorization = `Basic ${btoa(`admin:${ADMIN_TOKEN}`)}`;
      const unsaved = { "if-match": '"0"' };
      const stranger = await browser.put("/saml/settings", settings, unsaved);
      expect(stranger.status).to.equal(401);
      const saved = await browser.put("/saml/settings", settings, { ...unsaved, authorization });
      expect(saved.status).to.equal(200);

      expect((await browser.get("/")).text).to.equal("Hello, guest!\n");
      const form = idp.form({
        acsUrl: `${BASE_URL}/saml/acs`,
        audience: `${BASE_URL}/saml/metadata`,
        email: "ada@customer.example",
      });
      const page = await browser.post("/saml/acs", { ...form });
      expect(page.text).to.equal("Hello, ada@customer.example!\n");
    } finally {
      host.kill();
      await new Promise((resolve) => host.once("close", resolve));
      folder.remove();
    }
  });
});

function startHost(file: string, env: Readonly<Record<string, string>>): ChildProcess {
  const [command, args] = runtimeCommand(file);
  const { PATH = "", HOME = "" } = process.env;
  return spawn(command, args, {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function ready(host: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    host.stdout?.once("data", () => resolve());
    host.once("exit", (code) => reject(new Error(`the host ended with ${code}`)));
  });
}
