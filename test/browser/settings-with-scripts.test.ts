import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { openSettings } from "../support/host.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

describe("what scripts add to the settings page", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
  });
  after(() => desk.stop());
  beforeEach(() => desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up"));
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  it("a file with metadata is read when it is chosen", async () => {
    const page = await desk.sitDown();
    await page.locator("summary", { hasText: "Import metadata" }).click();
    await page.getByLabel("Issuer (entity ID)").fill("typed over");
    await page.getByLabel("Metadata file").setInputFiles({
      name: "metadata.xml",
      mimeType: "application/xml",
      buffer: Buffer.from(desk.host.idp.metadata()),
    });
    await page.getByText("The form is filled in from the metadata.").waitFor();
    expect(await page.getByLabel("Issuer (entity ID)").inputValue()).to.equal(
      desk.host.idp.entityId,
    );
  });

  it("a file with metadata is read when it is dropped on the page", async () => {
    const page = await desk.sitDown({ path: "/settings/page/connections" });
    await page.getByLabel("Issuer (entity ID)").fill("typed over");
    const files = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(desk.host.idp.metadata())}], "m.xml"));
      return transfer;
    })()`);
    await page.locator("#connection").dispatchEvent("drop", { dataTransfer: files });
    await page.getByText("The form is filled in from the metadata.").waitFor();
    expect(await page.getByLabel("Issuer (entity ID)").inputValue()).to.equal(
      desk.host.idp.entityId,
    );
  });

  it("a certificate says what it is as soon as it is typed", async () => {
    const page = await desk.sitDown();
    await press(page, "Add a certificate");
    const text = page.getByLabel("Certificate (PEM or Base64)").last();
    await text.fill("nonsense");
    await page.getByText("not an X.509 certificate").waitFor();
    await text.fill(makeTestKey({ kind: "ec-p256", subject: "the next one" }).certificate);
    await page.getByText("CN=the next one").waitFor();
  });

  it("an address can be copied", async () => {
    const page = await desk.sitDown({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: /^Copy: Assertion consumer service/ }).click();
    await page.getByText("Copied").first().waitFor();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).to.equal(`${desk.host.baseUrl}/saml/acs`);
  });

  it("leaving with something typed is asked about, and nothing else is", async () => {
    const page = await desk.sitDown();
    const asked: string[] = [];
    page.on("dialog", (dialog) => asked.push(dialog.type()));
    await page.getByLabel("Search organizations").fill("wes");
    await page.getByRole("checkbox", { name: "West" }).waitFor();
    await page.goto(desk.url);
    expect(asked).to.deep.equal([]);
    await page.getByLabel("First name attribute").fill("givenName");
    await page.goto(`${desk.url}/../activity`);
    expect(asked).to.deep.equal(["beforeunload"]);
    await page.goto(desk.url);
    await page.getByLabel("First name attribute").fill("givenName");
    await press(page, "Save");
    await page.getByText("Saved.").waitFor();
    await page.goto(`${desk.url}/../activity`);
    expect(asked).to.have.length(1);
  });

  it("a search whose answer does not come says so, and loses nothing", async () => {
    const page = await desk.sitDown();
    await page.getByLabel("First name attribute").fill("givenName");
    await page.route(desk.url, (route) =>
      route.request().method() === "POST" ? route.fulfill({ status: 204 }) : route.continue(),
    );
    await page.getByLabel("Search organizations").fill("wes");
    await page.getByText("The server could not be reached. Nothing was changed.").waitFor();
    await page.unroute(desk.url);
    await page.getByLabel("Search organizations").fill("west");
    await page.getByRole("checkbox", { name: "North" }).waitFor({ state: "hidden" });
    expect(await page.getByLabel("Search organizations").inputValue()).to.equal("west");
    expect(await page.getByLabel("First name attribute").inputValue()).to.equal("givenName");
  });

  for (const [label, value] of [
    ["Single sign-on URL", ""],
    ["Issuer (entity ID)", ""],
  ] as const) {
    it(`a test sign-in that cannot start shows why: ${label} is missing`, async () => {
      const page = await desk.sitDown();
      await page.getByLabel(label).fill(value);
      await page.getByRole("button", { name: "Start a test sign-in" }).click();
      await page.getByRole("alert").first().waitFor();
      expect(await page.getByLabel(label).getAttribute("aria-invalid")).to.equal("true");
    });
  }

  it("keeps waiting for a test sign-in after one failed request", async () => {
    const page = await desk.sitDown();
    const asked: number[] = [];
    await page.route(/\/settings\/test-sign-ins\/[^/]+$/, (route) => {
      asked.push(asked.length);
      return asked.length === 1
        ? route.fulfill({ status: 204 })
        : route.fulfill({ json: { state: "succeeded" } });
    });
    // Nobody goes to the identity provider.
    await page.context().route(/\/start$/, (route) => route.fulfill({ status: 204 }));
    const opened = page.context().waitForEvent("page");
    await page.getByRole("button", { name: "Start a test sign-in" }).click();
    await opened;
    await page.waitForRequest(
      (request) => request.method() === "POST" && asked.length === 2 && request.url() === desk.url,
    );
  });
});
