import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { formFor } from "../../support/arrivals.ts";
import { makeBrowser } from "../../support/browser.ts";
import {
  failuresIn,
  openSettings,
  readShort,
  startHost,
  type TestHost,
} from "../../support/host.ts";
import { formFields, type PageVisitor, visitPage } from "./support.ts";

/** Every button that there is, and some that there are not. */
const ACTIONS = [
  "save",
  "enable",
  "disable",
  "read-metadata",
  "choose-provider:0",
  "add-certificate",
  "remove-certificate:0",
  "apply-preset",
  "preview",
  "test",
  "refresh",
  "groups-search",
  "groups-more:g1",
  "groups-page:1",
  "groups-clear",
  "groups-drop-missing",
  "organizations-search",
  "organizations-drop-missing",
  "rule-add",
  "rule-edit:0",
  "rule-remove:0",
  "rule-search",
  'rule-use:["groups","x"]',
];
const ODD_ACTIONS = [
  "",
  ":",
  "SAVE",
  "__proto__",
  "constructor",
  "choose-provider:-1",
  "choose-provider:99999999999999999999",
  "choose-provider:x",
  "remove-certificate:-1",
  "groups-page:-1",
  "groups-page:1e9",
  "groups-page:NaN",
  "organizations-more:\u0000",
  "organizations-more:nobody-knows-this",
];

