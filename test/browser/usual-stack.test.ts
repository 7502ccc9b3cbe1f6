import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { expect } from "chai";
import knexFactory from "knex";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type DevIdp, startDevIdp } from "../../src/dev-idp/server.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { makeFolder } from "../examples/support/demo-process.ts";
import { freePort, type HostProcess, startHostProcess } from "../packaging/support/host-process.ts";
import { childScript } from "../support/child-script.ts";
import { axeFindings } from "./axe.ts";
import { launchBrowser } from "./support.ts";
import { watchErrors } from "./watch.ts";

const HOST = new URL("../../examples/usual-stack.ts", import.meta.url);
const ADMIN = { email: "root@platform.example", password: "correct horse" };

describe("a platform with the usual stack, in a real browser", () => {
  const folder = makeFolder();
  const DATABASE = `${folder.path}/platform.sqlite`;
  const key = makeTestKey();
  let browser: Browser;
  let host: HostProcess;
  let idp: DevIdp;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  before(async () => {
    const [SP_KEY, SP_CERTIFICATE] = [`${folder.path}/sp.key`, `${folder.path}/sp.crt`];
    const pair = makeTestKey();
    writeFileSync(SP_KEY, pair.privateKey);
    writeFileSync(SP_CERTIFICATE, pair.certificate);
    const port = await freePort();
    const file = (await childScript(HOST)).at(-1) ?? "";
    host = await startHostProcess({
      folder: ".",
      file,
      port,
      baseUrl: `http://localhost:${port}`,
      env: {
        DATABASE,
        COOKIE_KEY: "key-of-this-test",
        ADMIN_EMAIL: "Root@platform.example",
        ADMIN_PASSWORD: ADMIN.password,
        SP_KEY,
        SP_CERTIFICATE,
      },
    });
    idp = await startDevIdp({ port: 0, serviceProvider: `${host.baseUrl}/saml/metadata`, key });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await idp?.close();
    await host?.stop();
    folder.remove();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    faults = watchErrors(page);
  });
  afterEach(async () => {
    await context.close();
    expect(faults).to.deep.equal([]);
  });

  const signInWithPassword = async (email = ADMIN.email) => {
    await page.goto(host.baseUrl);
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    if (email === ADMIN.email) await page.getByRole("heading", { name: email }).waitFor();
  };
  const addUserWithSamePassword = async (email: string) => {
    const connection = { filename: DATABASE };
    const knex = knexFactory({ client: "sqlite3", connection, useNullAsDefault: true });
    const administrator = await knex("users").where({ email: ADMIN.email }).first();
    await knex("users").insert({ ...administrator, id: randomUUID(), email, role: "member" });
    await knex.destroy();
  };
  const answerIdp = async (email: string) => {
    await page.getByLabel("Email address").fill(email);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(`${host.baseUrl}/`);
  };

  /** As scripts of a page do: with the session, from the page's origin. */
  const send = (method: string, path: string, body: unknown, version: number) =>
    page.evaluate(
      async ({ method, path, body, etag }) => {
        const headers = { "Content-Type": "application/json", "If-Match": etag };
        const response = await fetch(path, { method, headers, body });
        return { status: response.status, answer: await response.json() };
      },
      { method, path, body: JSON.stringify(body), etag: `"${version}"` },
    );

  it("lets the administrator set up single sign-on on the settings page", async () => {
    await signInWithPassword();
    await page.getByRole("link", { name: "Single sign-on" }).click();
    await page.waitForURL(/\/saml\/settings\/page/);
    const document = await (await fetch(`${idp.url}/koa-saml-jit.json?role=member`)).json();
    expect((await send("PUT", "/saml/settings", document, 0)).status).to.equal(200);
    await page.reload();
    expect(await page.locator("body").textContent()).to.match(/Single sign-on settings\s*On/);
  });

  it("signs in by a link, and out", async () => {
    await page.goto(host.baseUrl);
    await page.getByRole("link", { name: "Sign in with SSO" }).click();
    await answerIdp("ada@customer.example");
    await page.getByRole("heading", { name: "ada@customer.example" }).waitFor();
    // By a form as well, which leads to the identity provider and back.
    const asked = page.waitForRequest(`${idp.url}/slo?SAMLRequest=*`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await asked;
    await page.getByRole("heading", { name: "Welcome" }).waitFor();
  });

  it("meets a development identity provider whose form is accessible", async () => {
    await page.goto(idp.url);
    await page.getByText("NameID and destination").click();
    expect(await axeFindings(page)).to.deep.equal([]);
  });

  it("signs in by a form, which form-action 'self' does not stop", async () => {
    await page.goto(host.baseUrl);
    await page.getByRole("button", { name: "Sign in with SSO by a form" }).click();
    await answerIdp("bob@customer.example");
    await page.getByRole("heading", { name: "bob@customer.example" }).waitFor();
  });

  it("leads users with a password on where single sign-on is enforced, and exempts one", async () => {
    await signInWithPassword();
    await page.getByRole("link", { name: "Single sign-on" }).click();
    const { _meta, ...settings } = (await send("GET", "/saml/settings", undefined, 0)).answer;
    const enforcement = { enabled: true, exempt: [ADMIN.email] };
    const wanted = { ...settings, enforcement };
    const begun = await send("POST", "/saml/settings/test-sign-ins", { settings: wanted }, 1);
    await page.goto(begun.answer.url);
    await page.getByLabel("Email address").fill("bob@customer.example");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/test-sign-ins\//);
    const saved = await send("PUT", "/saml/settings", wanted, 1);
    expect(saved.status, JSON.stringify(saved.answer)).to.equal(200);

    await context.clearCookies();
    await signInWithPassword();
    await context.clearCookies();
    await addUserWithSamePassword("pat@customer.example");
    await signInWithPassword("pat@customer.example");
    await page.getByRole("heading", { name: "Your organization signs in with SSO" }).waitFor();
    expect(faults.splice(0)).to.have.length(1); // that the page has the status 403
    await page.getByRole("link", { name: "Sign in with SSO" }).click();
    await answerIdp("pat@customer.example");
    await page.getByRole("heading", { name: "pat@customer.example" }).waitFor();
  });

  it("keeps nothing of the session before, and takes no form without its token", async () => {
    await signInWithPassword();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Welcome" }).waitFor();
    const response = await page.request.post(`${host.baseUrl}/password`, { form: ADMIN });
    expect(response.status()).to.equal(403);
  });
});
