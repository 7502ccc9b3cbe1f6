import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { sampleEntry } from "../../src/testing/contracts/samples.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost, tenant } from "../support/host.ts";

describe("the audit trail by filter", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
    });
    const { audit } = host.memory.stores;
    const refusal = { code: "user-suspended" } as const;
    await audit.append(tenant("red"), sampleEntry(1, { outcome: "settings-saved" }));
    await audit.append(tenant("red"), sampleEntry(2, { outcome: "denied", ...refusal }));
    await audit.append(tenant("red"), sampleEntry(3, { email: "ada@customer.example" }));
    await audit.appendRefusal(
      tenant("red"),
      sampleEntry(4, { outcome: "rejected", code: "expired" }),
    );
    await audit.append(tenant("blue"), sampleEntry(5, { outcome: "denied", ...refusal }));
  });
  afterEach(() => host.stop());

  const get = (query: string, of = "red") =>
    fetch(`${host.baseUrl}/t/${of}/saml/settings/audit?${query}`);
  const numbers = async (query: string, of?: string) => {
    const { entries } = (await (await get(query, of)).json()) as { entries: { id: string }[] };
    return entries.map(({ id }) => Number(id));
  };

  it("of one outcome, of several, of every refusal", async () => {
    expect(await numbers("outcome=settings-saved")).to.deep.equal([1]);
    expect(await numbers("outcome=settings-saved&outcome=rejected")).to.deep.equal([4, 1]);
    expect(await numbers("refused=true")).to.deep.equal([4, 2]);
    expect(await numbers("refused=true&outcome=denied&outcome=signed-in")).to.deep.equal([2]);
    expect(await numbers("refused=true&outcome=signed-in")).to.deep.equal([]);
  });

  it("of a person, of a time", async () => {
    expect(await numbers("email=ADA@customer.EXAMPLE")).to.deep.equal([3]);
    expect(await numbers("email=ada%2B1@customer.example")).to.deep.equal([]);
    const { at } = sampleEntry(3);
    expect(await numbers(`from=${at}`)).to.deep.equal([4, 3]);
    const until = encodeURIComponent(new Date(at).toISOString().replace("Z", "+00:00"));
    expect(await numbers(`until=${until}`)).to.deep.equal([2, 1]);
  });

  it("by reference, in this tenant only", async () => {
    expect(await numbers("reference=REF-00000003")).to.deep.equal([3]);
    expect(await numbers("reference=REF-00000003", "blue")).to.deep.equal([]);
    expect(await numbers("reference=REF-00000005")).to.deep.equal([]);
    await host.saml.saveSettings("red", openSettings(host), "set-up");
    await arrive(host, "ada@customer.example");
    await fetch(`${host.baseUrl}/t/red/saml/acs`, {
      method: "POST",
      body: new URLSearchParams({ SAMLResponse: "x" }),
    });
    const refusal = host.memory
      .auditEntries(tenant("red"))
      .find(({ outcome, code }) => outcome === "rejected" && code !== "expired");
    const typed = refusal?.reference.toLowerCase().replaceAll("-", " ") ?? "";
    const found = await (await get(`reference=${encodeURIComponent(typed)}`)).json();
    expect(found).to.have.nested.property("entries[0].id", refusal?.id);
  });

  it("refuses an invalid filter", async () => {
    const queries = [
      "refused=false",
      "refused=true&refused=true",
      "outcome=",
      "outcome=lost",
      Array(20).fill("outcome=denied").join("&"),
      "email=a&email=b",
      "from=yesterday",
      "from=2026-01-01",
      "from=1&from=2",
      `reference=${"x".repeat(101)}`,
      "after=1&after=2",
      "format=csv",
    ];
    for (const query of queries) {
      const response = await get(query);
      expect([query, response.status]).to.deep.equal([query, 400]);
      expect(await response.json()).to.include({ code: "query-invalid" });
    }
  });
});
