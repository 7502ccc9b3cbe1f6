import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { REFUSALS_KEPT } from "../../src/ports/audit-trail.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { openSettings, startHost, type TestHost, tenant } from "../support/host.ts";
import { ALL_ROUNDS } from "../support/seed.ts";

/** In each of four ways: more than the refusals that are kept. */
const REQUESTS = ALL_ROUNDS ? 3000 : 600;
const AT_ONCE = 50;
/** What docs/SECURITY.md promises of one kept refusal. */
const MAX_ENTRY_OCTETS = 4000;

describe("what unauthenticated clients make us store", () => {
  let host: TestHost;

  beforeEach(async () => {
    const { privateKey, certificate } = makeTestKey();
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: { currentSamlSession: () => undefined, signOut: () => undefined },
    });
    await host.saml.saveSettings("red", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  /** Anybody's requests: a response that is none, a logout that is none, a login. */
  async function knock(of: string, count: number): Promise<void> {
    const base = `${host.baseUrl}/t/${of}/saml`;
    const junk = Buffer.from(`<\u0001${"é".repeat(5000)}`).toString("base64");
    const post = (path: string, field: string) =>
      fetch(`${base}${path}`, { method: "POST", body: new URLSearchParams({ [field]: junk }) });
    const ways = [
      () => post("/acs", "SAMLResponse"),
      () => post("/slo", "SAMLRequest"),
      () => fetch(`${base}/slo?SAMLRequest=${encodeURIComponent(junk)}`),
      () => fetch(`${base}/login`, { redirect: "manual" }),
    ];
    for (const way of ways) {
      for (let sent = 0; sent < count; sent += AT_ONCE) {
        const answers = await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, count - sent) }, way),
        );
        await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      }
    }
  }

  it("is bounded for a tenant, in rows and in octets", async () => {
    await knock("red", REQUESTS);
    const entries = host.memory.auditEntries(tenant("red"));
    const refusals = entries.filter(({ outcome }) => outcome !== "settings-saved");
    expect(refusals.length).to.equal(REFUSALS_KEPT);
    expect(host.memory.ledgerSize()).to.equal(0);
    const largest = Math.max(
      ...refusals.map((entry) => Buffer.byteLength(JSON.stringify(entry), "utf8")),
    );
    expect(largest).to.be.at.most(MAX_ENTRY_OCTETS);
  });

  it("is nothing for a tenant that never saved settings", async () => {
    await knock("invented", 3);
    expect(host.memory.auditEntries(tenant("invented"))).to.deep.equal([]);
    expect(await host.memory.stores.audit.refusalCount(tenant("invented"))).to.equal(0);
  });
});
