import { text } from "node:stream/consumers";
import { expect } from "chai";
import { describe, it } from "mocha";
import { arrive } from "../support/arrivals.ts";
import { failuresIn, openSettings, startHost } from "../support/host.ts";

type Upstream = NonNullable<Parameters<typeof startHost>[0]>["upstream"];

async function arrival(upstream: Upstream) {
  const host = await startHost({ ...(upstream && { upstream }) });
  try {
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    const { status } = await arrive(host, "ada@customer.example");
    return { status, failures: failuresIn(host.logger) };
  } finally {
    await host.stop();
  }
}

describe("a host's body parser before the plugin", () => {
  it("may leave forms unread and say {} of them, as koa-bodyparser does", async () => {
    const { status } = await arrival((app) => {
      app.use((ctx, next) => {
        ctx.request.body = {};
        return next();
      });
    });
    expect(status).to.equal(303);
  });

  it("may parse every body", async () => {
    const { status } = await arrival((app) => {
      app.use(async (ctx, next) => {
        ctx.request.body = Object.fromEntries(new URLSearchParams(await text(ctx.req)));
        return next();
      });
    });
    expect(status).to.equal(303);
  });

  it("is named in the log where it keeps the body for itself", async () => {
    const { status, failures } = await arrival((app) => {
      app.use(async (ctx, next) => {
        await text(ctx.req);
        return next();
      });
    });
    expect(status).to.equal(500);
    expect(JSON.stringify(failures)).to.contain("body was consumed before the plugin");
  });
});
