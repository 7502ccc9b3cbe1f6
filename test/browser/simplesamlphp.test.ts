import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser, Page } from "playwright-core";
import { type Platform, startPlatform } from "../interop/support/platform.ts";
import {
  PEOPLE,
  type Person,
  type SimpleSamlPhp,
  startSimpleSamlPhp,
} from "../interop/support/simplesamlphp.ts";
import { launchBrowser } from "./support.ts";

/** The journeys in which a browser's own rules count: cookies, posts across origins, scripts, history. */
describe("Chromium between the platform and SimpleSAMLphp", () => {
  let idp: SimpleSamlPhp;
  let chromium: Browser;
  let platform: Platform;
  let page: Page;

  before(async () => {
    [idp, chromium] = await Promise.all([startSimpleSamlPhp(), launchBrowser()]);
  });
  after(() => Promise.all([idp.stop(), chromium.close()]));

  beforeEach(async () => {
    platform = await startPlatform();
    idp.configure({ serviceProviders: { [platform.entityId]: platform.registration() } });
    await platform.connect(idp);
    page = await (await chromium.newContext()).newPage();
  });
  afterEach(async () => {
    await page.context().close();
    await platform.stop();
  });

  const addresses = () =>
    platform.host.memory.usersOf(platform.host.tenant).map(({ email }) => email);

  async function signIn({ username, password }: Pick<Person, "username" | "password">) {
    await page.fill("#username", username);
    await page.fill("#password", password);
    await page.press("#password", "Enter");
  }

  it("returns a new user who started here to the requested page", async () => {
    await page.goto(`${platform.loginUrl}?returnTo=/reports`);
    await signIn(PEOPLE.alice);
    await page.waitForURL(`${platform.host.baseUrl}/reports`);
    expect(addresses()).to.deep.equal(["alice@customer.example"]);
    const cookies = await page.context().cookies(platform.host.baseUrl);
    expect(cookies.filter(({ name }) => name.includes("saml_jit_login"))).to.deep.equal([]);
  });

  it("signs in a new user from the identity provider's tile", async () => {
    await page.goto(idp.tileUrl(platform.entityId));
    await signIn(PEOPLE.bob);
    await page.waitForURL(`${platform.host.baseUrl}/`);
    expect(addresses()).to.deep.equal(["bob@customer.example"]);
  });

  it("asks for the password again after a wrong one", async () => {
    await page.goto(platform.loginUrl);
    await signIn({ username: "alice", password: "a guess" });
    await page.getByText("Incorrect username or password").first().waitFor();
    await signIn(PEOPLE.alice);
    await page.waitForURL(`${platform.host.baseUrl}/`);
    expect(platform.sessions()).to.have.lengthOf(1);
  });

  it("lets a user leave the sign-in form and sign in later", async () => {
    await page.goto(`${platform.host.baseUrl}/`);
    await page.goto(platform.loginUrl);
    await page.goBack();
    expect(page.url()).to.equal(`${platform.host.baseUrl}/`);
    expect(addresses()).to.deep.equal([]);
    await page.goto(platform.loginUrl);
    await signIn(PEOPLE.alice);
    await page.waitForURL(`${platform.host.baseUrl}/`);
    expect(addresses()).to.deep.equal(["alice@customer.example"]);
  });

  it("ends both sessions, whichever side a user signs out of", async () => {
    for (const start of [platform.logoutUrl, idp.signOutUrl()]) {
      await page.goto(platform.loginUrl);
      await signIn(PEOPLE.alice);
      await page.waitForURL(`${platform.host.baseUrl}/`);
      expect(platform.sessions()).to.have.lengthOf(1);
      await page.goto(start);
      expect(platform.sessions()).to.deep.equal([]);
      await page.goto(platform.loginUrl);
      expect(await page.locator("#password").count()).to.equal(1);
    }
  });
});
