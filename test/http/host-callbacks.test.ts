import { expect } from "chai";
import { describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { arrive } from "../support/arrivals.ts";
import { LISTS, openSettings, startHost } from "../support/host.ts";

describe("what requireAdmin says", () => {
  const answered = async (answer: unknown) => {
    // A host in JavaScript has no compiler that keeps it from this.
    const host = await startHost({ requireAdmin: (() => answer) as () => undefined });
    try {
      const url = `${host.baseUrl}/saml/settings`;
      const saved = await fetch(url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": '"0"' },
        body: JSON.stringify(openSettings(host)),
      });
      const { version } = await host.saml.readSettings("default");
      const read = await fetch(url);
      const errors = host.logger.events.filter(({ level }) => level === "error");
      return { read: read.status, saved: saved.status, version, errors };
    } finally {
      await host.stop();
    }
  };

  for (const nobody of [undefined, null, false, 0, "", Number.NaN]) {
    it(`${JSON.stringify(nobody) ?? "undefined"} is nobody: 403, and nothing is saved`, async () => {
      expect(await answered(nobody)).to.deep.equal({
        read: 403,
        saved: 403,
        version: 0,
        errors: [],
      });
    });
  }

  const mistakes = [true, 7, "admin", {}, [], { id: "" }, { id: 7 }, { id: "x".repeat(256) }];
  for (const mistake of mistakes) {
    it(`${JSON.stringify(mistake).slice(0, 20)} is a mistake: access is refused, and the log says why`, async () => {
      const { read, saved, version, errors } = await answered(mistake);
      expect({ read, saved, version }).to.deep.equal({ read: 500, saved: 500, version: 0 });
      expect(errors).to.have.length(2);
    });
  }
});

describe("what currentSamlSession says", () => {
  it("null means no session: signs out here only", async () => {
    const { privateKey, certificate } = makeTestKey();
    const host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        // A host in JavaScript has no compiler that keeps it from this.
        currentSamlSession: (() => null) as unknown as () => undefined,
        signOut: () => undefined,
      },
    });
    try {
      const response = await fetch(`${host.baseUrl}/saml/logout`, {
        method: "POST",
        redirect: "manual",
      });
      expect(response.status).to.equal(303);
      expect(response.headers.get("location")).to.equal("/");
    } finally {
      await host.stop();
    }
  });
});

describe("what requireAdmin says of the administrator's name", () => {
  const saved = async (administrator: unknown) => {
    // A host in JavaScript has no compiler that keeps it from this.
    const host = await startHost({ requireAdmin: (() => administrator) as () => undefined });
    try {
      const url = `${host.baseUrl}/saml/settings`;
      const { status } = await fetch(url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": '"0"' },
        body: JSON.stringify(openSettings(host)),
      });
      const page = await (await fetch(`${url}/page`, { headers: { Accept: "text/html" } })).text();
      const activity = await (await fetch(`${url}/page/activity`)).text();
      const [entry] = host.memory.auditEntries(host.tenant);
      return { status, page, activity, entry };
    } finally {
      await host.stop();
    }
  };

  it("is in the audit trail and on the page, beside the ID", async () => {
    const { page, activity, entry } = await saved({ id: "90669f64", name: "Grace <Hopper>" });
    expect(entry).to.include({ actor: "90669f64" });
    expect(entry?.detail).to.include({ actorName: "Grace <Hopper>" });
    expect(page).to.contain("Saved by Grace &lt;Hopper>").and.not.contain("Saved by 90669f64");
    expect(activity).to.contain("<strong>Grace &lt;Hopper></strong>");
  });

  for (const name of [undefined, null, "", " \u0000\n "]) {
    it(`${JSON.stringify(name) ?? "undefined"} is none: the ID stands for it`, async () => {
      const { page, entry } = await saved({ id: "90669f64", name });
      expect(entry?.detail).not.to.have.property("actorName");
      expect(page).to.contain("Saved by 90669f64");
    });
  }

  it("is shortened if it is long, and without control characters", async () => {
    const { entry } = await saved({ id: "a", name: `Ada\u0000${"x".repeat(300)}` });
    expect(entry?.detail["actorName"])
      .to.have.length(255)
      .and.to.match(/^Ada x+…$/);
  });

  it("is a mistake if it is no string", async () => {
    expect((await saved({ id: "a", name: { first: "Ada" } })).status).to.equal(500);
  });
});

