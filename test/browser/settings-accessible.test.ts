import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { reissue } from "../../src/testing/signing-idp/certificate.ts";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { arrive, formFor } from "../support/arrivals.ts";
import { openSettings } from "../support/host.ts";
import { axeFindings } from "./axe.ts";
import { screenshot } from "./screenshots.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

const DAY_MS = 24 * 3600 * 1000;
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1100, height: 900 };

/** Each state of each page: axe finds nothing, in both colour schemes, and no screen is too narrow. */
describe("the settings page in every state", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk({ licenseLimit: () => 10 });
  });
  after(() => desk.stop());
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  async function expectUsable(page: Page, state: string): Promise<void> {
    expect(await axeFindings(page), state).to.deep.equal([]);
    await screenshot(page, { name: state });
    await page.setViewportSize(NARROW);
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width, `${state}, the width of what is shown`).to.equal(NARROW.width);
    await page.setViewportSize(WIDE);
  }

  const sitDown = (path?: string) =>
    desk.sitDown({ viewport: WIDE, ...(path === undefined ? {} : { path }) });

  it("before anything is saved", async () => {
    const page = await sitDown();
    await expectUsable(page, "first");
    await page.getByLabel("Metadata (XML)").fill(severalProviders());
    await press(page, "Import metadata");
    await page.getByRole("group", { name: "Select the identity provider" }).waitFor();
    await expectUsable(page, "providers");
  });

  it("with settings that work, a search and a preview", async () => {
    const { host } = desk;
    const soon = reissue(host.idp.key, { notAfter: host.clock.now() + 9 * DAY_MS });
    const certificates = [soon.certificate, host.idp.certificate];
    const connection = host.idp.connection({ certificates });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    const page = await sitDown();
    await page.getByLabel("Search organizations").fill("s");
    await page.getByRole("checkbox", { name: "West" }).check();
    await page.getByRole("checkbox", { name: "North" }).waitFor({ state: "hidden" });
    await page.getByLabel("Email address", { exact: true }).fill("new@customer.example");
    await page.getByText("A user would be created for new@customer.example:").waitFor();
    await expectUsable(page, "saved");
  });

  it("with a save that was refused", async () => {
    const page = await sitDown();
    await page.getByLabel("Issuer (entity ID)").fill("");
    await page.getByLabel("Single sign-on URL").fill("ftp://idp.example");
    await press(page, "Add a certificate");
    await page.getByLabel("Certificate (PEM or Base64)").last().fill("no certificate");
    await page.getByLabel("Allowed email domains").fill("not a domain!");
    await page.getByLabel("Role", { exact: true }).selectOption("administrator");
    await press(page, "Save");
    await page.getByText("Nothing was saved:").waitFor();
    await expectUsable(page, "refused");
  });

  it("with another administrator's change", async () => {
    const { host } = desk;
    const page = await sitDown();
    const role = openSettings(host).autoProvisioning;
    await host.saml.saveSettings(
      "default",
      openSettings(host, {
        email: { source: { kind: "name-id" }, allowedDomains: ["customer.example"] },
        autoProvisioning: { ...role, role: "lite", groups: ["g2"] },
      }),
      "bob",
    );
    await page.getByLabel("Role", { exact: true }).selectOption("administrator");
    await press(page, "Save");
    await page.getByText("Another administrator saved changes").waitFor();
    await expectUsable(page, "conflict");
  });

  it("the license report, and the created users", async () => {
    const { host } = desk;
    const { autoProvisioning } = openSettings(host);
    const rules = [{ when: { attribute: "groups", anyOf: ["leads"] }, role: "lite" }] as const;
    const settings = openSettings(host, {
      // The tests below meet somebody of another domain.
      email: { source: { kind: "automatic" }, allowedDomains: ["customer.example"] },
      autoProvisioning: { ...autoProvisioning, rules },
    });
    await host.saml.saveSettings("default", settings, "set-up");
    await arrive(host, "ada@customer.example");
    const page = await sitDown("/settings/page/licenses");
    await page.getByRole("button", { name: "Show the report" }).click();
    await page.getByText("Created users by month").waitFor();
    await expectUsable(page, "license-report");
    await page.goto(`${host.baseUrl}/saml/settings/page/users`);
    await page.getByLabel("State now").selectOption("active");
    await press(page, "Show");
    await page.getByText("ada@customer.example").first().waitFor();
    await expectUsable(page, "users");
  });

  it("the activity, whole and by a refusal's reference", async () => {
    const { host } = desk;
    await arrive(host, "ada@customer.example");
    const refused = await arrive(host, "eve@elsewhere.example");
    const [reference = ""] = /[0-9A-Z]{4,}(?:-[0-9A-Z]{4,})+/.exec(await refused.text()) ?? [];
    const page = await sitDown("/settings/page/activity");
    await expectUsable(page, "activity");
    await page.getByLabel("Reference").fill(reference.toLowerCase());
    await press(page, "Show");
    await page.getByText("What to do").waitFor();
    expect(await page.locator(".entry").count()).to.equal(1);
    await expectUsable(page, "refusal");
  });

  it("what people see: the start, and a refusal", async () => {
    const page = await sitDown("/sign-in?returnTo=/reports");
    await expectUsable(page, "sign-in");
    const form = formFor(desk.host, "eve@elsewhere.example");
    await page.goto(desk.url);
    await page.route("**/refused", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<form method="post" action="${desk.host.baseUrl}/saml/acs"><input name="SAMLResponse" value="${form["SAMLResponse"]}"><button>Go</button></form>`,
      }),
    );
    await page.goto(`${desk.host.baseUrl}/refused`);
    await press(page, "Go");
    await page.getByText("Reference:").waitFor();
    await expectUsable(page, "person-refused");
  });
});

/** Metadata of a federation: two identity providers with long names. */
function severalProviders(): string {
  const [one, other] = [
    "https://one.idp.example/a-rather-long-path/that-goes-on/metadata",
    "urn:two",
  ].map((entityId) => makeSigningIdp({ entityId }).metadata());
  return `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${one}${other}</md:EntitiesDescriptor>`;
}
