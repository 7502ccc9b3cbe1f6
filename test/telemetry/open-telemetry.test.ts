import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  makeFixedClock,
  makeMemoryMetadata,
} from "../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { openTelemetry } from "../../src/adapters/opentelemetry/open-telemetry.ts";
import { fromOneConnection } from "../../src/domain/one-connection.ts";
import { asValue } from "../../src/mod.ts";
import { makeSigningIdp, makeTestKey, type TestKey } from "../../src/testing/mod.ts";
import { metadataXml } from "../../src/testing/signing-idp/idp-xml.ts";
import { arrive } from "../support/arrivals.ts";
import { makeFakeIdentity } from "../support/fake-identity.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { type Recording, startRecording } from "./recording.ts";

const DAY_MS = 86_400_000;

describe("telemetry", () => {
  let host: TestHost;
  let recording: Recording;

  beforeEach(async () => {
    recording = startRecording();
    host = await startHost({ telemetry: recording.telemetry });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(async () => {
    await host.stop();
    await recording.stop();
  });

  const SAVED = ["saml.save-settings saved", ["saml.transaction committed"]];

  it("shows a first sign-in with its parts, and a later one without the host's facts", async () => {
    await arrive(host, "ada@customer.example");
    await arrive(host, "ada@customer.example");
    expect(recording.tree()).to.deep.equal([
      SAVED,
      [
        "saml.acs provisioned",
        ["saml.verify verified"],
        ["saml.decide entered", ["saml.host-facts answered"], ["saml.transaction committed"]],
      ],
      [
        "saml.acs signed-in",
        ["saml.verify verified"],
        ["saml.decide entered", ["saml.transaction committed"]],
      ],
    ]);
  });

  it("counts operations by outcome and code, and times them", async () => {
    host.licenseLimit = 1;
    for (const name of ["ada", "eve", "bob"]) await arrive(host, `${name}@customer.example`);
    await arrive(host, "ada@customer.example", { sign: "none" });
    expect(await recording.metric("saml.operations")).to.include.all.keys([
      "acs provisioned",
      "acs refused license-exhausted",
      "acs refused signature-missing",
    ]);
    const operations = await recording.metric("saml.operations");
    expect(operations.get("acs refused license-exhausted")).to.equal(2);
    expect(operations.get("record-refusal rejected signature-missing")).to.equal(1);
    const durations = await recording.metric("saml.operation.duration");
    expect(durations.get("verify verified")).to.include({ count: 3 });
    expect(durations.get("verify rejected")).to.include({ count: 1 });
  });

  it("leads from a span to the audit entry", async () => {
    host.licenseLimit = 0;
    await arrive(host, "ada@customer.example");
    const [entry] = host.memory.auditEntries(host.tenant);
    const span = recording.spans().find(({ name }) => name === "saml.acs");
    expect(span?.attributes).to.include({
      "saml.reference": entry?.reference,
      "saml.tenant": "default",
      "saml.code": "license-exhausted",
    });
  });

  it("shows logins, purges and single logout", async () => {
    await fetch(`${host.baseUrl}/saml/login`, { redirect: "manual" });
    await arrive(host, "ada@customer.example");
    host.clock.advance(2 * 86_400_000);
    await host.saml.purge({ auditBefore: host.clock.now() });
    expect(recording.tree()).to.deep.include(["saml.login redirect"]);
    expect(recording.tree()).to.deep.include(["saml.purge purged"]);
    const purged = await recording.metric("saml.purged");
    expect(purged).to.deep.equal(
      new Map([
        ["ledger", 1],
        ["audit", 2],
        ["testSignIns", 0],
        ["events", 0],
      ]),
    );
  });

  it("knows the connection in spans, and never in metrics", async () => {
    const login = await fetch(`${host.baseUrl}/saml/login`, { redirect: "manual" });
    expect(login.status).to.equal(302);
    await arrive(host, "ada@customer.example");
    await arrive(host, "ada@customer.example", { sign: "none" });
    const known = recording
      .spans()
      .filter(({ attributes }) => attributes["saml.connection"] === "default")
      .map(({ name, attributes }) => `${name} ${attributes["saml.outcome"]}`);
    expect(known).to.deep.equal([
      "saml.login redirect",
      "saml.decide entered",
      "saml.acs provisioned",
      "saml.record-refusal rejected",
      "saml.acs refused",
    ]);
    for (const name of ["saml.operations", "saml.operation.duration"]) {
      const labels = [...(await recording.metric(name)).keys()].join(" ");
      expect(labels).to.include("acs provisioned").and.not.to.include("default");
    }
  });

  it("counts reads of metadata, decisions on changes, and notices of expiry", async () => {
    await host.stop();
    const metadata = makeMemoryMetadata();
    const clock = makeFixedClock();
    const { telemetry } = recording;
    const { fetchMetadata } = metadata;
    host = await startHost({ telemetry, fetchMetadata, clock });
    const key = makeTestKey({ notAfter: clock.now() + 12 * DAY_MS });
    const [next, last] = [makeTestKey(), makeTestKey()];
    const idp = makeSigningIdp({ clock, key });
    const url = "https://idp.example/metadata";
    const connection = idp.connection({ metadataUrl: url });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    const { entityId, ssoUrl, sloUrl = "" } = connection;
    const read = async (...keys: readonly TestKey[]) => {
      const certificates = keys.map(({ certificate }) => certificate);
      const document = metadataXml({ entityId, ssoUrl, sloUrl, certificates });
      metadata.publish(url, keys.length === 0 ? undefined : document);
      clock.advance(DAY_MS);
      await host.saml.refreshConnections();
    };
    const decide = async (resolution: "accept" | "dismiss") => {
      const at = `${host.baseUrl}/saml/settings/connections/default/metadata`;
      const tag = (await fetch(at)).headers.get("etag") ?? "";
      await fetch(`${at}/${resolution}`, { method: "POST", headers: { "If-Match": tag } });
    };
    await read(key);
    await read(key, next);
    await read(next);
    await decide("accept");
    await read(last); // another one is there, and the one before is gone
    await decide("dismiss");
    await read();
    const operations = await recording.metric("saml.operations");
    const counted = [...operations].filter(([name]) => /^(?:read-metadata|resolve)/.test(name));
    expect(Object.fromEntries(counted)).to.deep.equal({
      "read-metadata unchanged": 1,
      "read-metadata certificates-added": 1,
      "read-metadata change-waiting": 1,
      "read-metadata added-and-waiting": 1,
      "read-metadata unreadable status-unexpected": 1,
      "resolve-change accepted": 1,
      "resolve-change dismissed": 1,
    });
    expect([...(await recording.metric("saml.certificate.notices")).values()]).to.deep.equal([1]);
    const spans = recording.spans().filter(({ name }) => name === "saml.read-metadata");
    for (const { attributes } of spans) {
      expect(attributes).to.include({ "saml.tenant": "default", "saml.connection": "default" });
    }
    expect(recording.tree().at(-1)?.slice(0, 2)).to.deep.equal([
      "saml.refresh-connections refreshed",
      ["saml.read-metadata unreadable status-unexpected", ["saml.transaction committed"]],
    ]);
  });

  it("holds nothing about the person", async () => {
    host.licenseLimit = 0;
    await arrive(host, "ada@customer.example");
    await arrive(host, "not an address");
    const told = recording.spans().map(({ name, attributes, events, status }) => {
      return { name, attributes, events, status };
    });
    expect(told).not.to.be.empty;
    expect(JSON.stringify(told)).not.to.match(/ada|customer|not an address/);
  });

  it("shows what fails as failed, without the message", async () => {
    const stores = makeMemoryStores();
    const failing = async () => {
      throw new RangeError("ada@customer.example is no good value");
    };
    await host.stop();
    host = await startHost({
      telemetry: recording.telemetry,
      storage: { ...stores, unitOfWork: { run: failing } },
    });
    await stores.stores.settings.save(host.tenant, {
      settings: fromOneConnection(openSettings(host)),
      version: 1,
      connectionVersions: new Map(),
      savedAt: 0,
      savedBy: "set-up",
    });
    expect((await arrive(host, "ada@customer.example")).status).to.equal(500);
    const span = recording.spans().find(({ name }) => name === "saml.acs");
    expect(span?.attributes).to.include({ "error.type": "RangeError", "saml.outcome": "failed" });
    expect(span?.status).to.deep.equal({ code: 2 });
    expect(span?.events).to.deep.equal([]);
    expect(recording.tree().at(-1)).to.deep.equal([
      "saml.acs failed",
      ["saml.verify verified"],
      ["saml.decide failed", ["saml.host-facts answered"], ["saml.transaction undone"]],
    ]);
  });

  it("sees a part that the host has replaced, also by a class", async () => {
    class Refusing {
      readonly #code = "expired" as const;
      async verifyResponse() {
        return { kind: "rejected", code: this.#code, detail: "", authenticated: false } as const;
      }
    }
    const { verifyResponse: _, ...others } = makeFakeIdentity();
    const identity = Object.assign(new Refusing(), others);
    await host.stop();
    host = await startHost({
      telemetry: recording.telemetry,
      override: (container) => container.register("identity", asValue(identity)),
    });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    await arrive(host, "ada@customer.example");
    expect(recording.tree().at(-1)).to.deep.equal([
      "saml.acs refused expired",
      ["saml.verify rejected expired"],
      ["saml.record-refusal rejected expired"],
    ]);
  });

  it("goes nowhere while no SDK is set up", async () => {
    await host.stop();
    host = await startHost({ telemetry: openTelemetry() });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    expect((await arrive(host, "ada@customer.example")).status).to.equal(303);
  });
});
