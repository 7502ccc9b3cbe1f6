import { text } from "node:stream/consumers";
import { expect } from "chai";
import Koa from "koa";
import mount from "koa-mount";
import { describe, it } from "mocha";
import type { SamlJitOptions } from "../../src/mod.ts";
import { openSettings, startHost } from "../support/host.ts";

type Upstream = (app: Koa) => void;

/** What `checkHost({ app })` finds, and what it left behind. */
async function checked(
  options: Partial<SamlJitOptions> & { readonly public?: string; readonly upstream?: Upstream },
  change: (app: Koa) => void = () => undefined,
) {
  const host = await startHost(options);
  try {
    await host.saml.saveSettings("default", openSettings(host), "set-up").catch(() => undefined);
    const before = host.memory.auditEntries(host.tenant).length;
    change(host.app);
    const found = await host.saml.checkHost({ app: host.app, tenant: "default" });
    expect(host.memory.auditEntries(host.tenant)).to.have.length(before);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    return { found, health: await host.saml.health([]) };
  } finally {
    await host.stop();
  }
}

const NOTHING = { found: [], health: "pass" };
const seen = ({ found, health }: Awaited<ReturnType<typeof checked>>) => ({
  found: found.map(({ code, remedy }) => `${code}: ${remedy}`),
  health: health.status,
});

describe("whether responses reach the plugin, as checkHost({ app }) sees", () => {
  const fine: Readonly<Record<string, Parameters<typeof checked>[0]>> = {
    "at the root": {},
    "behind a proxy that strips a path": { public: "https://app.example/acme" },
    "behind a proxy that keeps a path": {
      public: "https://app.example",
      prefix: "/acme/saml",
    },
    "with customers by path": { prefix: "/t/:tenant/saml", resolveTenant: () => "default" },
    "with customers by host name": {
      public: "https://:tenant.app.example",
      resolveTenant: (ctx) => ctx.params["tenant"],
    },
    "behind a parser that keeps what it reads": {
      upstream: (app) => {
        app.use(async (ctx, next) => {
          ctx.request.body = Object.fromEntries(new URLSearchParams(await text(ctx.req)));
          return next();
        });
      },
    },
  };
  for (const [title, options] of Object.entries(fine)) {
    it(`they do: ${title}`, async () => {
      expect(seen(await checked(options))).to.deep.equal(NOTHING);
    });
  }

  it("they do under koa-mount, whose path is in baseUrl", async () => {
    const host = await startHost({ public: "https://app.example/portal" });
    try {
      const app = new Koa({ keys: ["a key"] }).use(mount("/portal", host.saml.routes()));
      app.use((ctx) => {
        ctx.body = "the one page of this app";
      });
      expect(await host.saml.checkHost({ app })).to.deep.equal([]);
    } finally {
      await host.stop();
    }
  });

  const csrf: Upstream = (app) => {
    app.use((ctx, next) => (ctx.method === "POST" ? ctx.throw(403, "Invalid token") : next()));
  };
  const greedy: Upstream = (app) => {
    app.use(async (ctx, next) => {
      await text(ctx.req);
      return next();
    });
  };
  const catchAll: Upstream = (app) => {
    app.use((ctx) => {
      ctx.body = "the one page of this app";
    });
  };
  const broken: readonly (readonly [string, Parameters<typeof checked>[0], RegExp])[] = [
    ["CSRF protection in front", { upstream: csrf }, /answered with 403 .*CSRF protection/],
    ["a page that answers everything in front", { upstream: catchAll }, /answered with 200 before/],
    ["a body that is read in front", { upstream: greedy }, /reaches the plugin and fails/],
  ];
  for (const [title, options, remedy] of broken) {
    it(`they do not: ${title}`, async () => {
      const { found, health } = await checked(options);
      expect(found.map(({ code }) => code)).to.deep.equal(["acs-not-reached"]);
      expect(found[0]?.remedy).to.match(remedy);
      expect(health.checks.at(-1)).to.include({ name: "host", status: "warn" });
    });
  }

  it("they do not: the host's keys are missing", async () => {
    const { found } = await checked({}, (app) => {
      app.keys = [];
    });
    expect(found[0]?.remedy).to.match(/reaches the plugin and fails: the log says why/);
  });

  it("is not tried where the URL depends on a tenant that is not named", async () => {
    const host = await startHost({ prefix: "/:tenant/saml", resolveTenant: () => "default" });
    try {
      const [finding] = await host.saml.checkHost({ app: host.app });
      expect(finding).to.include({ code: "acs-not-tried" });
      expect((await host.saml.health([])).status).to.equal("pass");
    } finally {
      await host.stop();
    }
  });

  it("they do not: the plugin is mounted nowhere", async () => {
    const host = await startHost();
    try {
      const [finding] = await host.saml.checkHost({ app: new Koa() });
      expect(finding).to.include({ code: "acs-not-reached" });
      expect(finding?.remedy).to.contain("mount it by app.use(saml.routes())");
    } finally {
      await host.stop();
    }
  });

  it("nobody else can send such a probe", async () => {
    const host = await startHost();
    try {
      const response = await fetch(`${host.baseUrl}/saml/acs`, {
        method: "POST",
        headers: { "Koa-Saml-Jit-Probe": "x" },
        body: new URLSearchParams({ SAMLResponse: "probe" }),
      });
      expect(response.status).to.equal(403);
    } finally {
      await host.stop();
    }
  });
});
