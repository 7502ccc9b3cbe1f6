import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import type { CatalogPage } from "../../src/mod.ts";
import { failuresIn, LISTS, startHost, type TestHost } from "../support/host.ts";

describe("the host's catalog over HTTP", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const get = async (path: string) => {
    const response = await fetch(`${host.baseUrl}/saml/settings${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("roles, with what they mean for the license", async () => {
    expect((await get("/roles")).body).to.deep.equal({ items: LISTS.roles });
  });

  for (const list of ["groups", "organizations"] as const) {
    it(`${list}, a page at a time, by name, and by ID`, async () => {
      const items = Array.from({ length: 450 }, (_, index) => ({
        id: `id,${index}`,
        name: `Branch ${index}`,
      }));
      host.catalog.replace({ [list]: items });
      const first = (await get(`/${list}`)).body;
      expect(first["items"]).to.deep.equal(items.slice(0, 50));
      const after = encodeURIComponent(String(first["next"]));
      const second = (await get(`/${list}?limit=200&after=${after}`)).body;
      expect(second["items"]).to.deep.equal(items.slice(50, 250));
      expect((await get(`/${list}?search=%20branch%20449%20`)).body).to.deep.equal({
        items: [items[449]],
      });
      const ids = ["id,3", "id,400", "id,3", "gone"].map((id) => `ids=${encodeURIComponent(id)}`);
      expect((await get(`/${list}?${ids.join("&")}`)).body).to.deep.equal({
        items: [items[3], items[400]],
      });
    });
  }

  it("only for administrators", async () => {
    host.admin = undefined;
    for (const path of ["/roles", "/groups", "/organizations?limit=x"]) {
      expect((await get(path)).status).to.equal(403);
    }
  });

  it("refuses an invalid query", async () => {
    const queries: readonly [string, string][] = [
      ["limit=0", "limit"],
      ["limit=201", "limit"],
      ["limit=1&limit=2", "limit"],
      ["limit=", "limit"],
      [`search=${"x".repeat(201)}`, "search"],
      ["search=a&search=b", "search"],
      ["search=%00", "search"],
      ["after=", "after"],
      [`after=${"x".repeat(1025)}`, "after"],
      ["ids=", "ids.0"],
      ["ids=%ED%A0%80%00", "ids.0"],
      [`ids=${"x".repeat(256)}`, "ids.0"],
      [Array.from({ length: 201 }, (_, index) => `ids=${index}`).join("&"), "ids"],
      ["ids=a&search=b", "ids"],
      ["ids=a&after=b", "ids"],
      ["__proto__=a", "__proto__"],
      ["colour=red", "colour"],
    ];
    for (const [query, pointer] of queries) {
      const { status, body } = await get(`/organizations?${query}`);
      expect([query, status, body["code"]]).to.deep.equal([query, 400, "query-invalid"]);
      const [fault] = body["errors"] as { pointer: string }[];
      expect(fault?.pointer).to.equal(pointer);
    }
    expect((await get("/roles?search=a")).status).to.equal(400);
  });

  it("whatever is wrong with a query, the answer is short", async () => {
    const query = Array.from({ length: 150 }, () => "ids=%00").join("&");
    const { status, body } = await get(`/groups?${query}`);
    expect(status).to.equal(400);
    expect(body["errors"]).to.have.length(100);
  });

  const answers: readonly [string, unknown, string][] = [
    ["no page", undefined, "catalog.searchGroups() must be an object"],
    ["a list", [], "catalog.searchGroups().items must be an array"],
    [
      "more than was asked for",
      { items: LISTS.groups },
      "catalog.searchGroups().items must be no longer than the query's limit",
    ],
    [
      "an entry without ID",
      { items: [{ id: "", name: "x" }] },
      "catalog.searchGroups().items[0].id must be 1 to 255 characters long",
    ],
    [
      "a page key that is a number",
      { items: [], next: 7 },
      "catalog.searchGroups().next must be 1 to 1024 characters long or undefined",
    ],
  ];
  for (const [title, answer, message] of answers) {
    it(`a host that answers a search with ${title} reads what is wrong in its log`, async () => {
      await host.stop();
      const searchGroups = async () => answer as CatalogPage;
      host = await startHost({ catalog: { ...makeMemoryCatalog(LISTS), searchGroups } });
      expect((await get("/groups?limit=1")).status).to.equal(500);
      const [error] = failuresIn(host.logger);
      expect(error?.message).to.equal(message);
    });
  }

  it("a host that says null where its list ends", async () => {
    await host.stop();
    const last = { items: LISTS.groups, next: null } as unknown as CatalogPage;
    host = await startHost({
      catalog: { ...makeMemoryCatalog(LISTS), searchGroups: async () => last },
    });
    expect((await get("/groups")).body).to.deep.equal({ items: LISTS.groups });
  });
});
