import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { arrive } from "../../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";

describe("the page of activity", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    await arrive(host, "ada@customer.example");
    const autoProvisioning = { ...openSettings(host).autoProvisioning, enabled: false };
    await host.saml.saveSettings("default", openSettings(host, { autoProvisioning }), "set-up");
    await arrive(host, "bob@customer.example");
  });
  afterEach(() => host.stop());

  const open = async (query = "") => {
    const response = await fetch(`${host.baseUrl}/saml/settings/page/activity${query}`);
    return { response, status: response.status, html: await response.text() };
  };
  const entries = (html: string) => html.match(/<li class="entry">/g)?.length ?? 0;

  it("shows everything, newest first", async () => {
    const { status, html } = await open();
    expect(status).to.equal(200);
    expect(entries(html)).to.equal(4);
    expect(html.indexOf("bob@customer.example")).to.be.lessThan(html.indexOf("ada@customer"));
  });

  it("explains a refusal that is looked up by its reference, however it is typed", async () => {
    const refused = host.memory
      .auditEntries(host.tenant)
      .find(({ outcome }) => outcome === "denied");
    const typed = refused?.reference.toLowerCase().replaceAll("-", " ") ?? "";
    const { html } = await open(`?reference=${encodeURIComponent(typed)}`);
    expect(entries(html)).to.equal(1);
    expect(html).to.include("<details open>");
    expect(html)
      .to.match(/What failed<\/dt><dd>[^<]+/)
      .and.to.match(/What to do<\/dt><dd>[^<]+/);
  });

  it("names the connection and where a sign-in began, and no user where none is known", async () => {
    await arrive(host, "not an address");
    const { html } = await open("?show=refused");
    expect(html)
      .to.include("<strong>Unknown user</strong>")
      .and.include("<dt>Connection</dt><dd>Single sign-on</dd>")
      .and.match(/<dt>Started<\/dt><dd>at (this service|the identity provider)<\/dd>/);
    expect(html).not.to.include("<strong>saml:");
    const overview = await (await fetch(`${host.baseUrl}/saml/settings/page`)).text();
    expect(overview).to.include("Unknown user").and.not.include(">saml:");
  });

  it("says beside its title whether single sign-on is on, as the other screens do", async () => {
    const badge = /class="product"><a[^>]*>[^<]+<\/a> <span class="badge good">On</;
    expect((await open()).html).to.match(badge);
    const users = await fetch(`${host.baseUrl}/saml/settings/page/users`);
    expect(await users.text()).to.match(badge);
  });

  it("filters by what happened, by person and by day", async () => {
    for (const [query, count] of [
      ["?show=refused", 1],
      ["?show=provisioned", 1],
      ["?show=settings-saved", 2],
      ["?email=ADA@customer.example", 1],
      ["?email=nobody", 0],
      ["?reference=%00", 0],
      ["?from=2999-01-01", 0],
      ["?from=2000-01-01&until=2999-01-01", 4],
      ["?from=yesterday", 0],
      ["?show=refused&show=denied", 4],
      ["?unknown=1", 4],
    ] as const) {
      const { status, html } = await open(query);
      expect({ query, status, count: entries(html) }).to.deep.equal({ query, status: 200, count });
    }
  });

  it("exports what it shows", async () => {
    const { html } = await open("?show=refused&email=bob@customer.example");
    const [, address = ""] = /href="([^"]*format=csv[^"]*)"/.exec(html) ?? [];
    const csv = await (await fetch(address.replaceAll("&amp;", "&"))).text();
    expect(csv.trim().split("\n")).to.have.length(2);
    expect(csv).to.include("bob@customer.example");
  });

  it("pages", async () => {
    for (let number = 0; number < 25; number += 1) await arrive(host, "ada@customer.example");
    const first = await open();
    expect(entries(first.html)).to.equal(25);
    const [, older = ""] = /href="([^"]*)" rel="next"/.exec(first.html) ?? [];
    const second = await open(new URL(older.replaceAll("&amp;", "&")).search);
    expect(entries(second.html)).to.equal(4);
  });

  it("is for administrators, and escapes what others wrote", async () => {
    const evil = encodeURIComponent(`"><script>alert(1)</script>`);
    expect((await open(`?email=${evil}&reference=${evil}`)).html).not.to.include("<script>alert");
    host.admin = undefined;
    expect((await open()).status).to.equal(403);
  });
});
