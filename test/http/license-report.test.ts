import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { LicenseReport } from "../../src/application/licenses.ts";
import { StorageUnavailableError } from "../../src/ports/errors.ts";
import { address, arrive } from "../support/arrivals.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";
import { visitPage } from "./page/support.ts";

const MONTH_MS = 31 * 24 * 3600 * 1000;

describe("the license report", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    const { autoProvisioning } = openSettings(host);
    const rules = [{ when: { attribute: "groups", anyOf: ["leads"] }, role: "lite" }] as const;
    const settings = openSettings(host, { autoProvisioning: { ...autoProvisioning, rules } });
    await host.saml.saveSettings("default", settings, "set-up");
  });
  afterEach(() => host.stop());

  const get = (path: string) => fetch(`${host.baseUrl}/saml/settings${path}`);
  const read = async () => (await (await get("/license-report")).json()) as LicenseReport;
  const come = async (name: string, groups: readonly string[] = []) => {
    const response = await arrive(host, `${name}@customer.example`, { attributes: { groups } });
    return response.status;
  };
  const outcomes = ({ forecasts }: LicenseReport) =>
    forecasts.first.map((one) =>
      one.outcomes.map(({ newcomers, rule }) => `${newcomers} ${rule}`).join(", "),
    );

  it("says who has which role now, and who was created with it, and when, and through what", async () => {
    const own = { email: address("own@customer.example"), role: "editor" } as const;
    host.memory.seedUser(host.tenant, own);
    await come("ada");
    await come("lea", ["leads"]);
    const first = new Date(host.clock.now()).toISOString().slice(0, 7);
    host.clock.advance(MONTH_MS);
    await come("bob");
    const bob = host.memory.userByEmail(host.tenant, "bob@customer.example");
    host.memory.changeUser(host.tenant, bob?.id ?? "", { state: "suspended" });
    const ada = host.memory.userByEmail(host.tenant, "ada@customer.example");
    host.memory.changeUser(host.tenant, ada?.id ?? "", { role: "administrator" });
    const report = await read();
    expect(report).to.deep.include({ used: 2, usedByJit: 1, newcomers: 10 });
    expect(report).to.not.have.property("limit");
    const editor = { id: "editor", name: "Editor", licensed: true };
    expect(report.roles).to.deep.equal([
      { ...editor, users: 1, usersByJit: 0, created: 2, seats: 2 },
      {
        ...{ id: "lite", name: "Lite", licensed: false },
        ...{ users: 1, usersByJit: 1, created: 1, seats: 0 },
      },
      {
        ...{ id: "administrator", name: "Administrator", licensed: true },
        ...{ users: 1, usersByJit: 1, created: 0, seats: 0 },
      },
    ]);
    expect(report.connections).to.deep.equal([
      { id: "default", name: "Single sign-on", created: 3, seats: 2 },
    ]);
    const second = new Date(host.clock.now()).toISOString().slice(0, 7);
    expect(report.months).to.deep.equal([
      { month: first, created: 2, seats: 1 },
      { month: second, created: 1, seats: 1 },
    ]);
  });

  it("names roles and connections that are gone, without a name", async () => {
    await come("ada");
    host.catalog.replace({ roles: LISTS.roles?.filter(({ id }) => id !== "editor") ?? [] });
    const connections = (await host.saml.readSettings("default")).settings.connections;
    const { settings } = await host.saml.readSettings("default");
    const renamed = { ...settings, connections: [{ ...connections[0], id: "other" }] };
    await host.saml.saveSettings(
      "default",
      { ...renamed, autoProvisioning: { ...settings.autoProvisioning, role: "lite" } },
      "set-up",
    );
    const report = await read();
    expect(report.roles.at(-1)).to.deep.equal({
      id: "editor",
      licensed: false,
      created: 1,
      seats: 0,
    });
    expect(report.connections).to.deep.equal([
      { id: "other", name: "Single sign-on", created: 0, seats: 0 },
      { id: "default", created: 1, seats: 0 },
    ]);
  });

  it("forecasts what then happens", async () => {
    host.licenseLimit = 4;
    await come("ada");
    const forecast = await read();
    expect(outcomes(forecast)).to.deep.equal(["3 defaults, 7 license-exhausted", "10 rule"]);
    for (let number = 0; number < 10; number += 1) {
      expect(await come(`u${number}`)).to.equal(number < 3 ? 303 : 403);
    }
    expect(outcomes(await read())).to.deep.equal(["10 license-exhausted", "10 rule"]);
    for (let number = 10; number < 20; number += 1) {
      expect(await come(`u${number}`, ["leads"])).to.equal(303);
    }
    expect(outcomes(await read())).to.deep.equal(["10 license-exhausted", "10 rule"]);
  });

  it("is there before anything is saved, and counts no more than 100 roles", async () => {
    await host.stop();
    host = await startHost();
    expect(outcomes(await read())).to.deep.equal(["10 sso-disabled"]);
    const roles = Array.from({ length: 150 }, (_, index) => ({
      id: `role-${index}`,
      name: "A role",
      licensed: true,
      privileged: false,
    }));
    host.catalog.replace({ roles });
    const { roles: counted } = await read();
    expect(counted).to.have.length(150);
    expect(counted.filter(({ users }) => users !== undefined)).to.have.length(100);
  });

  it("is a file, in which no cell is a formula", async () => {
    host.licenseLimit = 1;
    await come("ada");
    const roles = LISTS.roles?.map((role) => ({ ...role, name: "=cmd()" })) ?? [];
    host.catalog.replace({ roles });
    const csv = await get("/license-report/export?format=csv");
    expect(csv.headers.get("content-disposition")).to.match(
      /^attachment; filename="sso-licenses-\d{4}-\d{2}-\d{2}\.csv"$/,
    );
    const lines = (await csv.text()).trim().split("\r\n");
    expect(lines).to.have.length(1 + 1 + 3 + 1 + 1 + 2);
    for (const line of lines) expect(line).to.not.match(/(?:^|,)"\s*[=+\-@]/);
    const rows = (await (await get("/license-report/export?format=jsonl")).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(rows[0]).to.deep.equal({ list: "all", limit: 1, users: 1, usersByJit: 1 });
    expect(rows.at(-2)).to.deep.equal({
      list: "forecast",
      name: "default",
      newcomers: 10,
      outcome: "1 of 1 licenses are in use",
      rule: "license-exhausted",
    });
    expect(rows.at(-1)).to.include({ id: "1", outcome: "lite", rule: "rule", seatsAfter: 1 });
  });

  it("is shown on the page when it is asked for", async () => {
    host.licenseLimit = 2;
    await come("ada");
    const visitor = visitPage(host, "/saml", "/licenses");
    const page = await visitor.open();
    expect(page.text("licenses")).to.include("Show the report").and.not.include("By role");
    const report = (await visitor.press(page, "license-report")).text("licenses") ?? "";
    expect(report).to.include("Editor Yes 1 1 1");
    expect(report).to.include("Created users by connection");
    expect(report).to.include("1 would be created as Editor, then 2 licenses are in use.");
    expect(report).to.match(/9 would be refused: .* \(2 of 2 licenses are in use\)/);
    const live = await visitor.press(page, "license-report", { live: "licenses" });
    expect(live.text("licenses")).to.include("The next new user (Editor):");
    expect(report).to.include("New users whom no rule matches, through Single sign-on");
    expect(report).to.include("New users whom Rule 1 is for, through Single sign-on");
    expect(report).to.include("10 would be created as Lite");
    expect(page.html).to.include('/settings/license-report/export?format=csv"');
  });

  it("fails alone, and is for administrators", async () => {
    const { users } = host.memory.stores;
    users.tallyReceipts = async () => {
      throw new StorageUnavailableError(1);
    };
    expect((await get("/license-report")).status).to.equal(503);
    expect((await get("/license-report/export?format=csv")).status).to.equal(503);
    const visitor = visitPage(host, "/saml", "/licenses");
    const page = await visitor.press(await visitor.open(), "license-report");
    expect(page.status).to.equal(200);
    expect(page.text("licenses")).to.include("0 in use");
    host.admin = undefined;
    for (const path of ["/license-report", "/license-report/export?format=csv"]) {
      expect((await get(path)).status, path).to.equal(403);
    }
  });
});
