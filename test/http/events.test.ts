import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { postWebhook, sign } from "../../examples/webhooks.ts";
import { PERSISTENT_NAME_ID_FORMAT } from "../../src/domain/email-identity.ts";
import type { EventNotAccepted, SamlEvent, SamlJitOptions } from "../../src/mod.ts";
import { sampleEvent } from "../../src/testing/contracts/samples.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost, tenant } from "../support/host.ts";
import { visitPage } from "./page/support.ts";

const ADA = "ada@customer.example";
const BOB = "bob@customer.example";
const DAY = 24 * 3600 * 1000;

describe("events", () => {
  let host: TestHost;
  afterEach(() => host.stop());

  async function start(options: Partial<SamlJitOptions> = {}): Promise<void> {
    host = await startHost({ events: true, ...options });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  }

  /** Every event that waits, delivered. */
  async function delivered(): Promise<readonly SamlEvent[]> {
    const events: SamlEvent[] = [];
    const { failed } = await host.saml.deliverEvents((event) => events.push(event));
    expect(failed).to.deep.equal([]);
    return events;
  }
  const types = (events: readonly SamlEvent[]) => events.map(({ type }) => type);
  const referenceOf = (outcome: string) =>
    host.memory.auditEntries("default").find((entry) => entry.outcome === outcome)?.reference;

  it("tell of a save, and of what it changed", async () => {
    await start();
    const [first] = await delivered();
    expect(first).to.deep.include({ tenant: "default", at: host.clock.now() });
    expect(first?.data).to.deep.include({ version: 1, by: "set-up", enabled: true });
    await host.saml.saveSettings("default", openSettings(host, { enabled: false }), "ops");
    const [second, ...others] = await delivered();
    expect(others).to.deep.equal([]);
    expect(second?.data).to.deep.equal({
      version: 2,
      by: "ops",
      enabled: false,
      changes: ["enabled"],
      reference: referenceOf("settings-saved"),
    });
  });

  it("tell of new users and accepted invitations, not of known users", async () => {
    await start();
    await delivered();
    host.memory.seedUser("default", { email: BOB, state: "invited" });
    for (const email of [ADA, ADA, BOB, BOB]) {
      expect((await arrive(host, email)).status).to.equal(303);
    }
    const [provisioned, accepted, ...others] = await delivered();
    expect(others).to.deep.equal([]);
    expect(provisioned?.type).to.equal("user-provisioned");
    expect(provisioned?.data).to.deep.equal({
      userId: host.memory.userByEmail("default", ADA)?.id,
      email: ADA,
      connection: "default",
      role: "editor",
      groups: ["g1"],
      organizations: { kind: "selected", ids: ["o1", "o2"] },
      warnings: [],
      reference: referenceOf("provisioned"),
    });
    expect(accepted?.type).to.equal("invitation-accepted");
    expect(accepted?.data).to.deep.equal({
      userId: host.memory.userByEmail("default", BOB)?.id,
      email: BOB,
      connection: "default",
      reference: referenceOf("invitation-accepted"),
    });
  });

  it("tell of what was odd about a new user: an address that changed, groups that were left out", async () => {
    await start();
    const nameId = { nameId: "p-1", nameIdFormat: PERSISTENT_NAME_ID_FORMAT };
    await arrive(host, ADA, { ...nameId, attributes: { mail: ADA } });
    await delivered();
    const link = "http://schemas.microsoft.com/claims/groups.link";
    const attributes = { mail: BOB, [link]: "https://graph.example" };
    expect((await arrive(host, BOB, { ...nameId, attributes })).status).to.equal(303);
    const [provisioned] = await delivered();
    expect(provisioned?.data).to.deep.include({
      email: BOB,
      warnings: ["address-changed", "groups-left-out"],
    });
  });

  it("tell of users without a license, and of no other refusal", async () => {
    await start();
    await delivered();
    host.licenseLimit = 0;
    expect((await arrive(host, ADA)).status).to.equal(403);
    const off = openSettings(host, {
      autoProvisioning: { ...openSettings(host).autoProvisioning, enabled: false },
    });
    await host.saml.saveSettings("default", off, "set-up");
    expect((await arrive(host, ADA)).status).to.equal(403);
    const [refused, ...others] = await delivered();
    expect(types(others)).to.deep.equal(["settings-saved"]);
    expect(refused).to.deep.include({ type: "license-refused" });
    expect(refused?.data).to.deep.include({ email: ADA, detail: "0 of 0 licenses are in use" });
  });

  it("tell of passwords that were used in spite of enforced sign-on", async () => {
    await start();
    host.memory.seedUser("default", { email: BOB });
    const enforcement = { enabled: true, exempt: [BOB] };
    await host.saml.saveSettings("default", openSettings(host, { enforcement }), "set-up");
    await delivered();
    expect(await host.saml.passwordAllowed("default", BOB)).to.deep.equal({ allowed: true });
    const [used] = await delivered();
    const reference = referenceOf("exemption-used");
    expect(used).to.deep.include({ type: "exemption-used", data: { email: BOB, reference } });
  });

  it("tell of single sign-on that was turned off", async () => {
    await start();
    await delivered();
    const visitor = visitPage(host);
    expect((await visitor.press(await visitor.open(), "disable")).status).to.equal(303);
    expect((await delivered())[0]?.data).to.deep.include({
      by: "admin-1",
      enabled: false,
      changes: ["enabled"],
    });
  });

  it("are off unless the host asks for them", async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    await arrive(host, ADA);
    expect(await host.memory.stores.events.waiting(host.tenant, 10)).to.deep.equal([]);
    const refused = await host.saml.deliverEvents(() => undefined).catch((error) => error);
    expect(refused).to.be.instanceOf(TypeError);
    expect(refused.message).to.contain("option events");
  });

  it("come again, and hold up those after them, until the handler accepts them", async () => {
    await start();
    await arrive(host, ADA);
    const seen: string[] = [];
    const mails = new Error("the mail server is away");
    const failing = await host.saml.deliverEvents((event) => {
      seen.push(event.id);
      if (event.type === "user-provisioned") throw mails;
    });
    expect(failing).to.deep.equal({ delivered: 1, failed: ["default"] });
    const log = host.logger.events.map(({ event }) => event);
    const said = log.find(
      (event): event is EventNotAccepted => event.event === "saml.events.not-accepted",
    );
    expect(said).to.include({ id: seen[1], type: "user-provisioned", error: mails.stack });
    await arrive(host, BOB);
    const again = await delivered();
    expect(again[0]?.id).to.equal(seen[1]);
    expect(types(again)).to.deep.equal(["user-provisioned", "user-provisioned"]);
    expect(await delivered()).to.deep.equal([]);
  });

  it("of one tenant do not wait for another's", async () => {
    await start();
    const { unitOfWork } = host.memory;
    for (const name of ["alpha", "beta", "gamma"]) {
      const of = tenant(name);
      await unitOfWork.run(of, ({ events }) => events.append(sampleEvent(of, 1)));
    }
    const reached: string[] = [];
    const { failed } = await host.saml.deliverEvents((event) => {
      if (event.tenant === "beta") throw new Error("no");
      reached.push(event.tenant);
    });
    expect(failed).to.deep.equal(["beta"]);
    expect(reached).to.deep.equal(["alpha", "default", "gamma"]);
  });

  it("are delivered by one of two callers at a time", async () => {
    await start();
    let inside = 0;
    const handler = async () => {
      inside += 1;
      expect(inside).to.equal(1);
      await new Promise(setImmediate);
      inside -= 1;
    };
    const both = await Promise.all([1, 2].map(() => host.saml.deliverEvents(handler)));
    expect(both.map((one) => one.delivered).sort()).to.deep.equal([0, 1]);
  });

  it("that nobody takes are reported by the health, then deleted with a warning", async () => {
    await start();
    const check = async () =>
      (await host.saml.health()).checks.find(({ name }) => name === "events")?.status;
    expect(await check()).to.equal("pass");
    host.clock.advance(DAY / 24);
    expect(await check()).to.equal("warn");
    host.clock.advance(29 * DAY);
    expect((await host.saml.purge()).events).to.equal(0);
    host.clock.advance(DAY);
    expect((await host.saml.purge()).events).to.equal(1);
    expect(host.logger.events.map(({ event }) => event)).to.deep.include({
      event: "saml.events.dropped",
      count: 1,
    });
    expect(await delivered()).to.deep.equal([]);
    expect(await check()).to.equal("pass");
  });
});

describe("the guide's webhooks", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  it("are signed as the example of the specification", () => {
    const content = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
    expect(sign(secret, content)).to.equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("carry the event's ID, and fail unless the endpoint accepts them", async () => {
    const event = sampleEvent(tenant("acme"), 1);
    let status = 204;
    let verified = false;
    const server = createServer(async (request, response) => {
      const body = await text(request);
      const {
        "webhook-id": id,
        "webhook-timestamp": at,
        "webhook-signature": by,
      } = request.headers;
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const expected = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
      verified = id === event.id && by === `v1,${expected}`;
      expect(JSON.parse(body)).to.deep.equal({
        type: event.type,
        timestamp: new Date(event.at).toISOString(),
        data: event.data,
      });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      await postWebhook({ url, secret }, event);
      expect(verified).to.equal(true);
      status = 500;
      const failure = await postWebhook({ url, secret }, event).catch((error) => error);
      expect(failure.message).to.contain("500");
    } finally {
      server.close();
    }
  });
});
