import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, visitPage } from "./support.ts";

const MANY = 100_000;

describe("long lists on the settings page", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `org-${index}`,
      name: `Organization ${String(index).padStart(6, "0")}`,
    }));
  const select = (ids: readonly string[]) => {
    const { autoProvisioning } = openSettings(host);
    const organizations = { kind: "selected", ids } as const;
    const changed = { autoProvisioning: { ...autoProvisioning, organizations } };
    return host.saml.saveSettings("default", openSettings(host, changed), "set-up");
  };
  const storedIds = async () => {
    const { organizations } = (await host.saml.readSettings("default")).settings.autoProvisioning;
    return organizations.kind === "selected" ? organizations.ids : [];
  };

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
    host.catalog.replace({ organizations: names(MANY) });
  });
  afterEach(() => host.stop());

  it("100,000 chosen organizations make no long form, and all are kept", async () => {
    const ids = names(MANY).map(({ id }) => id);
    await select(ids);
    const page = await visitor.open();
    expect(page.html.length).to.be.lessThan(120_000);
    expect(page.text("autoProvisioning-organizations-ids")).to.include("100,000 selected");
    const next = await visitor.press(page, "organizations-page:1");
    expect(next.text("autoProvisioning-organizations-ids")).to.include("Organization 000050");
    const without = next.fields.getAll("organizations-ticked").filter((id) => id !== "org-60");
    const back = await visitor.press(next, "organizations-page:0", {
      "organizations-ticked": without,
    });
    expect((await visitor.press(back, "save")).status).to.equal(303);
    expect(await storedIds()).to.deep.equal(ids.filter((id) => id !== "org-60"));
  });

  it("what was ticked in one search is kept in the next", async () => {
    await select(["org-7"]);
    const page = await visitor.open();
    const first = await visitor.press(page, "organizations-search", {
      "organizations-search": "000123",
    });
    expect(first.fields.get("organizations-shown")).to.equal('{"on":[],"off":["org-123"]}');
    const second = await visitor.press(first, "organizations-search", {
      "organizations-ticked": "org-123",
      "organizations-search": "00000",
    });
    expect(second.fields.getAll("organizations-ticked")).to.deep.equal(["org-7"]);
    const cleared = await visitor.press(second, "organizations-clear", {
      "organizations-ticked": undefined,
    });
    expect(cleared.fields.getAll("organizations-ticked")).to.deep.equal(["org-123"]);
    await visitor.press(cleared, "save");
    expect(await storedIds()).to.deep.equal(["org-123"]);
  });

  it("results of a search go on where they ended", async () => {
    await select(["org-7"]);
    const first = await visitor.press(await visitor.open(), "organizations-search", {
      "organizations-search": "00001",
    });
    const [, more = ""] = /value="(organizations-more:[^"]*)"/.exec(first.html) ?? ["", ""];
    expect(more).to.equal("");
    const all = await visitor.press(first, "organizations-search", {
      "organizations-search": "Organization",
    });
    const [, next = ""] = /value="(organizations-more:[^"]*)"/.exec(all.html) ?? [];
    const second = await visitor.press(all, next);
    expect(second.text("autoProvisioning-organizations-ids")).to.include("Organization 000050");
  });

  it("a script that asks for one list costs that list alone", async () => {
    await select(names(MANY).map(({ id }) => id));
    const page = await visitor.open();
    const asked: number[] = [];
    const { organizationsByIds } = host.catalog;
    host.catalog.organizationsByIds = (tenant, ids) => {
      asked.push(ids.length);
      return organizationsByIds(tenant, ids);
    };
    const list = await visitor.press(page, "organizations-search", {
      live: "autoProvisioning-organizations-ids",
      "organizations-search": "000123",
    });
    expect(list.text("autoProvisioning-organizations-ids")).to.include("Organization 000123");
    const preview = await visitor.press(page, "organizations-page:3", {
      live: "autoProvisioning-organizations-ids",
    });
    expect(preview.text("autoProvisioning-organizations-ids")).to.include("Organization 000150");
    expect(asked).to.deep.equal([50]);
  });

  it("what no list could be searched for is found nowhere", async () => {
    const page = await visitor.open();
    for (const search of ["x".repeat(201), "\u0000"]) {
      const none = await visitor.press(page, "organizations-search", {
        "organizations-search": search,
      });
      expect(none.text("autoProvisioning-organizations-ids")).to.include("No results.");
    }
    const action = `organizations-more:${"x".repeat(100_000)}`;
    const far = await visitor.press(page, action, { "organizations-search": "Org" });
    expect(far.text("autoProvisioning-organizations-ids")).to.include("No results.");
  });

  it("marks entries that no longer exist and removes them with one click", async () => {
    await select(["org-1", "org-2", "org-3"]);
    host.catalog.replace({ organizations: names(3).slice(0, 2) });
    const page = await visitor.open();
    expect(page.text("autoProvisioning-organizations-ids")).to.include("org-2 no longer exists");
    const refused = await visitor.press(page, "save");
    expect(refused.status).to.equal(422);
    const dropped = await visitor.press(refused, "organizations-drop-missing");
    expect(dropped.text("notice")).to.equal("2 entries that no longer exist were removed.");
    await visitor.press(dropped, "save");
    expect(await storedIds()).to.deep.equal(["org-1"]);
  });

  it("a save that breaks on the way keeps what was typed", async () => {
    await select(["org-1"]);
    const page = await visitor.open();
    host.catalog.organizationsByIds = () => Promise.reject(new Error("away"));
    const broken = await visitor.press(page, "save", { "email-source": "name-id" });
    expect(broken.status).to.equal(500);
    expect(broken.text("notice")).to.match(/nothing was saved.*under [0-9A-Z-]{14}/);
    expect(broken.fields.get("email-source")).to.equal("name-id");
    expect(broken.html).not.to.include("away");
  });

  it("a catalog that does not answer leaves the page and its switch", async () => {
    await select(["org-1"]);
    const { tenant } = host;
    const page = await visitor.open();
    host.catalog.searchOrganizations = () => Promise.reject(new Error("away"));
    const half = await visitor.press(page, "refresh", { "organizations-search": "x" });
    expect(half.status).to.equal(200);
    expect(half.text("autoProvisioning-organizations-ids")).to.include(
      "is temporarily unavailable",
    );
    expect((await visitor.press(half, "disable")).status).to.equal(303);
    expect(host.memory.auditEntries(tenant)[0]?.detail["enabled"]).to.equal("true -> false");
    expect(await storedIds()).to.deep.equal(["org-1"]);
  });
});
