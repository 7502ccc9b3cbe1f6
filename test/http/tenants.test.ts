import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost, tenant } from "../support/host.ts";

describe("several tenants", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) =>
        ctx.params["tenant"] === "nobody" ? undefined : ctx.params["tenant"],
    });
    for (const name of ["red", "blue"]) {
      await host.saml.saveSettings(name, openSettings(host), "set-up");
    }
  });
  afterEach(() => host.stop());

  const base = (name: string) => `${host.baseUrl}/t/${name}/saml`;
  const arriveAt = (name: string, of = name) =>
    makeBrowser().post(`${base(name)}/acs`, formFor(host, "ada@customer.example", {}, base(of)));

  it("have addresses, settings and users of their own", async () => {
    expect((await arriveAt("red")).status).to.equal(303);
    expect(host.memory.usersOf(tenant("red"))).to.have.length(1);
    expect(host.memory.usersOf(tenant("blue"))).to.deep.equal([]);
    expect(host.signedIn[0]?.tenant).to.equal("red");
    const metadata = await (await fetch(`${base("blue")}/metadata`)).text();
    expect(metadata).to.contain(`entityID="${base("blue")}/metadata"`);
  });

  it("do not take each other's responses", async () => {
    expect((await arriveAt("red", "blue")).status).to.equal(403);
    expect(host.memory.usersOf(tenant("red"))).to.deep.equal([]);
  });

  it("do not take each other's login requests", async () => {
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(`${base("red")}/login`));
    const form = formFor(host, "ada@customer.example", { inResponseTo }, base("blue"));
    expect((await browser.post(`${base("blue")}/acs`, form)).status).to.equal(403);
  });

  it("must exist: nothing is stored for others", async () => {
    for (const path of ["login", "metadata", "settings", "settings/audit"]) {
      const response = await fetch(`${base("nobody")}/${path}`);
      expect(response.status).to.equal(404);
      expect(await response.json()).to.include({ code: "tenant-unknown" });
    }
    expect((await arriveAt("nobody")).status).to.equal(404);
    expect(host.memory.auditEntries(tenant("nobody"))).to.deep.equal([]);
  });
});
