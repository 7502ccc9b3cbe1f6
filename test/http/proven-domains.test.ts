import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeTxtResolver } from "../../src/adapters/system/environment.ts";
import type { DomainChecked, DomainRead } from "../../src/application/domains.ts";
import { asValue, type SamlJitOptions } from "../../src/mod.ts";
import { arrive } from "../support/arrivals.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { visitPage } from "./page/support.ts";

/** Deno does not tell a server that fails from a name that does not exist. */
const ON_DENO = "Deno" in globalThis;

const USER = "ada@customer.example";
const DOMAIN = "customer.example";
const NAME = "_saml-jit.customer.example";

describe("email domains that are proven by DNS", () => {
  let dns: DnsServer;
  let host: TestHost;

  const start = (options: Partial<SamlJitOptions> = {}) =>
    startHost({
      verifiedDomains: "dns",
      override: (container) => {
        container.register("resolveTxt", asValue(makeTxtResolver({ servers: [dns.address] })));
      },
      ...options,
    });

  beforeEach(async () => {
    dns = await startDnsServer();
    host = await start();
  });
  afterEach(async () => {
    await host.stop();
    await dns.stop();
  });

  async function send<T>(method: string, path = "", body?: unknown) {
    const response = await fetch(`${host.baseUrl}/saml/settings/domains${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
  }
  const add = async (domain: string) => (await send<DomainRead>("POST", "", { domain })).body;
  const check = async (domain = DOMAIN) =>
    (await send<DomainChecked>("POST", `/${domain}/check`)).body;
  const list = async () => (await send<{ items: DomainRead[] }>("GET")).body.items;
  const publish = ({ record }: DomainRead, ...others: readonly string[]) =>
    dns.zone.set(record.name, [...others, record.value]);
  const prove = async (domain = DOMAIN) => {
    publish(await add(domain));
    return check(domain);
  };
  const changes = () =>
    host.memory
      .auditEntries(host.tenant)
      .filter(({ outcome }) => outcome === "domain-proof-changed")
      .map(({ actor, detail }) => `${actor}: ${detail["domain"]} ${detail["proof"]}`);
  const listing = (domains: readonly string[]) =>
    openSettings(host, {
      email: { source: { kind: "automatic" }, allowedDomains: domains },
    });
  const save = (settings: object = openSettings(host)) =>
    host.saml.saveSettings("default", settings, "set-up");

  it("are refused until the record is there, then sign in", async () => {
    await save();
    expect((await arrive(host, USER)).status).to.equal(403);
    const added = await add(" Customer.EXAMPLE ");
    expect(added).to.deep.include({ domain: DOMAIN, state: "unproven" });
    expect(added.record.name).to.equal(NAME);
    expect(added.record.value).to.match(/^saml-jit=[0-9a-f]{32}$/);
    expect(await add(DOMAIN)).to.deep.equal(added);
    expect(await check()).to.deep.include({ answer: "missing" });
    expect((await arrive(host, USER)).status).to.equal(403);
    publish(added, "v=spf1 -all", "x".repeat(210));
    const { answer, domain } = await check();
    expect({ answer, state: domain.state }).to.deep.equal({ answer: "found", state: "proven" });
    expect(await list()).to.deep.equal([domain]);
    expect((await arrive(host, USER)).status).to.equal(303);
    expect((await arrive(host, "eve@x.customer.example")).status).to.equal(403);
    expect(changes()).to.deep.equal(["admin-1: customer.example unproven -> proven"]);
    expect(new Set(dns.asked)).to.deep.equal(new Set([NAME]));
  });

  it("need the very record: that of another tenant, or part of it, proves nothing", async () => {
    const { record } = await add(DOMAIN);
    const elsewhere = await startHost({ verifiedDomains: "dns" });
    const other = await fetch(`${elsewhere.baseUrl}/saml/settings/domains`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ domain: DOMAIN }),
    });
    const { record: foreign } = (await other.json()) as DomainRead;
    await elsewhere.stop();
    expect(foreign.value).to.not.equal(record.value);
    const second = await add("second.example");
    expect(second.record.value).to.not.equal(record.value);
    for (const text of [
      foreign.value,
      second.record.value,
      record.value.slice(0, -1),
      `${record.value}0`,
      record.value.toUpperCase(),
      ` ${record.value}`,
      record.value.slice("saml-jit=".length),
    ]) {
      dns.zone.set(NAME, [text]);
      expect(await check(), text).to.deep.include({ answer: "missing" });
    }
    dns.zone.set(DOMAIN, [record.value]);
    dns.zone.delete(NAME);
    expect(await check()).to.deep.include({ answer: "missing" });
  });

  it("may be listed by a connection when proven, and not before, at their path", async () => {
    await add("other.example");
    await prove();
    const response = await fetch(`${host.baseUrl}/saml/settings`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-Match": '"0"' },
      body: JSON.stringify(listing([DOMAIN, "other.example"])),
    });
    const { errors } = (await response.json()) as { errors: { pointer: string; code: string }[] };
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      "/email/allowedDomains/1 domain-not-verified",
    ]);
    await save(listing([DOMAIN]));
  });

  it("stay proven when the record is gone, with warnings, until an administrator decides", async () => {
    await prove();
    await save(listing([DOMAIN]));
    const checks = async () => (await host.saml.health()).checks.at(-1);
    expect(await checks()).to.include({ name: "verified-domains", status: "pass" });
    dns.zone.delete(NAME);
    host.clock.advance(1000);
    const lost = await check();
    expect(lost.domain).to.include({ state: "lost", lostAt: host.clock.now() });
    host.clock.advance(1000);
    expect((await check()).domain.lostAt).to.equal(lost.domain.lostAt);
    expect((await arrive(host, USER)).status).to.equal(303);
    expect((await save(listing([DOMAIN]))).version).to.equal(1);
    const { meta } = (await (await fetch(`${host.baseUrl}/saml/settings`)).json()) as {
      meta: { warnings: { pointer: string; code: string }[] };
    };
    expect(meta.warnings).to.deep.include({
      pointer: "/email/allowedDomains/0",
      code: "domain-proof-lost",
      detail: `The DNS record that proves ${DOMAIN} is missing. Its users still sign in: publish the record again, or remove the domain.`,
    });
    expect(await checks()).to.include({ status: "warn" });
    publish(lost.domain);
    expect((await check()).domain.state).to.equal("proven");
    dns.zone.delete(NAME);
    await check();
    expect((await send("DELETE", `/${DOMAIN}`)).status).to.equal(204);
    expect(await list()).to.deep.equal([]);
    expect((await arrive(host, USER)).status).to.equal(403);
    expect(changes().reverse()).to.deep.equal([
      "admin-1: customer.example unproven -> proven",
      "admin-1: customer.example proven -> lost",
      "admin-1: customer.example lost -> proven",
      "admin-1: customer.example proven -> lost",
      "admin-1: customer.example lost -> removed",
    ]);
    expect((await add(DOMAIN)).record.value).to.not.equal(lost.domain.record.value);
  });

  it("sign in their users while DNS fails, and are as they were afterwards", async () => {
    await save();
    const { domain } = await prove();
    dns.zone.set(NAME, "server-failure");
    expect((await check()).answer).to.equal(ON_DENO ? "missing" : "unreachable");
    if (!ON_DENO) expect(await list()).to.deep.equal([domain]);
    expect((await arrive(host, USER)).status).to.equal(303);
    publish(domain);
    expect(await check()).to.deep.equal({ answer: "found", domain });
  });

  it("are refused by what they are, at most 200, and unknown ones are none", async () => {
    for (const domain of [
      "",
      "no domain",
      "127.0.0.1",
      "x".repeat(250),
      `${"a.".repeat(122)}example`,
    ]) {
      const { status, body } = await send<{ errors: { code: string }[] }>("POST", "", { domain });
      expect(status, domain).to.equal(422);
      expect(body.errors[0]?.code, domain).to.equal("domain-invalid");
    }
    for (const [method, path] of [
      ["POST", "/nobody.example/check"],
      ["DELETE", "/nobody.example"],
      ["DELETE", "/%20"],
    ] as const) {
      const { status, body } = await send<{ code: string }>(method, path);
      expect({ status, code: body.code }).to.deep.equal({ status: 404, code: "domain-unknown" });
    }
    expect(dns.asked).to.deep.equal([]);
    for (let number = 0; number < 200; number += 1) {
      const proof = { domain: `d${number}.example`, token: "t", createdAt: 0 };
      await host.memory.stores.domainProofs.add(host.tenant, proof);
    }
    const { body } = await send<{ errors: { code: string }[] }>("POST", "", { domain: DOMAIN });
    expect(body.errors[0]?.code).to.equal("too-many");
  });

  it("are the administrators' alone, and need no routes where the host knows them", async () => {
    host.admin = undefined;
    for (const [method, path] of [
      ["GET", ""],
      ["POST", ""],
      ["POST", `/${DOMAIN}/check`],
      ["DELETE", `/${DOMAIN}`],
    ] as const) {
      expect((await send(method, path, method === "POST" ? {} : undefined)).status).to.equal(403);
    }
    await host.stop();
    host = await startHost({ verifiedDomains: () => [DOMAIN] });
    const response = await fetch(`${host.baseUrl}/saml/settings/domains`);
    expect(await response.text()).to.equal("the host's own page");
    expect((await visitPage(host).open()).text("proven-domains")).to.equal(undefined);
  });

  it("have their records and buttons on the page", async () => {
    const visitor = visitPage(host);
    const empty = await visitor.open();
    expect(empty.text("proven-domains")).to.contain("nobody can sign in");
    const refused = await visitor.press(empty, "add-domain", { "new-domain": "no domain" });
    expect(refused.text("proven-domains")).to.contain("This is not a domain name.");
    const typed = { "new-domain": DOMAIN, "profile-displayName": "cn" };
    const added = await visitor.press(empty, "add-domain", typed);
    const [{ record } = { record: { name: "", value: "" } }] = await list();
    expect(added.text("proven-domains")).to.contain(record.name).and.contain(record.value);
    expect(added.fields.get("profile-displayName")).to.equal("cn");
    const missing = await visitor.press(added, `check-domain:${DOMAIN}`);
    expect(missing.text("notice")).to.contain("DNS does not have the record");
    dns.zone.set(record.name, [record.value]);
    const proven = await visitor.press(added, `check-domain:${DOMAIN}`);
    expect(proven.text("notice")).to.equal(`${DOMAIN} is proven.`);
    dns.zone.set(record.name, []);
    const lost = await visitor.press(proven, `check-domain:${DOMAIN}`);
    expect(lost.text("proven-domains")).to.contain("Record missing").and.contain("still sign in");
    expect(lost.text("status")).to.contain(`The DNS record that proves ${DOMAIN} is missing.`);
    const removed = await visitor.press(lost, `remove-domain:${DOMAIN}`);
    expect(removed.text("proven-domains")).to.contain("nobody can sign in");
    expect((await visitor.press(lost, `remove-domain:${DOMAIN}`)).status).to.equal(422);
  });
});

describe("the resolver of TXT records", () => {
  it("gives up on a server that says nothing", async () => {
    const dns = await startDnsServer();
    dns.zone.set("x.example", "silence");
    const resolve = makeTxtResolver({ servers: [dns.address], limitMs: 200 });
    expect(await resolve("x.example")).to.deep.equal({ kind: "unreachable" });
    await dns.stop();
  });
});
