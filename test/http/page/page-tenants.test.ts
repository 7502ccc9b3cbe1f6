import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";
import { visitPage } from "./support.ts";

describe("the settings pages of several tenants", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
      requireAdmin: (_ctx, { tenant }) => (tenant === "red" ? { id: "red-admin" } : undefined),
    });
    await host.saml.saveSettings("red", openSettings(host), "set-up");
    await host.saml.saveSettings("blue", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  it("each is at its own address, for its own administrators", async () => {
    const red = visitPage(host, "/t/red/saml");
    const page = await red.open();
    expect(page.text("sp-acs-url")).to.equal(`${host.baseUrl}/t/red/saml/acs`);
    expect(page.html).to.include(`${host.baseUrl}/t/red/saml/settings/assets/`);
    expect((await red.press(page, "disable")).status).to.equal(303);
    expect((await host.saml.readSettings("red")).settings.enabled).to.equal(false);
    expect((await host.saml.readSettings("blue")).settings.enabled).to.equal(true);
  });

  it("another tenant's administrator sees nothing and changes nothing", async () => {
    const page = await visitPage(host, "/t/red/saml").open();
    const blue = visitPage(host, "/t/blue/saml");
    for (const path of ["", "/activity"]) {
      expect((await fetch(`${host.baseUrl}/t/blue/saml/settings/page${path}`)).status).to.equal(
        403,
      );
    }
    for (const action of ["save", "enable", "disable", "test", "preview", "refresh"]) {
      expect((await blue.press(page, action)).status).to.equal(403);
    }
    expect((await host.saml.readSettings("blue")).version).to.equal(1);
  });

  it("does not show a test of another tenant", async () => {
    const red = visitPage(host, "/t/red/saml");
    const begun = await red.press(await red.open(), "test");
    const [, start = ""] = /id="test-start" href="([^"]*)\/start"/.exec(begun.html) ?? [];
    expect((await fetch(`${start}/result`)).status).to.equal(200);
    expect((await fetch(`${start.replace("/red/", "/blue/")}/result`)).status).to.equal(403);
  });
});
