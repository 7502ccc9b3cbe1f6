import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("the settings API", () => {
  let host: TestHost;
  let url: string;

  beforeEach(async () => {
    host = await startHost();
    url = `${host.baseUrl}/saml/settings`;
  });
  afterEach(() => host.stop());

  const put = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  it("goes round: read, edit, save what was read", async () => {
    const first = await fetch(url);
    expect(first.headers.get("etag")).to.equal('"0"');
    expect(first.headers.get("cache-control")).to.equal("no-store");
    const document = (await first.json()) as object;
    const saved = await put({ ...document, ...openSettings(host) }, { "If-Match": '"0"' });
    expect(saved.status).to.equal(200);
    expect(saved.headers.get("etag")).to.equal('"1"');
    const second = await fetch(url);
    const { meta, ...settings } = (await second.json()) as { meta: object };
    expect(settings).to.deep.equal(openSettings(host));
    expect(meta).to.include({ version: 1, savedBy: "admin-1", savedAt: host.clock.now() });
    expect(meta).to.have.deep.property("serviceProvider", {
      entityId: `${host.baseUrl}/saml/metadata`,
      acsUrl: `${host.baseUrl}/saml/acs`,
      metadataUrl: `${host.baseUrl}/saml/metadata`,
    });
    const again = await put({ ...settings, meta }, { "If-Match": '"1"' });
    expect(again.status).to.equal(200);
  });

  it("demands the version that was read, and refuses a stale one", async () => {
    await host.saml.saveSettings("default", openSettings(host), "somebody-else");
    for (const headers of [{}, { "If-Match": "*" }]) {
      expect((await put(openSettings(host), headers)).status).to.equal(428);
    }
    for (const tag of ['"0"', 'W/"1"', "1"]) {
      const stale = await put(openSettings(host), { "If-Match": tag });
      expect(stale.status).to.equal(412);
      expect(await stale.json()).to.deep.include({
        code: "settings-changed",
        current: { version: 1, savedBy: "somebody-else", savedAt: host.clock.now() },
      });
    }
  });

  it("lets one of two savers win", async () => {
    const saves = await Promise.all(
      [1, 2].map(() => put(openSettings(host), { "If-Match": '"0"' })),
    );
    expect(saves.map(({ status }) => status).sort()).to.deep.equal([200, 412]);
  });

  it("reports all faults of types and rules together, each at its path", async () => {
    const settings = openSettings(host);
    const response = await put(
      {
        ...settings,
        enabled: "yes",
        surprise: 1,
        connection: { ...settings.connection, ssoUrl: "javascript:alert(1)", certificates: ["x"] },
        email: { source: { kind: "magic" }, allowedDomains: ["not a domain"] },
        autoProvisioning: {
          ...settings.autoProvisioning,
          role: "nobody",
          groups: [7, "gone"],
          whenLicensesRunOut: { kind: "lite" },
        },
      },
      { "If-Match": '"0"' },
    );
    expect(response.status).to.equal(422);
    expect(response.headers.get("content-type")).to.contain("application/problem+json");
    const { errors } = (await response.json()) as { errors: { pointer: string; code: string }[] };
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.have.members([
      "/enabled type-invalid",
      "/surprise unknown-member",
      "/connection/ssoUrl url-invalid",
      "/connection/certificates/0 certificate-invalid",
      "/email/source/kind not-allowed",
      "/email/allowedDomains/0 domain-invalid",
      "/autoProvisioning/role unknown",
      "/autoProvisioning/groups/0 type-invalid",
      "/autoProvisioning/whenLicensesRunOut/role required",
    ]);
    expect((await host.saml.readSettings("default")).version).to.equal(0);
  });

  for (const body of ["[]", "null", "{}", '{"__proto__":{"enabled":true}}', "{", "3", '""']) {
    it(`answers ${body} with a problem document`, async () => {
      const response = await put(body, { "If-Match": '"0"' });
      expect(response.status).to.be.oneOf([400, 422]);
      expect(response.headers.get("content-type")).to.contain("application/problem+json");
    });
  }

  it("takes JSON only, and not without bound", async () => {
    const form = { "If-Match": '"0"', "Content-Type": "text/plain" };
    expect((await put("{}", form)).status).to.equal(415);
    // A version that is not the stored one changes nothing about that.
    expect((await put("{}", { ...form, "If-Match": '"9"' })).status).to.equal(415);
    const large = JSON.stringify({ xml: "x".repeat(9 * 1024 * 1024) });
    expect((await put(large, { "If-Match": '"0"' })).status).to.equal(413);
  });

  it("is for administrators only", async () => {
    host.admin = undefined;
    for (const path of ["", "/license-usage", "/audit"]) {
      const response = await fetch(url + path);
      expect(response.status).to.equal(403);
      expect(await response.json()).to.include({ code: "forbidden" });
    }
    expect((await put("{", { "If-Match": '"0"' })).status).to.equal(403);
    for (const path of ["/preview", "/parse-metadata"]) {
      expect((await fetch(url + path, { method: "POST" })).status).to.equal(403);
    }
  });

  it("refuses what another site makes a browser send", async () => {
    const ok = { "If-Match": '"0"' };
    const foreign: Record<string, string>[] = [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
    ];
    for (const headers of foreign) {
      const response = await put(openSettings(host), { ...ok, ...headers });
      expect(response.status).to.equal(403);
      expect(await response.json()).to.include({ code: "cross-site" });
    }
    const ours = await put(openSettings(host), { ...ok, Origin: host.baseUrl });
    expect(ours.status).to.equal(200);
  });

  it("says which methods there are", async () => {
    const response = await fetch(url, { method: "DELETE" });
    expect(response.status).to.equal(405);
    expect(response.headers.get("allow")).to.equal("HEAD, GET, PUT");
    expect((await fetch(`${host.baseUrl}/saml/acs`)).status).to.equal(405);
    expect((await fetch(`${host.baseUrl}/elsewhere`, { method: "PROPFIND" })).status).to.equal(200);
  });
});
