import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { arrive } from "../../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";
import { visitPage } from "./support.ts";

describe("the overview screen", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    host.licenseLimit = 10;
    host.catalog.replace({ administrators: [{ id: "admin-1", name: "Ada Lovelace" }] });
    await host.saml.saveSettings("default", openSettings(host), "admin-1");
  });
  afterEach(() => host.stop());

  const open = () => visitPage(host, "/saml", "").open();

  it("says how it goes: sign-ins, users, refusals, licenses and certificates", async () => {
    await arrive(host, "ada@customer.example");
    await arrive(host, "bob@customer.example");
    await arrive(host, "bob@customer.example", { sign: "none" });
    host.clock.advance(5 * 60_000);
    const page = await open();
    expect(page.text("status"))
      .to.include("Last sign-in 5 minutes ago")
      .and.to.include("Users created 2")
      .and.to.include("Refusals in the last 7 days 1")
      .and.to.include("Licenses 2 of 10 in use")
      .and.to.match(
        /Single sign-on On Valid until \w{3} \d+, \d{4} imported once, not updated automatically/,
      );
    const figures = page.text("figures") ?? "";
    expect(figures).to.include("Sign-ins 2").and.to.include("New users 2");
    expect(figures).to.include("Jan 1 2 2 1");
    expect(page.html).to.match(/aria-label="Sign-ins: 2\. Most on one day: 2 \(Jan 1\)"/);
  });

  it("calls administrators, groups and roles by their names", async () => {
    await arrive(host, "ada@customer.example");
    const changed = openSettings(host);
    const autoProvisioning = { ...changed.autoProvisioning, groups: ["g2"], role: "lite" };
    await host.saml.saveSettings("default", { ...changed, autoProvisioning }, "admin-1");
    const page = await open();
    expect(page.text("status")).to.include("Saved by Ada Lovelace");
    expect(page.text("activity")).to.include("Ada Lovelace").and.not.include("admin-1");
    const activity = await (await fetch(`${host.baseUrl}/saml/settings/page/activity`)).text();
    expect(activity)
      .to.include("Editor → Lite")
      .and.to.include("Support → Sales")
      .and.to.include("<dt>Role decided by</dt>")
      .and.to.include("<dd>Support</dd>")
      .and.not.include("<code>signedBy</code>");
    const { entries } = (await (
      await fetch(`${host.baseUrl}/saml/settings/audit?outcome=settings-saved`)
    ).json()) as { entries: { actor: string }[] };
    expect(entries[0]?.actor).to.equal("admin-1");
  });

  it("does not wait for figures that take long: they are shown when they are asked for", async () => {
    const { audit } = host.memory.stores;
    const { countByDay } = audit;
    let counted = (): void => undefined;
    const counting = new Promise<void>((resolve) => {
      counted = resolve;
    });
    audit.countByDay = async (tenant, range) => {
      await counting;
      return countByDay(tenant, range);
    };
    await arrive(host, "ada@customer.example");
    const visitor = visitPage(host, "/saml", "");
    const page = await visitor.open();
    expect(page.text("figures")).to.include("Counting this many sign-ins takes a moment.");
    expect(page.text("status")).to.include("Single sign-on: On").and.not.include("Last sign-in");
    const asked = visitor.press(page, "count-figures");
    counted();
    expect((await asked).text("figures")).to.include("Sign-ins 1");
  });

  it("works while the catalog fails", async () => {
    await arrive(host, "ada@customer.example");
    await host.stop();
    const broken = async () => {
      throw new Error("the catalog is away");
    };
    const { memory } = host;
    host = await startHost({
      storage: memory,
      catalog: { ...host.catalog, roles: broken, groupsByIds: broken, administratorsByIds: broken },
    });
    const page = await open();
    expect(page.status).to.equal(200);
    expect(page.text("status")).to.include("Saved by admin-1");
    for (const path of ["/activity", "/users"]) {
      const answer = await fetch(`${host.baseUrl}/saml/settings/page${path}`);
      expect(answer.status, path).to.equal(200);
      expect(await answer.text(), path).to.include("ada@customer.example");
    }
  });

  it("leads to the screens of the other connections' settings", async () => {
    const page = await open();
    expect(page.html).to.include('/settings/page/connections?connection=default"');
  });
});

describe("somebody whose session has ended", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  it("keeps what was typed, and goes on after signing in again", async () => {
    const visitor = visitPage(host, "/saml", "/connections");
    const page = await visitor.open();
    const { admin } = host;
    host.admin = undefined;
    const ended = await visitor.press(page, "save", {
      "connection-ssoUrl": 'https://idp.example/"typed"',
    });
    expect(ended.status).to.equal(403);
    expect(ended.html).to.include("You are not signed in as an administrator");
    expect(ended.html).to.include('value="refresh"').and.not.include('value="save"');
    expect((await host.saml.readSettings("default")).version).to.equal(1);
    host.admin = admin;
    const again = await visitor.press(ended, "refresh");
    expect(again.fields.get("connection-ssoUrl")).to.equal('https://idp.example/"typed"');
    expect((await host.saml.readSettings("default")).version).to.equal(1);
  });

  it("is told so, where nothing of ours was posted", async () => {
    host.admin = undefined;
    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${host.baseUrl}/saml/settings/page`, {
        method: "POST",
        body,
        headers: {
          Accept: "text/html",
          Origin: host.baseUrl,
          "Content-Type": "application/x-www-form-urlencoded",
          ...headers,
        },
      });
    for (const body of ["", "a=b", `end=1&x=${"x".repeat(300 * 1024)}`]) {
      const answer = await send(body);
      expect(answer.status).to.equal(403);
      expect(await answer.text()).to.include("Only administrators can do this.");
    }
    const elsewhere = await send("end=1", { Origin: "https://evil.example" });
    expect(await elsewhere.text()).to.include("Another site asked for this, which is not allowed.");
  });
});
