import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { explanationOf } from "../../src/domain/texts/administrator-explanations.ts";
import { address, arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("what administrators see", () => {
  let host: TestHost;
  let url: string;

  beforeEach(async () => {
    host = await startHost();
    url = `${host.baseUrl}/saml/settings`;
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const post = async (path: string, body: object) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const get = async (path: string) =>
    (await (await fetch(url + path)).json()) as Record<string, unknown>;

  it("a preview tells what a new person would get, and changes nothing", async () => {
    host.licenseLimit = 3;
    const { status, body } = await post("/preview", { email: "Ada@Customer.example" });
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      decision: "provision",
      rule: "defaults",
      rules: { count: 0, first: [] },
      email: "ada@customer.example",
      role: { id: "editor", name: "Editor", licensed: true },
      groups: { count: 1, first: [{ id: "g1", name: "Support" }] },
      organizations: {
        kind: "selected",
        count: 2,
        first: [
          { id: "o1", name: "North" },
          { id: "o2", name: "South" },
        ],
      },
      seats: { before: 0, after: 1, limit: 3 },
      warnings: { count: 0, first: [] },
    });
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    expect(host.memory.auditEntries(host.tenant)).to.have.length(1);
    expect(host.memory.ledgerSize()).to.equal(0);
  });

  for (const state of ["active", "invited", "suspended", "deleted"] as const) {
    it(`a preview of an ${state} user is what their sign-in then is`, async () => {
      host.memory.seedUser(host.tenant, { email: address("bob@customer.example"), state });
      const { body } = await post("/preview", { email: "bob@customer.example" });
      await arrive(host, "bob@customer.example");
      const [entry] = host.memory.auditEntries(host.tenant);
      const rule = { active: "active-user", invited: "invited-user" }[String(state)];
      expect(body["rule"]).to.equal(rule ?? entry?.code);
    });
  }

  it("a preview of an invalid address says so", async () => {
    expect((await post("/preview", { email: "nobody" })).body["rule"]).to.equal("email-invalid");
    expect((await post("/preview", { email: " " })).body["rule"]).to.equal("email-missing");
    expect((await post("/preview", { mail: "x" })).status).to.equal(422);
  });

  it("license usage: who takes seats, and what the next new user does", async () => {
    host.licenseLimit = 2;
    host.memory.seedUser(host.tenant, { email: address("bob@customer.example"), role: "editor" });
    await arrive(host, "ada@customer.example");
    expect(await get("/license-usage")).to.deep.include({
      used: 2,
      usedByJit: 1,
      limit: 2,
      nextNewUser: { role: { ...roleOf("editor") }, before: 2, after: 3, exceeds: true },
    });
    const { body } = await post("/preview", { email: "eve@customer.example" });
    expect(body).to.include({ rule: "license-exhausted" });
  });

  const roleOf = (id: string) => ({ id, name: "Editor", licensed: true, privileged: false });

  it("the audit trail, by filter and a page at a time", async () => {
    for (const name of ["ada", "bob", "eve"]) {
      host.clock.advance(1000);
      await arrive(host, `${name}@customer.example`);
    }
    const first = await get("/audit?limit=2");
    expect(first["entries"]).to.have.length(2);
    const second = await get(`/audit?limit=2&after=${first["next"]}`);
    expect(second["entries"]).to.have.length(2);
    expect(second).not.to.have.property("next");
    const bobs = await get("/audit?email=BOB@customer.example&outcome=provisioned");
    expect(bobs["entries"]).to.have.length(1);
    expect((await fetch(`${url}/audit?limit=201`)).status).to.equal(400);
    expect((await fetch(`${url}/audit?colour=red`)).status).to.equal(400);
  });

  it("the audit trail explains what was refused, and nothing else", async () => {
    host.memory.seedUser(host.tenant, {
      email: address("bob@customer.example"),
      state: "suspended",
    });
    await arrive(host, "bob@customer.example");
    await arrive(host, "bob@customer.example", { sign: "none" });
    const { entries } = (await get("/audit")) as { entries: Record<string, unknown>[] };
    expect(entries.map(({ code, explanation }) => ({ code, explanation }))).to.deep.equal([
      { code: "signature-missing", explanation: explanationOf("signature-missing") },
      { code: "user-suspended", explanation: explanationOf("user-suspended") },
      { code: undefined, explanation: undefined },
    ]);
  });

  it("the audit trail, asked for what no database could look up", async () => {
    for (const query of ["after=%00", "reference=%00", "after=%ED%A0%80", "reference=%C3%BC"]) {
      expect((await fetch(`${url}/audit?${query}`)).status).to.equal(400);
    }
    for (const email of ["%00", "nobody", "a%00@customer.example", "%C4%B1@customer.example"]) {
      expect(await get(`/audit?email=${email}`)).to.deep.equal({ entries: [], refusals: 0 });
    }
    const [entry] = host.memory.auditEntries(host.tenant);
    const found = await get(`/audit?reference=%20${entry?.reference.toLowerCase()}`);
    expect(found["entries"]).to.have.length(1);
  });

  it("what a save changed, certificates by their fingerprints", async () => {
    const settings = openSettings(host);
    const autoProvisioning = { ...settings.autoProvisioning, groups: ["g1", "g2"] };
    await host.saml.saveSettings("default", { ...settings, autoProvisioning }, "admin-7");
    const [entry, first] = host.memory.auditEntries(host.tenant);
    expect(entry).to.include({ outcome: "settings-saved", actor: "admin-7" });
    expect(entry?.detail).to.deep.equal({
      version: "2",
      "autoProvisioning.groups": "g1 -> g1, g2",
    });
    expect(first?.detail["connection.certificates"]).to.match(/^\(none\) -> ([0-9A-F]{2}:?){32}$/);
  });

  it("an identity provider's metadata, read", async () => {
    const { body } = await post("/parse-metadata", { xml: host.idp.metadata() });
    const [provider] = body["identityProviders"] as Record<string, unknown>[];
    expect(provider).to.include({ entityId: host.idp.entityId, ssoUrl: "https://idp.example/sso" });
    expect(body["leftOut"]).to.deep.equal([]);
    const xml = host.idp
      .metadata()
      .replace("</md:KeyDescriptor>", (end) =>
        end.concat(
          '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>',
        ),
      );
    expect((await post("/parse-metadata", { xml })).body["leftOut"]).to.deep.equal([
      {
        entityId: host.idp.entityId,
        certificate: 2,
        code: "certificate-invalid",
        detail: "This is not an X.509 certificate. Paste it as PEM or Base64.",
      },
    ]);
    expect((await post("/parse-metadata", { xml: "<a/>" })).status).to.equal(422);
  });
});
