import { expect } from "chai";
import { describe, it } from "mocha";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost } from "../support/host.ts";

/** Where somebody comes to who signs in at a host like this. */
async function arrival(options: Parameters<typeof startHost>[0]) {
  const host = await startHost(options);
  try {
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    const response = await arrive(host, "ada@customer.example");
    const location = response.headers.get("location");
    return { status: response.status, location, body: await response.text() };
  } finally {
    await host.stop();
  }
}

describe("after a sign-in", () => {
  it("a status or body set before is not a response of the host", async () => {
    for (const upstream of [
      (ctx: { status: number }) => {
        ctx.status = 200;
      },
      (ctx: { body: unknown }) => {
        ctx.body = "not found";
      },
    ]) {
      const came = await arrival({
        upstream: (app) => {
          app.use((ctx, next) => {
            upstream(ctx);
            return next();
          });
        },
      });
      expect(came).to.include({ status: 303, location: "/", body: "" });
    }
  });

  it("a Location of the host's own leads there", async () => {
    const came = await arrival({ signIn: (ctx) => ctx.set("Location", "/welcome") });
    expect(came).to.include({ status: 303, location: "/welcome" });
  });

  it("a page of the host's own is shown", async () => {
    const came = await arrival({
      signIn: (ctx) => {
        ctx.body = "Welcome!";
      },
    });
    expect(came).to.deep.equal({ status: 200, location: null, body: "Welcome!" });
  });
});
