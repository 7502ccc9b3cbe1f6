import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { formFor } from "../support/arrivals.ts";
import { LISTS, openSettings } from "../support/host.ts";
import { type Desk, press, startDesk } from "./settings-desk.ts";

/** Breaks out of text, attributes, scripts, styles and URLs wherever it is not escaped. */
const EVIL = `"'></textarea></option></title><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">x</a>\${7*7}`;

/** As it must not be: an element that only {@link EVIL} has. */
const BROKEN_OUT = 'img, script:not([src]), a[href^="javascript" i], [onerror], iframe, object';

describe("texts of an identity provider, of the host or of an administrator", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
    const evil = <T extends { readonly id: string }>(list: readonly T[]) =>
      list.map((entry) => ({ ...entry, name: `${entry.id} ${EVIL}` }));
    desk.host.catalog.replace({
      roles: evil(LISTS.roles),
      groups: [...evil(LISTS.groups), { id: EVIL, name: EVIL }],
      organizations: evil(LISTS.organizations),
    });
  });
  after(() => desk.stop());
  // No dialog, no request elsewhere, and nothing that the policy had to stop.
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  async function expectText(page: Page, within = "body"): Promise<void> {
    expect(await page.locator(BROKEN_OUT).count()).to.equal(0);
    expect(await page.locator(within).first().textContent()).to.include(
      "<script>alert(1)</script>",
    );
  }

  it("stay text in the form, in its faults and in what is read live", async () => {
    const { host } = desk;
    const subject = EVIL.slice(0, 60);
    const certificates = [makeTestKey({ subject }).certificate];
    const settings = openSettings(host, {
      enabled: false,
      connection: host.idp.connection({ entityId: EVIL, certificates }),
      profile: { firstName: EVIL },
    });
    await host.saml.saveSettings("default", settings, EVIL);
    const page = await desk.sitDown({ id: EVIL });
    await expectText(page, "#status");
    await expectText(page, "#autoProvisioning-groups");
    expect(await page.locator("#connection-certificates").textContent()).to.include("/option");
    for (const label of [
      "Issuer (entity ID)",
      "Single sign-on URL",
      "Single logout URL",
      "Allowed email domains",
      "Full name attribute",
      "Certificate (PEM or Base64)",
      "Search organizations",
      "Metadata (XML)",
    ]) {
      const field = page.locator("input, textarea").and(page.getByLabel(label)).first();
      await field.evaluate((element: { closest(selector: string): object | null }) => {
        const details = element.closest("details");
        if (details !== null) Reflect.set(details, "open", true);
      });
      await field.fill(EVIL);
    }
    await page.getByRole("radio", { name: "One attribute" }).check();
    await page.getByLabel("Email address attribute", { exact: true }).fill(EVIL);
    await page.getByLabel("Email address", { exact: true }).fill(EVIL);
    await press(page, "Show");
    await page.getByText("Fix the problems in the form").waitFor();
    await press(page, "Save");
    await page.getByText("Nothing was saved:").waitFor();
    await expectText(page);
    expect(await page.getByLabel("Single sign-on URL").inputValue()).to.equal(EVIL);
    await press(page, "Import metadata");
    await page.getByText("This is not the metadata of a SAML identity provider.").waitFor();
    await expectText(page);
  });

  it("stay text in metadata that is read, in previews and in what another administrator changed", async () => {
    const { host } = desk;
    await host.saml.saveSettings("default", openSettings(host, { enabled: false }), "set-up");
    const page = await desk.sitDown({ id: EVIL });
    const both = [EVIL, `${EVIL}2`].map((entityId) => makeSigningIdp({ entityId }).metadata());
    await page.locator("summary", { hasText: "Import metadata" }).click();
    await page
      .getByLabel("Metadata (XML)")
      .fill(
        `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${both.join("")}</md:EntitiesDescriptor>`,
      );
    await press(page, "Import metadata");
    await expectText(page, "#providers");
    await page.locator('button[value="choose-provider:0"]').click();
    await page.getByText("The form is filled in from the metadata.").waitFor();
    expect(await page.getByLabel("Issuer (entity ID)").inputValue()).to.equal(EVIL);
    await page.getByLabel("Email address", { exact: true }).fill("ada@customer.example");
    await page.getByText("A user would be created for ada@customer.example").waitFor();
    await expectText(page, "#preview");
    const theirs = openSettings(host, { enabled: false, profile: { firstName: EVIL } });
    await host.saml.saveSettings("default", theirs, EVIL);
    await page.getByLabel("First name attribute").fill("mine");
    await press(page, "Save");
    await expectText(page, "#conflict");
  });

  it("stay text in the activity, in what people see and in links", async () => {
    const { host } = desk;
    await host.saml.saveSettings("default", openSettings(host), EVIL);
    const page = await desk.sitDown({ id: EVIL });
    const stranger = makeSigningIdp({ entityId: EVIL, clock: host.clock });
    const to = { acsUrl: `${host.baseUrl}/saml/acs`, audience: `${host.baseUrl}/saml/metadata` };
    const posts = [
      formFor(host, "ada@customer.example", { relayState: EVIL, attributes: { [EVIL]: EVIL } }),
      formFor(host, "ada@customer.example", { relayState: "javascript:alert(4)" }),
      formFor(host, EVIL),
      formFor(host, "ada@customer.example", { status: [EVIL, EVIL], inResponseTo: EVIL }),
      { ...stranger.form({ ...to, email: EVIL }) },
      { SAMLResponse: EVIL },
    ];
    for (const form of posts) {
      const answer = await page.request.post(`${host.baseUrl}/saml/acs`, {
        form,
        maxRedirects: 0,
        headers: { Accept: "text/html" },
      });
      const { location = `${host.baseUrl}/` } = answer.headers();
      expect(new URL(location, host.baseUrl).origin).to.equal(host.baseUrl);
      const shown = await page.context().newPage();
      await shown.setContent(await answer.text());
      expect(await shown.locator(BROKEN_OUT).count()).to.equal(0);
      await shown.close();
    }
    const activity = `${desk.url}/../activity`;
    for (const query of [
      "",
      "?show=refused",
      ...["email", "reference", "show", "from", "after"].map(
        (name) => `?${name}=${encodeURIComponent(EVIL)}`,
      ),
    ]) {
      await page.goto(`${activity}${query}`);
      expect(await page.locator(BROKEN_OUT).count(), query).to.equal(0);
      if (query.length < 14) await expectText(page);
    }
    await page.goto(`${desk.url}?done=${encodeURIComponent(EVIL)}#${encodeURIComponent(EVIL)}`);
    expect(await page.locator(BROKEN_OUT).count()).to.equal(0);
    await page.goto(`${host.baseUrl}/saml/sign-in?returnTo=${encodeURIComponent("javascript:1")}`);
    const start = await page.getByRole("link", { name: "Sign in with SSO" }).getAttribute("href");
    expect(start).to.equal(`${host.baseUrl}/saml/login`);
  });
});
