import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { ListedReceipt, ReceiptsRead } from "../../src/application/audit/audit.ts";
import { StorageUnavailableError } from "../../src/ports/errors.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("the users whom the plugin created", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    const { autoProvisioning } = openSettings(host);
    const rules = [
      { when: { attribute: "groups", anyOf: ["leads"] }, role: "lite", groups: ["g2"] },
    ] as const;
    const settings = openSettings(host, { autoProvisioning: { ...autoProvisioning, rules } });
    await host.saml.saveSettings("default", settings, "set-up");
  });
  afterEach(() => host.stop());

  const get = (path: string) => fetch(`${host.baseUrl}/saml/settings${path}`);
  const read = async (query = "") =>
    (await (await get(`/receipts${query}`)).json()) as ReceiptsRead;
  const emails = ({ receipts }: ReceiptsRead) => receipts.map(({ email }) => email);
  const come = async (name: string, groups: readonly string[] = []) => {
    await arrive(host, `${name}@customer.example`, { attributes: { groups } });
    host.clock.advance(1000);
  };

  it("are listed with their access, the rules that matched, and their state now", async () => {
    await come("ada", ["leads"]);
    await come("bob");
    const [ada, bob] = ["ada", "bob"].map((name) =>
      host.memory.userByEmail(host.tenant, `${name}@customer.example`),
    );
    host.memory.changeUser(host.tenant, bob?.id ?? "", { state: "suspended", role: "lite" });
    const { receipts } = await read();
    expect(receipts.map(({ email, state }) => [email, state])).to.deep.equal([
      ["bob@customer.example", "suspended"],
      ["ada@customer.example", "active"],
    ]);
    const [second, first] = receipts;
    expect(second).to.deep.include({ userId: bob?.id, role: "editor", connection: "default" });
    expect(second).to.not.have.property("rules");
    expect(first).to.deep.include({
      userId: ada?.id,
      role: "lite",
      groups: { count: 2, first: ["g1", "g2"] },
      organizations: { kind: "selected", count: 2, first: ["o1", "o2"] },
    });
    expect(first?.rules?.[0]).to.deep.include({
      number: 1,
      matched: { attribute: "groups", value: "leads" },
    });
  });

  it("are no users of the host's own, and none of whom the host has no more is left out", async () => {
    host.memory.seedUser(host.tenant, { email: "own@customer.example" });
    await come("ada");
    const { users } = host.memory.stores;
    const { findByIds } = users;
    users.findByIds = async () => [];
    expect((await read()).receipts.map(({ state }) => state)).to.deep.equal(["gone"]);
    users.findByIds = async () => undefined;
    const [unknown] = (await read()).receipts;
    expect(unknown).to.include({ state: "unknown" }).and.not.have.property("email");
    users.findByIds = findByIds;
    expect(emails(await read())).to.deep.equal(["ada@customer.example"]);
  });

  it("come in pages, by role, connection and time", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) await come(name, name < "c" ? ["leads"] : []);
    const seen: (string | undefined)[] = [];
    let after: string | undefined;
    do {
      const page = await read(
        `?limit=2${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`,
      );
      seen.push(...emails(page));
      after = page.next;
    } while (after !== undefined);
    expect(seen.map((email) => email?.[0])).to.deep.equal(["e", "d", "c", "b", "a"]);
    expect(emails(await read("?role=lite")).map((email) => email?.[0])).to.deep.equal(["b", "a"]);
    expect((await read("?connection=other")).receipts).to.deep.equal([]);
    const time = (await read()).receipts[1]?.at ?? 0;
    expect(emails(await read(`?from=${time}`))).to.have.length(2);
    expect(emails(await read(`?until=${time}`))).to.have.length(3);
    for (const wrong of ["?limit=0", "?limit=201", "?state=odd", "?from=yesterday", "?role="]) {
      expect((await get(`/receipts${wrong}`)).status, wrong).to.equal(400);
    }
    expect((await read("?after=nonsense")).receipts).to.deep.equal([]);
  });

  describe("by their state now", () => {
    const STATES = ["active", "suspended", "deleted", "active", "gone", "suspended", "invited"];
    const NAMES = ["a", "b", "c", "d", "e", "f", "g"];
    const nameOf = (index: number) => `${NAMES[index]}@customer.example`;

    beforeEach(async () => {
      for (const [index, state] of STATES.entries()) {
        await come(NAMES[index] ?? "", index < 2 ? ["leads"] : []);
        const id = host.memory.userByEmail(host.tenant, nameOf(index))?.id ?? "";
        if (state !== "gone") host.memory.changeUser(host.tenant, id, { state: state as "active" });
      }
      const { users } = host.memory.stores;
      const { findByIds } = users;
      users.findByIds = async (...of) =>
        (await findByIds(...of))?.filter(({ email }) => email !== nameOf(STATES.indexOf("gone")));
    });

    const walked = async (query: string) => {
      const seen: string[] = [];
      let [after, pages]: [string | undefined, number] = [undefined, 0];
      do {
        const page = await read(
          `${query}${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`,
        );
        seen.push(...page.receipts.map(({ email = "-", state }) => `${email[0]} ${state}`));
        after = page.next;
        pages += 1;
      } while (after !== undefined);
      return { seen, pages };
    };

    it("come in pages that are full, and none comes twice or is missed", async () => {
      const all = { seen: ["d active", "a active"] };
      expect(await walked("?state=active&limit=1")).to.deep.equal({ ...all, pages: 2 });
      expect(await walked("?state=active&limit=2")).to.deep.equal({ ...all, pages: 1 });
      expect(await walked("?state=active&limit=200")).to.deep.equal({ ...all, pages: 1 });
      const both = await walked("?state=suspended&state=deleted&limit=2");
      expect(both).to.deep.equal({ seen: ["f suspended", "c deleted", "b suspended"], pages: 2 });
      expect((await walked("?state=gone&limit=1")).seen).to.deep.equal(["- gone"]);
      expect((await walked("?state=unknown&limit=1")).seen).to.deep.equal([]);
      expect((await walked("?state=suspended&role=lite&limit=1")).seen).to.deep.equal([
        "b suspended",
      ]);
    });

    it("are looked for among 2,000 receipts at a time, and the next page goes on from there", async () => {
      const { users } = host.memory.stores;
      const { receipts } = users;
      let asked = 0;
      // Somebody with very many users: every page has the next one behind it.
      users.receipts = async (tenant, { after: _, ...query }) => {
        asked += 1;
        return { ...(await receipts(tenant, query)), next: `${1000 - asked}.x` };
      };
      const page = await read("?state=deleted&limit=200");
      expect(asked).to.equal(10);
      expect(page.receipts).to.have.length(10);
      expect(page.next).to.equal("990.x");
      users.findByIds = async () => undefined;
      expect((await read("?state=active")).receipts).to.deep.equal([]);
    });

    it("are exported, and shown on the page", async () => {
      const text = await (await get("/receipts/export?format=jsonl&state=suspended")).text();
      const listed = text.trim().split("\n");
      expect(listed.map((line) => (JSON.parse(line) as ListedReceipt).email)).to.deep.equal([
        nameOf(5),
        nameOf(1),
      ]);
      const html = await (await get("/page/users?state=suspended")).text();
      expect(html).to.include(nameOf(1)).and.not.include(nameOf(0));
      expect(html).to.match(/<option value="suspended" selected/);
      expect(html).to.match(/\/receipts\/export\?state=suspended&amp;format=csv"/);
      expect(await (await get("/page/users?state=odd")).text()).to.include(nameOf(0));
      expect(await (await get("/page/users?state=unknown")).text()).to.include("No users.");
    });
  });

  it("are exported as CSV and JSON Lines, and no cell is a formula", async () => {
    const dangerous = '=HYPERLINK("https://evil.example")';
    const { autoProvisioning } = openSettings(host);
    const rules = [{ when: { attribute: "groups", anyOf: [dangerous] }, groups: ["g2"] }];
    await host.saml.saveSettings(
      "default",
      openSettings(host, { autoProvisioning: { ...autoProvisioning, rules } }),
      "set-up",
    );
    await come("ada", [dangerous]);
    await arrive(host, "=cmd@customer.example");
    host.clock.advance(1000);
    const csv = await get("/receipts/export?format=csv");
    expect(csv.headers.get("content-disposition")).to.match(
      /^attachment; filename="sso-users-\d{4}-\d{2}-\d{2}\.csv"$/,
    );
    const lines = (await csv.text()).split("\r\n");
    expect(lines[0]).to.equal(
      '"created","user","email","state","role","groups","organizations","rules","connection","issuer","formerUser","settingsVersion"',
    );
    expect(lines).to.have.length(4);
    expect(lines[1]).to.include(`"'=cmd@customer.example"`);
    for (const line of lines) expect(line).to.not.match(/(?:^|,)"\s*[=+\-@]/);
    const text = await (await get("/receipts/export?format=jsonl&role=editor")).text();
    const receipts = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ListedReceipt);
    expect(receipts).to.deep.equal((await read()).receipts);
  });

  it("end as a broken download, not as a short file, when the storage fails", async () => {
    for (let number = 0; number < 3; number += 1) await come(`u${number}`);
    const { users } = host.memory.stores;
    const { receipts } = users;
    users.receipts = async (tenant, query) => {
      if (query.after !== undefined) throw new StorageUnavailableError(1);
      return receipts(tenant, { ...query, limit: 1 });
    };
    const broken = await get("/receipts/export?format=csv")
      .then((response) => response.text())
      .catch(() => "broken");
    expect(broken).to.equal("broken");
    users.receipts = async () => {
      throw new StorageUnavailableError(1);
    };
    expect((await get("/receipts/export?format=csv")).status).to.equal(503);
  });

  it("are shown to administrators only, on a page with links to the files", async () => {
    await come("ada", ["leads"]);
    await come("bob");
    const html = await (await get("/page/users?role=lite")).text();
    expect(html).to.include("ada@customer.example").and.not.include("bob@customer.example");
    expect(html).to.match(
      /Created <time[^>]*>[^<]+<\/time> through Single sign-on, by rule 1, because groups contained leads\./,
    );
    expect(html).to.include("Role Lite · Groups: Support, Sales · Organizations: North, South");
    expect(html).to.match(/\/receipts\/export\?role=lite&amp;format=csv"/);
    for (let number = 0; number < 25; number += 1) await come(`u${number}`);
    const first = await (await get("/page/users")).text();
    const next = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(await (await fetch(next)).text()).to.include("ada@customer.example");
    host.admin = undefined;
    for (const path of ["/receipts", "/receipts/export?format=csv", "/page/users"]) {
      expect((await get(path)).status, path).to.equal(403);
    }
  });
});
