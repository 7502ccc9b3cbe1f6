import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { ApiProblemCode } from "../../openapi/problems.ts";
import { PROBLEMS } from "../../src/adapters/koa/problems.ts";
import { makeMemoryMetadata } from "../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { asValue } from "../../src/mod.ts";
import { StorageUnavailableError } from "../../src/ports/errors.ts";
import { reissue } from "../../src/testing/signing-idp/certificate.ts";
import { address, arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { makeTester } from "../support/test-sign-ins.ts";
import { DOCUMENT, faultsAt, operations } from "./support.ts";

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

/** Every operation whose successful answer was held against the document. */
const answered = new Set<string>();

describe("what the settings API answers, by its OpenAPI document", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  /** Sends a call, and holds the answer against the document. */
  const send = async (target: string, { method = "GET", body, headers = {} }: Call = {}) => {
    const response = await fetch(`${host.baseUrl}/saml${target}`, {
      redirect: "manual",
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const path = new URL(target, "http://x").pathname;
    const { pathTemplate, operation } = described(path, method.toLowerCase());
    const status = String(response.status);
    const type = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
    const text = await response.text();
    const value: unknown = type.endsWith("json") ? JSON.parse(text) : text;
    const place = [
      "paths",
      pathTemplate,
      method.toLowerCase(),
      "responses",
      status in operation.responses ? status : "4XX",
      "content",
      type,
      "schema",
    ];
    if (response.status !== 302 && response.status !== 204) {
      const what = `${method} ${target} ${status} ${text.slice(0, 300)}`;
      expect(faultsAt(place, value), what).to.equal("");
    }
    if (response.status < 400) answered.add(operation.operationId);
    return { status: response.status, headers: response.headers, value };
  };

  const described = (path: string, method: string) => {
    const pathTemplate = Object.keys(DOCUMENT.paths).find((one) =>
      new RegExp(`^${one.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(path),
    );
    const operation = DOCUMENT.paths[pathTemplate ?? ""]?.[method];
    if (pathTemplate === undefined || operation === undefined) throw new Error(`no ${path}`);
    return { pathTemplate, operation };
  };

  const put = (body: unknown, headers: Readonly<Record<string, string>> = { "If-Match": '"1"' }) =>
    send("/settings", { method: "PUT", body, headers });
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    send(path, { method: "POST", body, headers });

  it("settings: unsaved, sparse, full, with warnings", async () => {
    const { value, headers } = await send("/settings");
    expect(headers.get("etag")).to.equal('"1"');
    const soon = reissue(host.idp.key, { notAfter: host.clock.now() + DAY_MS }).certificate;
    const settings = openSettings(host, {
      connection: host.idp.connection({
        certificates: [soon],
        sloUrl: "https://idp.example/slo",
        weakAlgorithms: ["sha1"],
      }),
      email: { source: { kind: "attribute", name: "mail" }, allowedDomains: ["a.example"] },
      profile: { displayName: "cn" },
      autoProvisioning: {
        ...openSettings(host).autoProvisioning,
        organizations: { kind: "all" },
        whenLicensesRunOut: { kind: "lite", role: "lite" },
      },
    });
    expect((await put(value)).status).to.equal(200);
    const current = { "If-Match": (await send("/settings")).headers.get("etag") ?? "" };
    expect((await put(settings, current)).status).to.equal(422);
    const { autoProvisioning } = openSettings(host);
    expect((await put({ ...settings, autoProvisioning }, current)).status).to.equal(200);
    await send("/settings");
    await host.stop();
    host = await startHost();
    const unsaved = await send("/settings");
    expect(unsaved.value).to.have.nested.property("meta.version", 0);
  });

  it("license usage, with and without a limit and a default", async () => {
    await send("/settings/license-usage");
    host.licenseLimit = 2;
    await arrive(host, "ada@customer.example");
    await send("/settings/license-usage");
    host.catalog.replace({ roles: [] });
    await send("/settings/license-usage");
  });

  it("the license report, of users and roles of today and of before, as JSON and as a file", async () => {
    await send("/settings/license-report");
    await arrive(host, "ada@customer.example");
    host.licenseLimit = 2;
    const { autoProvisioning } = openSettings(host);
    const rules = [
      { when: { attribute: "groups", anyOf: ["x"] }, role: "lite" },
      { when: { emailDomain: ["other.example"] }, refuse: true },
    ] as const;
    const settings = openSettings(host, {
      email: { source: { kind: "automatic" }, allowedDomains: ["customer.example"] },
      autoProvisioning: { ...autoProvisioning, rules },
    });
    await host.saml.saveSettings("default", settings, "set-up");
    await send("/settings/license-report");
    host.catalog.replace({ roles: [] });
    await send("/settings/license-report");
    for (const format of ["csv", "jsonl"]) {
      await send(`/settings/license-report/export?format=${format}`);
    }
    expect((await send("/settings/license-report/export")).status).to.equal(400);
    expect((await send("/settings/license-report?x=1")).status).to.equal(400);
  });

  it("previews of every kind", async () => {
    for (const state of ["active", "invited", "suspended"] as const) {
      host.memory.seedUser(host.tenant, { email: address(`${state}@customer.example`), state });
      await post("/settings/preview", { email: `${state}@customer.example` });
    }
    await post("/settings/preview", { email: "new@customer.example" });
    host.licenseLimit = 0;
    await post("/settings/preview", { email: "new@customer.example" });
    const { autoProvisioning } = openSettings(host);
    for (const whenLicensesRunOut of [{ kind: "allow" }, { kind: "lite", role: "lite" }] as const) {
      const settings = openSettings(host, {
        autoProvisioning: { ...autoProvisioning, whenLicensesRunOut },
      });
      await post("/settings/preview", { email: "new@customer.example", settings });
    }
  });

  it("test sign-ins: pending, verified, rejected", async () => {
    const tester = makeTester(host);
    const begun = await post("/settings/test-sign-ins", { settings: tester.draft() });
    expect(begun.status).to.equal(201);
    const { id } = begun.value as { id: string };
    await send(`/settings/test-sign-ins/${id}`);
    await send(`/settings/test-sign-ins/${id}/start`);
    for (const options of [{}, { audience: "https://other.example" }, { email: "nobody" }]) {
      const test = await tester.begun();
      await tester.answer(test, {
        attributes: { "urn:oid:2.5.4.42": ["Ada"] },
        sessionForMs: DAY_MS,
        ...options,
      });
      await send(`/settings/test-sign-ins/${test.id}`);
    }
  });

  it("metadata and certificates", async () => {
    await post("/settings/parse-metadata", { xml: host.idp.metadata() });
    const expired = reissue(host.idp.key, { notAfter: host.clock.now() - DAY_MS }).certificate;
    const certificates = [host.idp.certificate, expired, "none"];
    await post("/settings/inspect-certificates", { certificates });
  });

  it("connections, and the metadata that they follow", async () => {
    const metadata = makeMemoryMetadata();
    await host.stop();
    host = await startHost({ fetchMetadata: metadata.fetchMetadata });
    const url = "https://idp.example/metadata";
    const connection = host.idp.connection({ metadataUrl: url });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    metadata.publish(url, host.idp.metadata());
    await post("/settings/fetch-metadata", { url });
    await send("/settings/connections");
    const place = "/settings/connections/default";
    await send(`${place}/metadata`);
    const tagOf = async (at: string) => (await send(at)).headers.get("etag") ?? "";
    for (const resolution of ["accept", "dismiss"] as const) {
      const sso = resolution === "accept" ? "https://new.example/sso" : "https://newer.example/sso";
      metadata.publish(url, host.idp.metadata().replaceAll(connection.ssoUrl, sso));
      await post(`${place}/metadata/refresh`, {});
      const tag = await tagOf(`${place}/metadata`);
      const resolved = await post(`${place}/metadata/${resolution}`, {}, { "If-Match": tag });
      expect(resolved.status).to.equal(200);
    }
    metadata.publish(url, undefined);
    await post(`${place}/metadata/refresh`, {});
    const body = { name: "Acme", domains: ["acme.example"], enabled: false };
    const added = "/settings/connections/acme";
    const created = await send(added, { method: "PUT", body, headers: { "If-None-Match": "*" } });
    expect(created.status).to.equal(201);
    const matching = async () => ({ "If-Match": await tagOf(added) });
    const changed = { ...body, name: "Acme Inc" };
    await send(added, { method: "PUT", body: changed, headers: await matching() });
    await post(`${added}/domains`, { domain: "globex.example" }, await matching());
    expect((await send(added, { method: "DELETE", headers: await matching() })).status).to.equal(
      204,
    );
  });

  it("the catalog", async () => {
    await send("/settings/roles");
    for (const list of ["groups", "organizations"]) {
      await send(`/settings/${list}`);
      await send(`/settings/${list}?limit=1`);
      await send(`/settings/${list}?ids=g1&ids=o1`);
    }
  });

  it("the audit trail, as pages and files", async () => {
    await arrive(host, "ada@customer.example");
    await arrive(host, "ada@customer.example");
    await arrive(host, "ada@customer.example", { audience: "https://typed.example" });
    await arrive(host, "ada@customer.example", { sign: "none" });
    await send("/settings/overview");
    expect((await send("/settings/overview?days=7")).status).to.equal(400);
    await send("/settings/audit");
    await send("/settings/audit?limit=1&refused=true");
    await send("/settings/audit/export?format=csv");
    await send("/settings/audit/export?format=jsonl");
  });

  it("users who were created, as pages and files", async () => {
    await arrive(host, "ada@customer.example");
    await arrive(host, "eve@customer.example");
    await send("/settings/receipts");
    await send("/settings/receipts?limit=1&role=editor&from=0");
    await send("/settings/receipts?state=active&state=gone");
    expect((await send("/settings/receipts?limit=0")).status).to.equal(400);
    await send("/settings/receipts/export?format=csv");
    await send("/settings/receipts/export?format=jsonl&connection=default");
  });

  it("domains that DNS proves", async () => {
    await host.stop();
    let texts: readonly string[] = [];
    const resolveTxt = async () => ({ kind: "answered", texts }) as const;
    host = await startHost({
      verifiedDomains: "dns",
      override: (container) => container.register("resolveTxt", asValue(resolveTxt)),
    });
    const added = await post("/settings/domains", { domain: "customer.example" });
    await post("/settings/domains", { domain: "no domain" });
    await post("/settings/domains/customer.example/check", undefined);
    const { record } = added.value as { record: { value: string } };
    for (const next of [[record.value], []]) {
      texts = next;
      await post("/settings/domains/customer.example/check", undefined);
      await send("/settings/domains");
    }
    await send("/settings/domains/customer.example", { method: "DELETE" });
  });

  it("this document, for the tenant that asks", async () => {
    const { value } = await send("/settings/openapi.json");
    expect(value).to.deep.equal({ ...DOCUMENT, servers: [{ url: `${host.baseUrl}/saml` }] });
    expect((await send("/settings/openapi.json?x=1")).status).to.equal(400);
  });

  it("every problem", async () => {
    const json = { "Content-Type": "application/json" };
    const provoked: Readonly<Record<ApiProblemCode, () => Promise<{ value: unknown }>>> = {
      "query-invalid": () => send("/settings/audit?colour=red"),
      "bad-request": () => post("/settings/preview", "{"),
      forbidden: async () => {
        const { admin } = host;
        host.admin = undefined;
        const answer = await send("/settings/roles");
        host.admin = admin;
        return answer;
      },
      "cross-site": () => put({}, { Origin: "https://elsewhere.example" }),
      "tenant-unknown": () => elsewhere({ prefix: "/:tenant", resolveTenant: () => undefined }),
      "not-a-navigation": () =>
        send("/settings/test-sign-ins/1/start", { headers: { "Sec-Fetch-Dest": "image" } }),
      "domain-unknown": () =>
        elsewhere({ verifiedDomains: "dns" }, () =>
          send("/settings/domains/customer.example/check", { method: "POST" }),
        ),
      "test-unknown": () => send("/settings/test-sign-ins/1"),
      "connection-unknown": () => send("/settings/connections/x"),
      "connection-changed": () =>
        send("/settings/connections/default", {
          method: "PUT",
          body: {},
          headers: { "If-Match": '"0"' },
        }),
      "metadata-change-gone": () =>
        post("/settings/connections/default/metadata/accept", {}, { "If-Match": '"0"' }),
      "metadata-not-fetched": () => post("/settings/fetch-metadata", { url: "https://x.example" }),
      "test-over": async () => {
        const tester = makeTester(host);
        const test = await tester.begun();
        await tester.answer(test);
        return send(`/settings/test-sign-ins/${test.id}/start`);
      },
      "settings-changed": () => put(openSettings(host), { "If-Match": '"7"' }),
      "body-too-large": () => post("/settings/parse-metadata", { xml: "x".repeat(9_000_000) }),
      "type-unsupported": () => post("/settings/preview", "{}", { "Content-Type": "text/plain" }),
      "encoding-unsupported": () =>
        post("/settings/preview", "{}", { ...json, "Content-Encoding": "gzip" }),
      "settings-invalid": () => put({}),
      "body-invalid": () => post("/settings/preview", {}),
      "metadata-invalid": () => post("/settings/parse-metadata", { xml: "<a/>" }),
      "if-match-required": () => put(openSettings(host), {}),
      internal: () =>
        elsewhere({
          requireAdmin: () => {
            throw new Error("a defect of the host");
          },
        }),
      "storage-unavailable": () => {
        const memory = makeMemoryStores();
        const load = async () => {
          throw new StorageUnavailableError(1);
        };
        const settings = { ...memory.stores.settings, load };
        return elsewhere({ storage: { ...memory, stores: { ...memory.stores, settings } } });
      },
    };
    /** A host of its own, that answers in its own way. */
    const elsewhere = async (
      options: Parameters<typeof startHost>[0],
      call = () => send("/settings"),
    ) => {
      const usual = host;
      host = await startHost(options);
      try {
        return await call();
      } finally {
        await host.stop();
        host = usual;
      }
    };
    for (const [code, provoke] of Object.entries(provoked)) {
      const { value } = await provoke();
      expect(value).to.include({ code });
      expect(value).to.have.property(
        "status",
        Object.entries(PROBLEMS).find(([one]) => one === code)?.[1].status,
      );
    }
    const { value } = await elsewhere({ requireAdmin: (ctx) => ctx.throw(401, "Sign in first.") });
    expect(value).to.include({ code: "refused-by-host", status: 401 });
  });

  it("nothing that was left out above", () => {
    expect([...answered]).to.have.members(
      operations().map(({ operation }) => operation.operationId),
    );
  });
});