describe("thenables, such as queries of Objection and Knex", () => {
  /** Nothing but `then`, as little as a query promises. */
  const later = <T>(value: T): PromiseLike<T> => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    then: (fulfilled, rejected) => Promise.resolve(value).then(fulfilled, rejected),
  });

  it("are accepted from every callback", async () => {
    const { privateKey, certificate } = makeTestKey();
    const sound = makeMemoryCatalog(LISTS);
    const called: string[] = [];
    const answered = <T>(callback: string, value: T) => {
      called.push(callback);
      return later(value);
    };
    const session = { issuer: "https://idp.example", nameId: { value: "ada", format: "" } };
    const host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      requireAdmin: () => answered("requireAdmin", { id: "admin-1", name: "Ada" }),
      licenseLimit: () => answered("licenseLimit", 10),
      verifiedDomains: () => answered("verifiedDomains", ["customer.example"]),
      fetchMetadata: () =>
        answered("fetchMetadata", {
          kind: "failed",
          code: "status-unexpected",
          detail: "the server answers 404",
        } as const),
      catalog: {
        roles: () => answered("roles", LISTS.roles),
        groupsByIds: async (tenant, ids) =>
          answered("groupsByIds", await sound.groupsByIds(tenant, ids)),
        organizationsByIds: async (tenant, ids) =>
          answered("organizationsByIds", await sound.organizationsByIds(tenant, ids)),
        searchGroups: () => answered("searchGroups", { items: LISTS.groups, next: undefined }),
        searchOrganizations: () => answered("searchOrganizations", { items: LISTS.organizations }),
      },
      languages: { texts: () => answered("texts", { title: "Ours" }) },
      renderPage: (ctx) => {
        ctx.body = "rendered";
        return answered("renderPage", 1);
      },
      signIn: (ctx) => {
        ctx.cookies.set("user", "ada");
        return answered("signIn", 1);
      },
      logout: {
        currentSamlSession: () => answered("currentSamlSession", session),
        signOut: () => answered("signOut", 1),
      },
    });
    try {
      const settings = `${host.baseUrl}/saml/settings`;
      const connection = {
        ...host.idp.connection(),
        metadataUrl: "https://idp.example/metadata",
      };
      await host.saml.saveSettings(
        "default",
        openSettings(host, {
          connection,
          email: { source: { kind: "automatic" }, allowedDomains: ["customer.example"] },
        }),
        "set-up",
      );
      const arrived = await arrive(host, "ada@customer.example");
      expect(arrived.status).to.equal(303);
      expect(arrived.headers.get("set-cookie")).to.contain("user=ada");
      expect(await (await fetch(`${settings}/page/new-users`)).text()).to.contain("Ours");
      await host.saml.refreshConnections();
      const signIn = await fetch(`${host.baseUrl}/saml/sign-in`, {
        headers: { Accept: "text/html" },
      });
      expect(await signIn.text()).to.equal("rendered");
      const out = await fetch(`${host.baseUrl}/saml/logout`, {
        method: "POST",
        redirect: "manual",
      });
      expect(out.status).to.equal(303);
      expect(new Set(called)).to.deep.equal(
        new Set([
          "requireAdmin",
          "licenseLimit",
          "verifiedDomains",
          "fetchMetadata",
          "roles",
          "groupsByIds",
          "organizationsByIds",
          "searchGroups",
          "searchOrganizations",
          "texts",
          "renderPage",
          "signIn",
          "currentSamlSession",
          "signOut",
        ]),
      );
    } finally {
      await host.stop();
    }
  });
});
