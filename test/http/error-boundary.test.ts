import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import type { SamlJitOptions } from "../../src/mod.ts";
import { arrive } from "../support/arrivals.ts";
import { failuresIn, LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";

const REFERENCE = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/;

describe("what becomes of errors", () => {
  const withHost = async (
    options: Partial<SamlJitOptions>,
    look: (host: TestHost) => Promise<void>,
  ) => {
    const host = await startHost(options);
    try {
      await look(host);
    } finally {
      await host.stop();
    }
  };
  const errors = (host: TestHost) =>
    host.logger.events.filter(({ level }) => level === "error").map(({ event }) => event);
  const settings = async (host: TestHost) => {
    const response = await fetch(`${host.baseUrl}/saml/settings`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("a compressed body is refused unread, whatever is in it", () =>
    withHost({}, async (host) => {
      for (const encoding of ["gzip", "deflate", "br", "GZIP", "zstd", "identity, gzip"]) {
        for (const body of [Buffer.from("junk"), gzipSync("SAMLResponse=x")]) {
          const response = await fetch(`${host.baseUrl}/saml/acs`, {
            method: "POST",
            headers: {
              "Content-Type": "application/x-www-form-urlencoded",
              "Content-Encoding": encoding,
            },
            body,
          });
          expect(response.status).to.equal(415);
          expect(response.headers.get("accept-encoding")).to.equal("identity");
          expect(await response.json()).to.include({ code: "encoding-unsupported" });
        }
      }
      expect(errors(host)).to.deep.equal([]);
    }));

  it("what a parser chokes on is the sender's affair", () =>
    withHost({}, async (host) => {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const form = Array.from({ length: 200 }, (_, index) => `a${index}=1`).join("&");
      for (const body of ["%", "%E0%A4%A", form]) {
        const response = await fetch(`${host.baseUrl}/saml/acs`, {
          method: "POST",
          headers: { "Content-Type": "application/x-www-form-urlencoded" },
          body,
        });
        expect(response.status).to.equal(400);
      }
      expect(errors(host)).to.deep.equal([]);
    }));

  it("a host error with a foreign status is a failure and is logged", async () => {
    const failing = () => Promise.reject(Object.assign(new Error("secret"), { status: 404 }));
    await withHost({ requireAdmin: failing }, async (host) => {
      const { status, body } = await settings(host);
      expect(status).to.equal(500);
      expect(body).to.include({ code: "internal", detail: "Something went wrong." });
      const [failure] = errors(host);
      expect(failure).to.include({ event: "saml.request.failed", reference: body["reference"] });
      expect(failure).to.include({ message: "requireAdmin threw Error: secret" });
      expect(JSON.stringify(body)).not.to.contain("secret");
    });
  });

  it("what the host throws for the client to see, the client sees", () =>
    withHost(
      {
        requireAdmin: (ctx) =>
          ctx.throw(401, "Sign in first.", { headers: { "WWW-Authenticate": "Bearer" } }),
      },
      async (host) => {
        const response = await fetch(`${host.baseUrl}/saml/settings`);
        expect(response.status).to.equal(401);
        expect(response.headers.get("www-authenticate")).to.equal("Bearer");
        const problem = await response.json();
        expect(problem).to.include({ code: "refused-by-host", detail: "Sign in first." });
        expect(errors(host)).to.deep.equal([]);
      },
    ));

  it("what the host throws as its own failure stays inside", () =>
    withHost({ requireAdmin: (ctx) => ctx.throw(503, "db-7 is down") }, async (host) => {
      const { status, body } = await settings(host);
      expect(status).to.equal(500);
      expect(JSON.stringify(body)).not.to.contain("db-7");
    }));

  it("a mistake of the host's set-up is named in the log, not on the page", () =>
    withHost({}, async (host) => {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      host.app.keys = [];
      const response = await fetch(`${host.baseUrl}/saml/login`, {
        headers: { Accept: "text/html" },
        redirect: "manual",
      });
      const page = await response.text();
      expect(response.status).to.equal(500);
      expect(page).not.to.contain("app.keys");
      const [failure] = failuresIn(host.logger);
      expect(failure?.message).to.match(/^app\.keys must be set/);
      expect(failure?.reference).to.equal(REFERENCE.exec(page)?.[0]);
    }));

  it("a part of a page that fails is in the log with what the callback threw", () => {
    const throwing = (what: string) => () => {
      throw new Error(what);
    };
    const sound = makeMemoryCatalog(LISTS);
    const catalog = { ...sound, searchGroups: throwing("the groups are away") };
    return withHost({ catalog, renderPage: throwing("no template") }, async (host) => {
      const page = await fetch(`${host.baseUrl}/saml/settings/page/new-users`);
      expect(await page.text()).not.to.contain("the groups are away");
      const signIn = await fetch(`${host.baseUrl}/saml/sign-in`, {
        headers: { Accept: "text/html" },
      });
      expect(await signIn.text()).not.to.contain("no template");
      const messages = errors(host).map((event) => "message" in event && event.message);
      expect(messages).to.include("catalog.searchGroups threw Error: the groups are away");
      expect(messages).to.include("renderPage threw Error: no template");
    });
  });

  it("a person who cannot go on is given a reference that the log has", () =>
    withHost({}, async (host) => {
      const response = await fetch(`${host.baseUrl}/saml/acs`, {
        method: "POST",
        headers: { Accept: "text/html", "Content-Type": "application/json" },
        body: "{}",
      });
      expect(response.status).to.equal(415);
      const reference = REFERENCE.exec(await response.text())?.[0];
      expect(host.logger.events.at(-1)?.event).to.deep.equal({
        event: "saml.request.refused",
        reference,
        code: "type-unsupported",
      });
    }));

  it("a session that cannot begin: page, log and audit entry have one reference", () => {
    const signIn = () => {
      throw new Error("the session store is down");
    };
    return withHost({ signIn }, async (host) => {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const response = await arrive(host, "ada@customer.example");
      expect(response.status).to.equal(500);
      const [entry] = host.memory.auditEntries(host.tenant);
      expect(entry).to.include({ outcome: "provisioned" });
      expect(REFERENCE.exec(await response.text())?.[0]).to.equal(entry?.reference);
      expect(errors(host)[0]).to.include({ reference: entry?.reference });
    });
  });
});
