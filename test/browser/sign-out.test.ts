import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { after, before, beforeEach, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { startHost } from "../support/host.ts";
import { launchBrowser } from "./support.ts";

const { privateKey, certificate } = makeTestKey();

/** Chromium says where a request comes from to https and to localhost only, unless it posts. */
describe("signing out over plain http to a host name", () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  let ended: number;

  before(async () => {
    browser = await launchBrowser("--host-resolver-rules=MAP *.test 127.0.0.1");
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    url = `http://platform.test:${port}`;
    await startHost({
      public: url,
      server,
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => undefined,
        signOut: () => {
          ended += 1;
        },
      },
    });
  });
  beforeEach(() => {
    ended = 0;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await browser.close();
  });

  for (const policy of ["no-referrer", "unsafe-url"]) {
    it(`asks whoever follows a link of another site, and works then (${policy})`, async () => {
      const page = await browser.newPage();
      await page.route("http://elsewhere.test/", (route) =>
        route.fulfill({
          contentType: "text/html",
          body: `<a href="${url}/saml/logout" referrerpolicy="${policy}">Look</a>`,
        }),
      );
      await page.goto("http://elsewhere.test/");
      await page.getByRole("link", { name: "Look" }).click();
      await page.getByRole("heading", { name: "Do you want to sign out?" }).waitFor();
      expect(ended).to.equal(0);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(`${url}/`);
      expect(ended).to.equal(1);
      await page.close();
    });
  }

  it("ends nothing for a picture or a frame of another site", async () => {
    const page = await browser.newPage();
    const attempts = `<img src="${url}/saml/logout"><iframe src="${url}/saml/logout"></iframe>`;
    await page.route("http://elsewhere.test/", (route) =>
      route.fulfill({ contentType: "text/html", body: attempts }),
    );
    await page.goto("http://elsewhere.test/", { waitUntil: "load" });
    expect(ended).to.equal(0);
    await page.close();
  });

  it("follows a link of the platform", async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/`);
    await page.setContent(`<a href="${url}/saml/logout">Sign out</a>`);
    await page.getByRole("link", { name: "Sign out" }).click();
    await page.waitForURL(`${url}/`);
    expect(ended).to.equal(1);
    await page.close();
  });
});
