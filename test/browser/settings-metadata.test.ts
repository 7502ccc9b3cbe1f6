import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Page } from "playwright-core";
import {
  type MemoryMetadata,
  makeMemoryMetadata,
} from "../../src/adapters/memory/memory-environment.ts";
import { makeTestKey } from "../../src/testing/mod.ts";
import { metadataXml } from "../../src/testing/signing-idp/idp-xml.ts";
import { openSettings, readShort } from "../support/host.ts";
import { axeFindings } from "./axe.ts";
import { screenshot } from "./screenshots.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

const URL = "https://idp.example/metadata.xml";
const [NEXT_SSO, OTHER_SSO] = ["https://next.example/sso", "https://other.example/sso"];
const next = makeTestKey();

/** What each state is checked for: with scripts by axe, too, which is a script. */
type Check = (page: Page, state: string) => Promise<void>;

const accessible: Check = async (page, state) => {
  expect(await axeFindings(page), state).to.deep.equal([]);
  await screenshot(page, { name: state, part: page.locator("#connections") });
};

describe("the settings page follows metadata", () => {
  const metadata: MemoryMetadata = makeMemoryMetadata();
  let desk: Desk;

  // One for each: what has been read is remembered.
  beforeEach(async () => {
    desk = await startDesk({ fetchMetadata: metadata.fetchMetadata });
    await desk.host.saml.saveSettings("default", openSettings(desk.host), "set-up");
  });
  afterEach(async () => {
    const faults = await desk.leave();
    await desk.stop();
    expect(faults).to.deep.equal([]);
  });

  const publish = (
    changes: { readonly ssoUrl?: string; readonly certificates?: string[] } = {},
  ) => {
    const { entityId, ssoUrl, sloUrl = "", certificates } = desk.host.idp.connection();
    const said = { entityId, ssoUrl, sloUrl, certificates, ...changes };
    metadata.publish(URL, metadataXml(said));
  };
  const stored = async () => (await readShort(desk.host)).settings.connection;

  async function journey(page: Page, check: Check): Promise<void> {
    const reads = () => press(page, "Read the metadata now");
    const shown = (text: string) => page.locator("#metadata-state").getByText(text).waitFor();

    publish();
    await page.locator("summary", { hasText: "Import metadata" }).click();
    await page.getByLabel("Metadata URL").fill(URL);
    await press(page, "Import from this URL");
    await page.getByText("The form is filled in from the metadata.").waitFor();
    await press(page, "Save");
    await page.getByText("Saved.").waitFor();
    expect(await stored()).to.include({ metadataUrl: URL });
    await shown("The metadata has not been read yet.");

    await reads();
    await shown("The metadata was read last:");
    await check(page, "metadata-read");

    metadata.publish(URL, undefined);
    await reads();
    await shown("The metadata cannot be read.");
    await shown("nothing is published there");
    await shown("The metadata was read last:");
    await check(page, "metadata-failing");

    const before = (await stored())?.ssoUrl ?? "";
    publish({ ssoUrl: NEXT_SSO, certificates: [next.certificate] });
    await reads();
    expect(await page.locator("#metadata-state del").textContent()).to.equal(before);
    expect(await page.locator("#metadata-state ins").textContent()).to.equal(NEXT_SSO);
    await shown("No longer in the metadata:");
    await check(page, "metadata-change");
    expect(await stored()).to.include({ ssoUrl: before });
    await press(page, "Accept this change");
    await page.getByText("The change is saved.").waitFor();
    expect(await stored()).to.include({ ssoUrl: NEXT_SSO });
    expect(await page.getByLabel("Single sign-on URL").inputValue()).to.equal(NEXT_SSO);
    expect(await page.locator("#metadata-state del").count()).to.equal(0);

    publish({ ssoUrl: OTHER_SSO, certificates: [next.certificate] });
    await reads();
    expect(await page.locator("#metadata-state ins").textContent()).to.equal(OTHER_SSO);
    await press(page, "Keep what is saved");
    await page.getByText("The change is dismissed.").waitFor();
    expect(await stored()).to.include({ ssoUrl: NEXT_SSO });
    await reads();
    await shown("The metadata was read last:");
    expect(await page.getByRole("button", { name: "Keep what is saved" }).count()).to.equal(0);
    await check(page, "metadata-dismissed");
  }

  const path = "/settings/page/connections";

  it("from the URL to an accepted and a dismissed change, in every state for everybody", async () =>
    journey(await desk.sitDown({ path }), accessible));

  it("the same without scripts", async () =>
    journey(await desk.sitDown({ path, javaScriptEnabled: false }), async () => undefined));
});