describe("attacks on the settings page", () => {
  let host: TestHost;
  let visitor: PageVisitor;
  let url: string;

  beforeEach(async () => {
    host = await startHost();
    url = `${host.baseUrl}/saml/settings/page`;
    visitor = visitPage(host);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(async () => {
    expect(failuresIn(host.logger)).to.deep.equal([]);
    await host.stop();
  });

  const stored = () => readShort(host);
  const post = (body: URLSearchParams, headers: Record<string, string>) =>
    fetch(url, { method: "POST", body, redirect: "manual", headers: { ...headers } });

  it("no other site can press a button", async () => {
    const page = await visitor.open();
    const foreign: readonly Record<string, string>[] = [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: `${host.baseUrl}.evil.example` },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" },
    ];
    for (const action of ACTIONS) {
      const body = new URLSearchParams(page.fields);
      body.set("action", action);
      body.set("untested", "1");
      for (const headers of foreign) {
        const answer = await post(body, headers);
        expect(answer.status, `${action} ${JSON.stringify(headers)}`).to.equal(403);
        expect(await answer.text()).to.include("Cross-site requests are not allowed");
      }
    }
    expect(await stored()).to.deep.include({ version: 1, savedBy: "set-up" });
  });

  it("a form as plain text or JSON, which other sites could post without asking, is refused", async () => {
    const page = await visitor.open();
    for (const type of ["text/plain", "application/json", "multipart/form-data; boundary=x"]) {
      const answer = await fetch(url, {
        method: "POST",
        body: page.fields.toString(),
        headers: { Origin: host.baseUrl, "Content-Type": type },
      });
      expect(answer.status, type).to.equal(415);
    }
  });

  it("no page can be framed, kept or made to post elsewhere", async () => {
    const browser = makeBrowser();
    const page = await visitor.open();
    const refused = await browser.post(`${host.baseUrl}/saml/acs`, formFor(host, "no address"));
    const begun = await visitor.press(page, "test");
    const id = begun.fields.get("test") ?? "";
    const answers = [
      page.response,
      begun.response,
      refused,
      await browser.get(`${url}/activity`),
      await browser.get(`${host.baseUrl}/saml/sign-in`),
      await browser.get(`${host.baseUrl}/saml/settings/test-sign-ins/${id}/result`),
      await browser.get(`${host.baseUrl}/saml/settings/test-sign-ins/unknown/result`),
      (await visitor.press(page, "save", { end: undefined })).response,
    ];
    for (const { url: at, headers } of answers) {
      expect(headers.get("Content-Type"), at).to.match(/^text\/html/);
      const policy = headers.get("Content-Security-Policy") ?? "";
      expect(policy, at).to.include("frame-ancestors 'none'").and.to.include("base-uri 'none'");
      expect(policy, at).to.match(
        /form-action (?:'none'|(http:\S+\/settings\/page) \1\/|http:\S+\/page\/activity)(?:;|$)/,
      );
      expect(policy, at).not.to.match(/unsafe|\*/);
      expect(headers.get("Cache-Control"), at).to.equal("no-store");
      expect(headers.get("X-Content-Type-Options"), at).to.equal("nosniff");
    }
  });

  it("buttons that there are not change nothing, and break nothing", async () => {
    const page = await visitor.open();
    for (const action of ODD_ACTIONS) {
      const { status } = await visitor.press(page, action, {
        metadata: host.idp.metadata(),
        "groups-search": "s",
        "organizations-search": "o",
      });
      expect(status, action).to.be.oneOf([200, 400, 422]);
    }
    expect((await stored()).version).to.equal(1);
  });

  it("a form that claims another version is merged, never saved over what it has not seen", async () => {
    const page = await visitor.open();
    const base = JSON.parse(page.fields.get("base") ?? "") as Record<string, unknown>;
    for (const version of [0, 2, 999, Number.MAX_SAFE_INTEGER]) {
      const forged = await visitor.press(page, "save", {
        base: JSON.stringify({ ...base, version }),
        "autoProvisioning-role": "lite",
      });
      expect(forged.status, String(version)).to.equal(409);
    }
    const values = base["values"] as Record<string, unknown>;
    for (const crafted of [
      { ...base, version: -1 },
      { ...base, version: 1.5 },
      { ...base, version: "1" },
      { ...base, extra: 1 },
      { ...base, values: { ...values, enabled: true } },
      { ...base, values: { ...values, role: ["a"] } },
      [base],
      null,
    ]) {
      const answer = await visitor.press(page, "save", { base: JSON.stringify(crafted) });
      expect(answer.status, JSON.stringify(crafted).slice(0, 60)).to.equal(400);
    }
    const polluted = (page.fields.get("base") ?? "").replace("{", '{"__proto__":{"polluted":1},');
    const { status } = await visitor.press(page, "save", { base: polluted });
    expect(status).to.be.oneOf([303, 400]);
    expect(({} as Record<string, unknown>)["polluted"]).to.equal(undefined);
    expect((await stored()).settings).to.deep.equal(openSettings(host));
  });

  it("lies about what was saved before spare no check of what is to be saved", async () => {
    const page = await visitor.open();
    const base = JSON.parse(page.fields.get("base") ?? "") as Record<string, object>;
    const changed = {
      "connection-ssoUrl": "https://evil.example/sso",
      "autoProvisioning-role": "administrator",
    };
    const values = {
      ...base["values"],
      ssoUrl: "https://evil.example/sso",
      role: "administrator",
      privilegedRoleConfirmed: true,
    };
    const forged = await visitor.press(page, "save", {
      ...changed,
      base: JSON.stringify({ ...base, values }),
    });
    expect(forged.status).to.equal(422);
    expect(forged.html).to.include('href="#untested"').and.to.include("privilegedRoleConfirmed");
    expect((await stored()).version).to.equal(1);
  });

  it("fields that are doubled, huge or without end are bounded", async () => {
    const page = await visitor.open();
    const doubled = new URLSearchParams(page.fields);
    for (const [name, value] of page.fields) doubled.append(name, `${value}x`);
    doubled.set("action", "refresh");
    expect((await post(doubled, { Origin: host.baseUrl })).status).to.equal(400);

    const endless = new URLSearchParams();
    for (let index = 0; index < 2000; index += 1)
      endless.append("email-allowedDomains", "a.example");
    for (const [name, value] of page.fields) endless.append(name, value);
    expect((await post(endless, { Origin: host.baseUrl })).status).to.equal(400);

    const huge = new URLSearchParams(page.fields);
    huge.set("metadata", "x".repeat(9 * 1024 * 1024));
    expect((await post(huge, { Origin: host.baseUrl })).status).to.equal(413);

    const nested = new URLSearchParams(page.fields);
    nested.append("connection-entityId[toString]", "1");
    nested.append("__proto__[polluted]", "1");
    nested.set("action", "refresh");
    expect((await post(nested, { Origin: host.baseUrl })).status).to.be.oneOf([200, 400]);
    expect(({} as Record<string, unknown>)["polluted"]).to.equal(undefined);
    expect((await stored()).version).to.equal(1);
  });

  it("lists with IDs that the host never had are refused, however many", async () => {
    const page = await visitor.open();
    const added = Array.from({ length: 90_000 }, (_, index) => `no-such-${index}`);
    const answer = await visitor.press(page, "save", {
      "organizations-changes": JSON.stringify({ added, removed: [] }),
    });
    expect(answer.status).to.equal(422);
    expect(answer.text("problems")).to.match(
      /^Nothing was saved: 90000 problems .* and 89980 more/,
    );
    // What was typed is kept, and so is what was ticked: it comes back as it came, and no larger.
    expect(answer.html.length).to.be.lessThan(JSON.stringify(added).length * 2.5);
    expect((await stored()).version).to.equal(1);
  });
});

describe("the settings pages of several tenants", () => {
  let host: TestHost;
  let administrates: string;

  beforeEach(async () => {
    administrates = "red";
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
      requireAdmin: (_ctx, { tenant }) => (tenant === administrates ? { id: "ada" } : undefined),
    });
    for (const name of ["red", "blue"]) {
      const connection = { ...host.idp.connection(), ssoUrl: `https://idp.example/${name}` };
      await host.saml.saveSettings(name, openSettings(host, { connection }), "set-up");
    }
  });
  afterEach(() => host.stop());

  const base = (name: string) => `${host.baseUrl}/t/${name}/saml/settings`;

  it("are for their own administrators, whatever form they bring", async () => {
    const browser = makeBrowser();
    const fields = formFields(await (await browser.get(`${base("red")}/page`)).text());
    for (const path of ["/page", "/page/activity", "/audit/export?format=csv"]) {
      expect((await browser.get(`${base("blue")}${path}`)).status, path).to.equal(403);
    }
    for (const action of ACTIONS) {
      fields.set("action", action);
      const answer = await browser.post(`${base("blue")}/page`, fields, { Origin: host.baseUrl });
      expect(answer.status, action).to.equal(403);
      // What was posted is held for a session that has ended; nothing of the tenant is.
      expect(await answer.text()).not.to.include("https://idp.example/blue");
    }
    expect((await host.saml.readSettings("blue")).version).to.equal(1);
  });

  it("do not show each other's tests and activity", async () => {
    const browser = makeBrowser();
    const fields = formFields(await (await browser.get(`${base("red")}/page`)).text());
    fields.set("action", "test");
    const begun = await browser.post(`${base("red")}/page`, fields, { Origin: host.baseUrl });
    const id = formFields(await begun.text()).get("test") ?? "";
    expect((await browser.get(`${base("red")}/test-sign-ins/${id}/result`)).status).to.equal(200);
    administrates = "blue";
    const other = makeBrowser();
    expect((await other.get(`${base("blue")}/test-sign-ins/${id}/result`)).status).to.equal(404);
    const theirs = formFields(await (await other.get(`${base("blue")}/page`)).text());
    theirs.set("test", id);
    theirs.set("action", "refresh");
    const shown = await other.post(`${base("blue")}/page`, theirs, { Origin: host.baseUrl });
    expect(formFields(await shown.text()).get("test")).to.equal(null);
  });
});
