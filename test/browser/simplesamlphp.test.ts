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

const MOST_INTERACTIONS = 12;

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

  for (const width of [1280, 390]) {
    it(`leads an administrator by the metadata URL to the first user in ${MOST_INTERACTIONS} interactions, at ${width} pixels`, async () => {
      const fresh = await startPlatform({
        // As the guarded fetcher, but from loopback, where this identity provider is.
        fetchMetadata: async () => ({ kind: "metadata", xml: await idp.metadata() }),
      });
      const context = await chromium.newContext({ viewport: { width, height: 844 } });
      try {
        idp.configureWithMetadata(await fresh.metadata());
        const setup = await context.newPage();
        await setup.goto(`${fresh.host.baseUrl}/saml/settings/page`);
        let interactions = 0;
        const interact = async (step: Promise<unknown>) => {
          interactions += 1;
          await step;
        };
        const button = (name: string) => setup.getByRole("button", { name, exact: true });

        await interact(button("SimpleSAMLphp").click());
        await setup.getByText("Steps at SimpleSAMLphp").waitFor();
        await interact(setup.getByLabel("Metadata URL").fill("https://idp.example/metadata"));
        await interact(button("Import from this URL").click());
        await setup.getByText("The form is filled in from the metadata.").waitFor();
        await interact(setup.getByLabel("Create users at their first sign-in").check());
        await interact(setup.getByLabel("Role", { exact: true }).selectOption({ label: "Editor" }));
        const opened = context.waitForEvent("page");
        await interact(button("Start a test sign-in").click());
        const tab = await opened;
        await interact(tab.fill("#username", PEOPLE.alice.username));
        await interact(tab.fill("#password", PEOPLE.alice.password));
        await interact(tab.press("#password", "Enter"));
        await tab.getByRole("heading", { name: "Result of the test sign-in" }).waitFor();
        await tab.close();
        await setup.locator("#progress li.done", { hasText: "Run a test sign-in" }).waitFor();
        await interact(button("Save and turn on").click());
        await setup.getByText("Saved.").waitFor();
        await setup.goto((await setup.locator("#sign-in-link").textContent()) ?? "");
        // Who is signed in at the identity provider already is not asked again.
        await interact(setup.getByRole("link", { name: "Sign in with SSO" }).click());
        await setup.waitForURL(`${fresh.host.baseUrl}/`);
        const users = fresh.host.memory.usersOf(fresh.host.tenant);
        expect(users.map(({ email }) => email)).to.deep.equal(["alice@customer.example"]);
        expect(interactions).to.be.at.most(MOST_INTERACTIONS);
        await setup.goto(`${fresh.host.baseUrl}/saml/settings/page`);
        expect(await setup.locator("#status").textContent()).to.match(/Users created\s*1/);
      } finally {
        await context.close();
        await fresh.stop();
      }
    });
  }
});
