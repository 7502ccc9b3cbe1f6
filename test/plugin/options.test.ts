import { expect } from "chai";
import knexFactory from "knex";
import { describe, it } from "mocha";
import { Model } from "objection";
import {
  makeMemoryCatalog,
  makeMemoryLogger,
} from "../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import { asFunction, asValue, createSamlJit, type SamlJitOptions } from "../../src/mod.ts";
import { LISTS } from "../support/host.ts";

const good: SamlJitOptions = {
  baseUrl: "https://app.example",
  storage: "memory",
  catalog: makeMemoryCatalog(LISTS),
  requireAdmin: () => undefined,
  signIn: () => undefined,
};

const SETTINGS = {
  enabled: false,
  email: { source: { kind: "name-id" } },
  autoProvisioning: { enabled: false, organizations: { kind: "all" } },
};

function faultOf(options: unknown): string {
  try {
    createSamlJit(options as SamlJitOptions);
  } catch (error) {
    expect(error).to.be.instanceOf(TypeError);
    return (error as Error).message;
  }
  return "";
}

describe("the options of the plugin", () => {
  it("may be few", () => {
    expect(faultOf(good)).to.equal("");
  });

  it("are refused all together, each fault by its path", () => {
    const message = faultOf({
      baseUrl: "app.example",
      prefix: "saml/",
      storage: "disk",
      colour: "red",
      organizationRequired: "no",
      serviceProvider: { keys: [{ privateKey: "secret", certificate: "x" }], name: "x" },
      limits: { clockSkewMs: -1 },
      tablePrefix: "Not Good",
      catalog: {},
    });
    for (const path of [
      "baseUrl must be",
      "prefix must be",
      "storage must be",
      "unknown option colour",
      "organizationRequired must be",
      "unknown option serviceProvider.name",
      "limits.clockSkewMs",
      "tablePrefix",
      "catalog must have the methods",
      "signIn must be a function",
      "requireAdmin must be a function",
    ]) {
      expect(message).to.contain(path);
    }
    expect(message).to.contain("serviceProvider.keys[0].privateKey must be an RSA private key");
    expect(message).not.to.contain("secret");
  });

  it("are refused in the words of JavaScript when a type is wrong", () => {
    expect(faultOf(undefined)).to.equal("createSamlJit: options must be an object");
    expect(faultOf({ ...good, limits: 5 })).to.equal("createSamlJit: limits must be an object");
    const serviceProvider = { keys: "x" };
    expect(faultOf({ ...good, serviceProvider })).to.contain(
      "serviceProvider.keys must be an array",
    );
    const keys = [{ privateKey: "", certificate: "", use: "decrypt" }, { use: "next" }];
    expect(faultOf({ ...good, serviceProvider: { keys } }))
      .to.contain('serviceProvider.keys[0].use must be "next" or "retiring"')
      .and.contain("serviceProvider.keys[1].privateKey must be a PEM string");
    const limits = { clockSkewMs: 900_000, formBytes: 1.5 };
    expect(faultOf({ ...good, limits })).to.equal(
      "createSamlJit: limits.clockSkewMs must be at most 600000; limits.formBytes must be an integer",
    );
  });

  it("are refused where they could not be meant so", () => {
    const { roles, groupsByIds, organizationsByIds } = good.catalog;
    const wrong: readonly [string, object][] = [
      ["prefix must not contain", { prefix: "/.." }],
      ["prefix must not contain", { prefix: "/a/./saml" }],
      ["prefix must contain", { prefix: "/:tenant/:tenant", resolveTenant: () => "a" }],
      ["additionalAcsPaths[0] must be a path", { additionalAcsPaths: ["login"] }],
      ["additionalAcsPaths[0] must be a path", { additionalAcsPaths: ["/a?b=1"] }],
      ["additionalAcsPaths[1] must not contain", { additionalAcsPaths: ["/a", "/a/../b"] }],
      ["additionalAcsPaths must contain each", { additionalAcsPaths: ["/a", "/a/"] }],
      ['additionalAcsPaths[0] must contain ":tenant"', { additionalAcsPaths: ["/:tenant/a"] }],
      [
        'additionalAcsPaths[0] must contain ":tenant"',
        { prefix: "/:tenant/saml", resolveTenant: () => "a", additionalAcsPaths: ["/a"] },
      ],
      ["baseUrl must be", { baseUrl: " https://app.example" }],
      ["baseUrl must be", { baseUrl: "https://app.example//a" }],
      ["serviceProvider.entityId must", { serviceProvider: { entityId: " urn:app" } }],
      ["catalog must have", { catalog: { roles, groupsByIds, organizationsByIds } }],
    ];
    for (const [fault, options] of wrong) {
      expect(faultOf({ ...good, ...options })).to.contain(fault);
    }
    const description: readonly [string, object][] = [
      ["nameIdFormats[0] must be a URI", { nameIdFormats: ["a b"] }],
      ["nameIdFormats must contain each", { nameIdFormats: ["urn:a", "urn:a"] }],
      ["organization.url must be", { organization: { name: "Acme" } }],
      ["organization.url must be", { organization: { name: "Acme", url: "javascript:alert(1)" } }],
      ["organization.name must be", { organization: { name: {}, url: "https://acme.example" } }],
      [
        "organization.name must be",
        { organization: { name: { "no language": "Acme" }, url: "https://acme.example" } },
      ],
      ["contacts[0].type must be", { contacts: [{ type: "sales" }] }],
      ["contacts[0].company must", { contacts: [{ type: "other", company: " " }] }],
      [
        "contacts[0].emailAddresses[0] must be",
        { contacts: [{ type: "other", emailAddresses: ["mailto:ada@acme.example"] }] },
      ],
      [
        "attributeConsumingService.requestedAttributes must contain",
        { attributeConsumingService: { serviceName: "Acme", requestedAttributes: [] } },
      ],
      [
        "unknown option serviceProvider.contacts[0].mail",
        { contacts: [{ type: "other", mail: "" }] },
      ],
    ];
    for (const [fault, serviceProvider] of description) {
      expect(faultOf({ ...good, serviceProvider })).to.contain(fault);
    }
    expect(faultOf({ ...good, baseUrl: "https://app.example/", prefix: "/.a/b..c" })).to.equal("");
  });

  it("warn of http beyond this computer, once", () => {
    const logger = makeMemoryLogger();
    createSamlJit({ ...good, logger, baseUrl: "http://localhost:3000" });
    expect(logger.events).to.deep.equal([]);
    createSamlJit({ ...good, logger, baseUrl: "http://app.example" });
    expect(logger.events).to.deep.equal([
      { level: "warn", event: { event: "saml.base-url.unencrypted" } },
    ]);
  });

  it("must say who administers", () => {
    const { requireAdmin: _, ...rest } = good;
    expect(faultOf(rest)).to.equal("createSamlJit: requireAdmin must be a function");
  });

  it("name one storage", () => {
    const { storage: _, ...rest } = good;
    expect(faultOf(rest)).to.contain("knex is required");
    expect(faultOf({ ...good, tablePrefix: "x_" })).to.contain("tablePrefix requires knex");
  });

  it("say how tenants are found if, and only if, the prefix has them", () => {
    expect(faultOf({ ...good, prefix: "/t/:tenant/saml" })).to.contain("resolveTenant is required");
    expect(faultOf({ ...good, resolveTenant: () => "a" })).to.contain("resolveTenant is required");
  });

  it("never leave open whose tenant's users sign in", () => {
    const { storage: _, ...rest } = good;
    const resolveTenant = () => "a";
    const users = (tenant: boolean) => ({
      ...rest,
      knex: knexFactory({ client: "sqlite3", useNullAsDefault: true }),
      hostUsers: {
        model: class extends Model {},
        columns: {
          id: { name: "id", type: "integer" },
          email: "email",
          role: { name: "role", type: "text" },
          ...(tenant ? { tenant: { name: "customer", type: "text" } } : {}),
        },
        state: { kind: "column", column: "state", values: { active: [1] } },
        groups: { table: "g", user: "u", granted: { name: "g", type: "text" } },
        organizations: { table: "o", user: "u", granted: { name: "o", type: "text" } },
      },
    });
    const byHost = { baseUrl: "https://:tenant.app.example", resolveTenant };
    const byPath = { prefix: "/:tenant/saml", resolveTenant };
    for (const way of [byHost, byPath, { tenant: "acme" }]) {
      expect(faultOf({ ...users(true), ...way })).to.equal("");
      expect(faultOf({ ...good, ...way })).to.equal("");
    }
    const hostile: readonly [string, object][] = [
      ["hostUsers.columns.tenant requires tenant", users(true)],
      ["hostUsers.columns.tenant is required", { ...users(false), ...byHost }],
      ["hostUsers.columns.tenant is required", { ...users(false), ...byPath }],
      ["hostUsers.columns.tenant is required", { ...users(false), tenant: "acme" }],
      ["users excludes hostUsers", { ...users(true), tenant: "acme", users: () => ({}) }],
      ["users requires knex", { ...good, users: () => ({}) }],
      ["users must be a function", { ...good, users: {} }],
      ["tenant excludes", { ...good, ...byHost, prefix: "/:tenant/saml" }],
      ["tenant excludes", { ...good, ...byHost, tenant: "acme" }],
      ["tenant excludes", { ...good, ...byPath, tenant: "acme" }],
      ["resolveTenant is required", { ...good, baseUrl: byHost.baseUrl }],
      ["resolveTenant is required", { ...good, tenant: "acme", resolveTenant }],
      [
        'additionalAcsPaths[0] must contain ":tenant" if prefix does',
        { ...good, ...byHost, additionalAcsPaths: ["/:tenant/acs"] },
      ],
      ...["", "a b", "a/b", "../acme", "x".repeat(65), 7].map((tenant): [string, object] => [
        "tenant must be",
        { ...good, tenant },
      ]),
      ...[
        "https://:tenant",
        "https://:tenant/",
        "https://app.example/:tenant",
        "https://app.:tenant.example",
        "https://app-:tenant.example",
        "https://:tenant.:tenant.example",
        "https://:tenant.10.0.0.1",
        "https://:tenants.app.example",
        "https://ada@:tenant.app.example",
        "https://app.example::tenant",
      ].map((baseUrl): [string, object] => ["baseUrl must be", { ...good, ...byHost, baseUrl }]),
    ];
    for (const [fault, options] of hostile) {
      expect(faultOf(options), JSON.stringify(options)).to.contain(fault);
    }
  });

  it("let a host replace a part, in one instance and no other", async () => {
    const at = async (override?: SamlJitOptions["override"]) => {
      const saml = createSamlJit({ ...good, ...(override === undefined ? {} : { override }) });
      return (await saml.saveSettings("default", SETTINGS, "set-up")).savedAt;
    };
    expect(
      await at((container) => container.register("clock", asValue({ now: () => 7 }))),
    ).to.equal(7);
    expect(await at()).to.be.above(7);
  });

  it("refuse a store that is replaced without its transactions", () => {
    for (const name of ["users", "settings", "ledger", "audit", "unitOfWork"]) {
      expect(faultOf({ ...good, override: replacing(name) })).to.contain(`storage, not ${name}`);
    }
  });

  it("refuse a part that there is not", () => {
    expect(faultOf({ ...good, override: replacing("identiy") })).to.contain(
      "unknown container registration identiy",
    );
  });

  it("let a host replace all stores together, by a factory too", async () => {
    const { stores, unitOfWork } = makeMemoryStores();
    const saml = createSamlJit({
      ...good,
      override: (container) => {
        container.register(
          "storage",
          asFunction(() => ({ stores, unitOfWork })),
        );
      },
    });
    await saml.saveSettings("default", SETTINGS, "set-up");
    const tenant = parseTenantId("default");
    expect(tenant && (await stores.settings.load(tenant))?.version).to.equal(1);
  });

  it("are the instance's own: two share neither settings nor users", async () => {
    const [one, two] = [createSamlJit(good), createSamlJit(good)];
    await one.saveSettings("default", SETTINGS, "set-up");
    expect((await one.readSettings("default")).version).to.equal(1);
    expect((await two.readSettings("default")).version).to.equal(0);
    await one.saveSettings("default", SETTINGS, "set-up");
    expect((await one.readSettings("default")).version).to.equal(1);
    const fault = await one.saveSettings("default", {}, "x").catch((error: unknown) => error);
    expect(fault).to.include({ name: "SettingsInvalidError", code: "settings-invalid" });
  });
});

/** As a JavaScript host may write it: the compiler refuses the name. */
function replacing(name: string): SamlJitOptions["override"] {
  return (container) => container.register(name as never, asValue({}) as never);
}
