import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { arrive, formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const EMAIL = "ada@customer.example";
const MINUTE_MS = 60_000;

describe("what an administrator can compare after a refusal", () => {
  let host: TestHost;
  let acsUrl: string;
  let entityId: string;

  beforeEach(async () => {
    host = await startHost();
    acsUrl = `${host.baseUrl}/saml/acs`;
    entityId = `${host.baseUrl}/saml/metadata`;
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const newest = async () => {
    const response = await fetch(`${host.baseUrl}/saml/settings/audit?limit=1`);
    const { entries } = (await response.json()) as {
      entries: { code: string; detail: Record<string, string> }[];
    };
    const [entry] = entries;
    if (entry === undefined) throw new Error("no entry");
    return entry;
  };

  const expectEntry = async (code: string, detail: Record<string, string>) => {
    const entry = await newest();
    expect(entry.code).to.equal(code);
    expect(entry.detail).to.deep.include(detail);
  };

  it("whom a response is for", async () => {
    await arrive(host, EMAIL, { audience: "https://typed.example" });
    await expectEntry("audience-mismatch", { sent: "https://typed.example", expected: entityId });
  });

  it("where it was sent to, by the response or by the assertion in it", async () => {
    await arrive(host, EMAIL, { acsUrl: `${acsUrl}/` });
    await expectEntry("destination-mismatch", { sent: `${acsUrl}/`, expected: acsUrl });
    const response = (xml: string) => xml.replace(/ Destination="[^"]*"/, "");
    await arrive(host, EMAIL, { acsUrl: `${acsUrl}/`, edit: { response } });
    await expectEntry("recipient-mismatch", { sent: `${acsUrl}/`, expected: acsUrl });
    await arrive(host, EMAIL, { sign: "response", edit: { response } });
    await expectEntry("destination-missing", { sent: "(none)", expected: acsUrl });
  });

  it("who made it", async () => {
    const connection = host.idp.connection({ entityId: "https://other.example" });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    await arrive(host, EMAIL);
    await expectEntry("issuer-mismatch", {
      sent: host.idp.entityId,
      expected: "https://other.example",
    });
  });

  it("which request it answers, and whether the browser's cookie came back", async () => {
    await arrive(host, EMAIL, { inResponseTo: "_made-up" });
    await expectEntry("request-unknown", {
      sent: "_made-up",
      expected: "a pending request of this browser (it has 0)",
    });
    const browser = makeBrowser();
    const login = await browser.get(`${host.baseUrl}/saml/login`);
    await arrive(host, EMAIL, { inResponseTo: "_made-up" }, browser);
    const { detail } = await newest();
    expect(detail["expected"]).to.match(/ \(it has 1\)$/);
    expect(JSON.stringify(detail)).not.to.include(requestIdIn(login));
  });

  it("the clocks, when ours is behind", async () => {
    await arrive(host, EMAIL, { now: host.clock.now() + 4 * MINUTE_MS + 58_000 });
    const { code, detail } = await newest();
    expect(code).to.equal("not-yet-valid");
    expect(detail["clockDifference"]).to.equal("4 min 58 s ahead of ours");
    expect(detail["sent"]).to.match(/^20.*Z$/);
    expect(detail["expected"]).to.equal(
      `${new Date(host.clock.now() + MINUTE_MS).toISOString()} or before`,
    );
  });

  it("the clocks, when ours is ahead or the response was long on its way", async () => {
    const form = formFor(host, EMAIL);
    host.clock.advance(6 * MINUTE_MS + 2000);
    await makeBrowser().post(acsUrl, form);
    const { code, detail } = await newest();
    expect(code).to.equal("expired");
    expect(detail["clockDifference"]).to.equal("6 min 2 s behind ours");
    expect(detail["expected"]).to.equal(
      `after ${new Date(host.clock.now() - MINUTE_MS).toISOString()}`,
    );
  });

  it("what the identity provider answered instead of success", async () => {
    const top = "urn:oasis:names:tc:SAML:2.0:status:Responder";
    const below = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied";
    await arrive(host, EMAIL, { status: [top, below] });
    await expectEntry("status-not-success", {
      sent: `${top} ${below}`,
      expected: "urn:oasis:names:tc:SAML:2.0:status:Success",
      authenticated: "no",
    });
  });

  it("nothing where nothing was compared, and nothing of any length", async () => {
    await arrive(host, EMAIL, { sign: "none" });
    expect((await newest()).detail).to.have.all.keys("reason", "authenticated", "connection");
    const status = [`urn:${"x".repeat(5000)}\u007f`];
    await arrive(host, EMAIL, { status });
    const { code, detail } = await newest();
    expect(code).to.equal("status-not-success");
    expect(detail["sent"]).to.have.length.within(100, 210);
  });
});
