import Router from "@koa/router";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("methods that a route does not have", () => {
  let host: TestHost;
  let signedOut: number;

  beforeEach(async () => {
    signedOut = 0;
    const outer = new Router();
    outer.all("/saml/{*rest}", (_ctx, next) => next());
    const { privateKey, certificate } = makeTestKey();
    host = await startHost({
      upstream: (app) => {
        app.use(outer.routes());
      },
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => undefined,
        signOut: () => {
          signedOut += 1;
        },
      },
    });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const send = (method: string, path: string) =>
    fetch(`${host.baseUrl}/saml${path}`, { method, redirect: "manual" });

  it("HEAD begins and ends nothing", async () => {
    const allowed = { "/login": "GET, POST", "/logout": "GET, POST", "/slo": "GET, POST" };
    for (const [path, allow] of Object.entries(allowed)) {
      const response = await send("HEAD", path);
      expect(response.status).to.equal(405);
      expect(response.headers.get("allow")).to.equal(allow);
      expect(response.headers.getSetCookie()).to.deep.equal([]);
    }
    expect(signedOut).to.equal(0);
    expect((await send("HEAD", "/metadata")).status).to.equal(200);
  });

  it("any other one is a problem with Allow, below a router of the host too", async () => {
    for (const method of ["DELETE", "PROPFIND"]) {
      const response = await send(method, "/login");
      expect(response.status).to.equal(405);
      expect(response.headers.get("allow")).to.equal("GET, POST");
      expect(await response.json()).to.include({ code: "method-not-allowed" });
    }
    const options = await send("OPTIONS", "/settings");
    expect(options.status).to.equal(204);
    expect(options.headers.get("allow")).to.equal("HEAD, GET, PUT");
  });
});
