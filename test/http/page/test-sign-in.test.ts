import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { requestIdIn } from "../../support/arrivals.ts";
import { makeBrowser } from "../../support/browser.ts";
import { openSettings, readShort, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, type SeenPage, visitPage } from "./support.ts";

type Sent = NonNullable<Parameters<TestHost["idp"]["form"]>[0]["attributes"]>;

describe("a test sign-in from the settings page", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
    await host.saml.saveSettings("default", openSettings(host, { enabled: false }), "set-up");
  });
  afterEach(() => host.stop());

  const stored = () => readShort(host);

  /** Goes to the identity provider as the page's link leads, and comes back. */
  const test = async (
    page: SeenPage,
    email = "ada@customer.example",
    { language = "en", ...sends }: { readonly language?: string; readonly attributes?: Sent } = {},
  ) => {
    const browser = makeBrowser();
    const [, start = ""] = /id="test-start" href="([^"]*)"/.exec(page.html) ?? [];
    const sent = await browser.get(start);
    const form = host.idp.form({
      acsUrl: `${host.baseUrl}/saml/acs`,
      audience: `${host.baseUrl}/saml/metadata`,
      email,
      inResponseTo: requestIdIn(sent),
      ...sends,
    });
    const back = await browser.post(`${host.baseUrl}/saml/acs`, { ...form });
    const result = back.headers.get("Location") ?? "";
    const shown = await browser.get(result, { "Accept-Language": language });
    return { sent, back, result, status: shown.status, html: await shown.text() };
  };

  it("warns, refuses and advises in the language of the page", async () => {
    const begun = await visitor.press(await visitor.open(), "test", {
      "email-allowedDomains": "other.example",
    });
    const attributes = { "http://schemas.microsoft.com/claims/groups.link": ["https://graph"] };
    const { html } = await test(begun, undefined, { language: "de", attributes });
    expect(html)
      .to.include("Die Testanmeldung ist fehlgeschlagen.")
      .and.include("Nehmen Sie die Domain unter „Zugelassene E-Mail-Domains“ auf")
      .and.include("Mit Ihrer E-Mail-Domain ist hier keine Anmeldung möglich.")
      .and.include("weil es zu viele sind; deshalb vergibt keine Regel etwas für sie.")
      .and.include('<dd lang="en">');
  });

  it("shows what was received and what would happen, and lets the settings be switched on", async () => {
    const page = await visitor.open();
    const changed = { "email-allowedDomains": "customer.example" };
    const refused = await visitor.press(page, "enable", changed);
    expect(refused.status).to.equal(422);
    expect(refused.html).to.include('<a href="#untested">');
    expect((await stored()).version).to.equal(1);

    const begun = await visitor.press(refused, "test");
    expect(begun.text("notice")).to.include("Continue at the identity provider");
    const { result, status, html } = await test(begun);
    expect(result).to.match(/\/settings\/test-sign-ins\/[^/]+\/result$/);
    expect(status).to.equal(200);
    expect(html)
      .to.include("The test sign-in succeeded.")
      .and.to.include("A user would be created for")
      .and.to.match(/<dt>Time of authentication<\/dt><dd><time datetime="[^"]*Z"[^>]*>[^<]+</i)
      .and.to.match(/<dd>urn:<wbr\/?>oasis:.+:<wbr\/?>PasswordProtectedTransport<\/dd>/);
    expect(host.signedIn).to.have.length(0);
    expect(host.memory.usersOf(host.tenant)).to.have.length(0);

    const after = await visitor.press(begun, "refresh");
    expect(after.text("test-sign-in")).to.include("The test sign-in succeeded.");
    expect(after.text("proof")).to.match(
      /^A test sign-in has succeeded with these settings admin-1/,
    );
    expect((await visitor.press(after, "enable")).status).to.equal(303);
    const { settings } = await stored();
    expect(settings.enabled).to.equal(true);
    expect(settings.email.allowedDomains).to.deep.equal(["customer.example"]);
  });

  it("proves the settings that were tested, and no others", async () => {
    const begun = await visitor.press(await visitor.open(), "test");
    await test(begun);
    const other = await visitor.press(begun, "enable", {
      "connection-ssoUrl": "https://x.example/",
    });
    expect(other.status).to.equal(422);
    expect(other.text("untested-fault")).to.include("No test sign-in has succeeded");
  });

  it("says why it did not work, and proves nothing", async () => {
    const page = await visitor.open();
    const begun = await visitor.press(page, "test", { "email-allowedDomains": "other.example" });
    const { html } = await test(begun);
    expect(html).to.include("The test sign-in failed.").and.to.include("What to do");
    expect((await visitor.press(begun, "enable")).status).to.equal(422);
    const sure = await visitor.press(begun, "enable", { untested: "1" });
    expect(sure.status).to.equal(303);
    expect((await stored()).settings.enabled).to.equal(true);
  });

  it("is not begun with settings that would not work", async () => {
    const page = await visitor.open();
    const refused = await visitor.press(page, "test", { "connection-ssoUrl": "nonsense" });
    expect(refused.status).to.equal(422);
    expect(refused.html).not.to.include("test-start");
    expect(refused.html).to.include('<a href="#connection-ssoUrl">');
  });

  it("while it is on: a changed connection takes a test, other changes do not", async () => {
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    const page = await visitor.open();
    expect(page.text("proof")).to.equal(undefined);
    const changed = { "connection-ssoUrl": "https://idp.example/other" };
    expect((await visitor.press(page, "save", changed)).status).to.equal(422);
    expect((await visitor.press(page, "save", { ...changed, untested: "1" })).status).to.equal(303);
    const again = await visitor.open();
    expect(
      (await visitor.press(again, "save", { "autoProvisioning-role": "lite" })).status,
    ).to.equal(303);
  });

  it("shows its result to administrators only, and 404 for an unknown test", async () => {
    const begun = await visitor.press(await visitor.open(), "test");
    const { result } = await test(begun);
    const unknown = await fetch(result.replace(/[^/]+\/result$/, "nothing/result"));
    expect(unknown.status).to.equal(404);
    host.admin = undefined;
    expect((await fetch(result)).status).to.equal(403);
  });
});
