import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("signing in over HTTP", () => {
  let host: TestHost;
  let browser: Browser;
  let acs: string;

  beforeEach(async () => {
    host = await startHost();
    browser = makeBrowser();
    acs = `${host.baseUrl}/saml/acs`;
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const form = (email: string, more: object = {}) => ({
    ...host.idp.form({
      acsUrl: acs,
      audience: `${host.baseUrl}/saml/metadata`,
      email,
      ...more,
    }),
  });

  it("provisions a new person who comes from the identity provider's tile", async () => {
    const response = await browser.post(acs, form("Ada@Customer.example"));
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("/");
    const [user, ...others] = host.memory.usersOf(host.tenant);
    expect(others).to.deep.equal([]);
    expect(user).to.include({ email: "ada@customer.example", role: "editor", state: "active" });
    expect(user?.groups).to.deep.equal(["g1"]);
    expect(user?.organizations).to.deep.equal({ kind: "selected", ids: ["o1", "o2"] });
    expect(host.signedIn[0]).to.include({ how: "provisioned" });
    expect(host.signedIn[0]?.user).to.deep.equal({ id: user?.id, email: "ada@customer.example" });
  });

  it("provisions a new person who began here, and takes them where they wanted to go", async () => {
    const login = await browser.get(`${host.baseUrl}/saml/login?returnTo=/reports?year=2026`);
    expect(login.status).to.equal(302);
    const location = new URL(login.headers.get("location") ?? "");
    expect(`${location.origin}${location.pathname}`).to.equal("https://idp.example/sso");
    expect(location.searchParams.has("RelayState")).to.equal(false);
    const inResponseTo = requestId(location);
    const response = await browser.post(acs, form("ada@customer.example", { inResponseTo }));
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("/reports?year=2026");
    expect(browser.cookies()).to.deep.equal([]);
  });
});

function requestId(location: URL): string {
  const message = Buffer.from(location.searchParams.get("SAMLRequest") ?? "", "base64");
  return / ID="([^"]+)"/.exec(inflateRawSync(message).toString("utf8"))?.[1] ?? "";
}
