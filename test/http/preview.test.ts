import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { PreviewResponse } from "../../openapi/settings-operations.ts";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { DEFAULT_SETTINGS } from "../../src/domain/settings.ts";
import { address } from "../support/arrivals.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";

const NEW = "ada@customer.example";

describe("a preview of unsaved settings", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const preview = async (body: object) => {
    const response = await fetch(`${host.baseUrl}/saml/settings/preview`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.status === 200) PreviewResponse.parse(answer);
    return { status: response.status, body: answer };
  };
  const faultsOf = async (settings: unknown) => {
    const { status, body } = await preview({ email: NEW, settings });
    expect(status).to.equal(422);
    const errors = body["errors"] as { pointer: string; code: string }[];
    return errors.map(({ pointer, code }) => `${pointer} ${code}`);
  };

  it("decides as if they were saved and enabled, and saves nothing", async () => {
    expect((await preview({ email: NEW })).body["rule"]).to.equal("sso-disabled");
    const settings = { ...openSettings(host), enabled: false };
    const { body } = await preview({ email: NEW, settings });
    expect(body).to.deep.include({
      decision: "provision",
      rule: "defaults",
      role: { id: "editor", name: "Editor", licensed: true },
    });
    expect((await host.saml.readSettings("default")).version).to.equal(0);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    expect(host.memory.auditEntries(host.tenant)).to.deep.equal([]);
  });

  it("looks at the draft alone, whatever is saved", async () => {
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    const autoProvisioning = { ...openSettings(host).autoProvisioning, enabled: false };
    const email = { source: { kind: "automatic" }, allowedDomains: ["other.example"] };
    const ruleOf = async (changes: object) =>
      (await preview({ email: NEW, settings: { ...openSettings(host), ...changes } })).body["rule"];
    expect(await ruleOf({ autoProvisioning })).to.equal("jit-disabled");
    expect(await ruleOf({ email })).to.equal("domain-not-allowed");
    host.memory.seedUser(host.tenant, { email: address(NEW), state: "suspended" });
    expect(await ruleOf({})).to.equal("user-suspended");
  });

  it("needs no connection yet", async () => {
    const { connection: _, ...unconnected } = openSettings(host);
    const { body } = await preview({ email: NEW, settings: { ...unconnected, enabled: false } });
    expect(body["decision"]).to.equal("provision");
  });

  it("names faults of the draft below /settings, of shape and of rules", async () => {
    const settings = openSettings(host);
    const autoProvisioning = { ...settings.autoProvisioning, role: "gone", groups: [7] };
    expect(await faultsOf({ ...settings, autoProvisioning })).to.deep.equal([
      "/settings/autoProvisioning/groups/0 type-invalid",
      "/settings/autoProvisioning/role unknown",
    ]);
    const { connection: _, ...unconnected } = settings;
    expect(await faultsOf(unconnected)).to.deep.equal(["/settings/connection required"]);
    for (const nothing of [null, [], "x"]) {
      expect(await faultsOf(nothing)).to.deep.equal(["/settings type-invalid"]);
    }
  });

  it("is for administrators alone", async () => {
    host.admin = undefined;
    const { status } = await preview({ email: NEW, settings: DEFAULT_SETTINGS });
    expect(status).to.equal(403);
  });
});

describe("a preview of long lists", () => {
  const many = (what: string, length: number) =>
    Array.from({ length }, (_, index) => ({ id: `${what}-${index}`, name: `${what} ${index}` }));
  const groups = many("group", 300);
  const organizations = many("organization", 3000);
  const lists = makeMemoryCatalog({ ...LISTS, groups, organizations });
  let asked: number[];
  let host: TestHost;

  beforeEach(async () => {
    asked = [];
    host = await startHost({
      catalog: {
        ...lists,
        organizationsByIds: (tenant, ids) => {
          asked.push(ids.length);
          return lists.organizationsByIds(tenant, ids);
        },
      },
    });
    await host.saml.saveSettings("default", settings(), "set-up");
  });
  afterEach(() => host.stop());

  const settings = () => ({
    ...openSettings(host),
    autoProvisioning: {
      ...openSettings(host).autoProvisioning,
      groups: groups.map(({ id }) => id),
      organizations: { kind: "selected", ids: organizations.map(({ id }) => id) },
    },
  });

  it("names the first of each, and asks the host for the names of no more", async () => {
    asked = [];
    const response = await fetch(`${host.baseUrl}/saml/settings/preview`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: NEW }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    expect(body["groups"]).to.deep.equal({ count: 300, first: groups.slice(0, 20) });
    expect(body["organizations"]).to.deep.equal({
      kind: "selected",
      count: 3000,
      first: organizations.slice(0, 20),
    });
    expect(asked).to.deep.equal([3000, 20]); // the first decides, as in a sign-in
  });

  it("names the first warnings, and counts the others", async () => {
    lists.replace({ organizations: organizations.slice(0, 1000) });
    const response = await fetch(`${host.baseUrl}/saml/settings/preview`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: NEW }),
    });
    const { warnings } = (await response.json()) as { warnings: { count: number; first: [] } };
    expect(warnings.count).to.equal(2000);
    expect(warnings.first).to.have.length(20);
  });
});
