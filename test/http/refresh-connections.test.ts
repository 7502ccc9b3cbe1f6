import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  type MemoryMetadata,
  makeMemoryMetadata,
} from "../../src/adapters/memory/memory-environment.ts";
import type { IdentityProvider } from "../../src/domain/settings.ts";
import type { AuditOutcome, SamlEvent } from "../../src/mod.ts";
import {
  makeSigningIdp,
  makeTestKey,
  type SigningIdp,
  type TestKey,
} from "../../src/testing/mod.ts";
import { metadataXml } from "../../src/testing/signing-idp/idp-xml.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, readShort, startHost, type TestHost, tenant } from "../support/host.ts";

const URL = "https://idp.example/metadata.xml";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

// Making keys takes longer than anything else here.
const keys = [1, 2, 3].map(() => makeTestKey({ kind: "ec-p256" }));
const [first, second, third] = keys as [TestKey, TestKey, TestKey];

describe("connections that follow metadata", () => {
  let host: TestHost;
  let metadata: MemoryMetadata;
  let idp: SigningIdp;

  beforeEach(async () => {
    metadata = makeMemoryMetadata();
    await start();
  });
  afterEach(() => host.stop());

  async function start(options: Parameters<typeof startHost>[0] = {}): Promise<void> {
    host = await startHost({ fetchMetadata: metadata.fetchMetadata, events: true, ...options });
    idp = signingWith(first);
    await save({ metadataUrl: URL });
    publish([first]);
  }
  function signingWith(key: TestKey): SigningIdp {
    return makeSigningIdp({ clock: host.clock, key, algorithms: { signature: "ecdsa-sha256" } });
  }
  const save = (changes: Partial<IdentityProvider>) =>
    host.saml.saveSettings(
      "default",
      openSettings(host, { connection: idp.connection(changes) }),
      "set-up",
    );
  const documentOf = (certified: readonly TestKey[], changes: object = {}) => {
    const { entityId, ssoUrl, sloUrl = "" } = idp.connection();
    const certificates = certified.map(({ certificate }) => certificate);
    return metadataXml({ entityId, ssoUrl, sloUrl, certificates, ...changes });
  };
  const publish = (certified: readonly TestKey[], changes: object = {}) =>
    metadata.publish(URL, documentOf(certified, changes));
  const refresh = async (after = 2 * 60 * MINUTE) => {
    host.clock.advance(after);
    return host.saml.refreshConnections();
  };
  const stored = async () => {
    const { settings, version } = await readShort(host);
    const { certificates = [], ssoUrl } = settings.connection ?? {};
    const body = (text: string) => text.replace(/-----.*-----|\s/g, "");
    const names = certificates.map((text) =>
      keys.findIndex(({ certificate }) => body(certificate) === body(text)),
    );
    return { certificates: names, ssoUrl, version };
  };
  const arrive = async (signing: SigningIdp, email = "ada@customer.example") => {
    const base = `${host.baseUrl}/saml`;
    const form = signing.form({ acsUrl: `${base}/acs`, audience: `${base}/metadata`, email });
    return (await makeBrowser().post(`${base}/acs`, { ...form })).status;
  };
  const entries = async (outcome: AuditOutcome) => {
    const filter = { outcomes: [outcome] };
    const page = await host.memory.stores.audit.page(host.tenant, { filter, limit: 50 });
    return [...page.entries].reverse();
  };
  /** The events that have waited, but for saves by `set-up`. */
  const events = async () => {
    const all: SamlEvent[] = [];
    await host.saml.deliverEvents((event) => all.push(event));
    return all
      .map(({ type, data }) => ({ type, ...data }))
      .filter((event) => !("by" in event) || event.by !== "set-up");
  };
  const changes = async () =>
    (await entries("metadata-changed")).map(({ detail }) => detail["change"]);
  const status = async () => {
    const response = await fetch(`${host.baseUrl}/saml/settings/connections/default/metadata`);
    const body = (await response.json()) as {
      readonly failing: boolean;
      readonly lastSuccessAt?: number;
      readonly lastFailure?: {
        readonly code: string;
        readonly at: number;
        readonly detail: string;
      };
      readonly pending?: {
        readonly since: number;
        readonly members: readonly object[];
        readonly removed: readonly object[];
        readonly added: readonly object[];
      };
    };
    return { ...body, etag: response.headers.get("etag") ?? "" };
  };
  const decide = (resolution: "accept" | "dismiss", etag: string, headers: object = {}) =>
    fetch(`${host.baseUrl}/saml/settings/connections/default/metadata/${resolution}`, {
      method: "POST",
      headers: { "If-Match": etag, ...headers },
    });

  it("go through a rollover without a click, until the old certificate is taken away", async () => {
    expect(await refresh()).to.include({ attempts: 1, certificatesAdded: 0, changesWaiting: 0 });
    expect((await stored()).version).to.equal(1);
    publish([first, second]);
    expect(await refresh()).to.include({ attempts: 1, certificatesAdded: 1, changesWaiting: 0 });
    expect(await stored()).to.deep.include({ certificates: [0, 1], version: 2 });
    expect(await arrive(signingWith(second))).to.equal(303);
    const [added] = await entries("metadata-changed");
    expect(added).to.include({ actor: `saml:${idp.entityId}` });
    expect(added?.detail).to.include({ change: "certificates-added", version: "2" });
    // The old one is gone: it waits, and goes on to work.
    publish([second]);
    expect(await refresh()).to.include({ certificatesAdded: 0, changesWaiting: 1 });
    expect(await refresh()).to.include({ certificatesAdded: 0, changesWaiting: 0 });
    expect(await stored()).to.deep.include({ certificates: [0, 1], version: 2 });
    expect(await arrive(idp)).to.equal(303);
    const { etag, pending } = await status();
    expect(pending).to.deep.include({ members: [], added: [] });
    expect(pending?.removed).to.have.lengthOf(1);
    expect((await decide("accept", etag)).status).to.equal(200);
    expect(await stored()).to.deep.include({ certificates: [1], version: 3 });
    expect((await status()).pending).to.equal(undefined);
    expect(await arrive(idp)).to.equal(403);
    expect(await arrive(signingWith(second))).to.equal(303);
    expect(await changes()).to.deep.equal(["certificates-added", "waiting", "accepted"]);
    expect((await entries("metadata-changed")).at(-1)).to.include({ actor: "admin-1" });
    const told = (await events()).filter(({ type }) => type !== "user-provisioned");
    const inEntries = (await entries("metadata-changed")).map(({ reference }) => reference);
    expect(told.map(({ reference }) => reference)).to.deep.equal(inEntries);
    const [applied, waits, accepted] = told;
    expect(applied).to.deep.include({ type: "metadata-changed", waiting: [] });
    expect(applied).to.have.property("applied").with.lengthOf(1);
    expect(waits).to.deep.include({ type: "metadata-changed", applied: [] });
    expect(waits).to.have.property("waiting").with.lengthOf(1);
    expect(accepted).to.deep.include({
      type: "settings-saved",
      by: "admin-1",
      changes: ["connections.default.idp.certificates"],
    });
  });

  it("report both when a certificate is replaced in one step", async () => {
    await refresh();
    publish([second]);
    expect(await refresh()).to.include({ certificatesAdded: 1, changesWaiting: 1 });
    expect(await changes()).to.deep.equal(["certificates-added", "waiting"]);
    const logged = host.logger.events.flatMap(({ event }) =>
      event.event === "saml.metadata.changed" ? [event.change] : [],
    );
    expect(logged).to.deep.equal(["certificates-added", "change-waiting"]);
  });

  it("keep the login requests of browsers when a certificate is added", async () => {
    const before = (await host.saml.readSettings("default")).connectionVersions;
    publish([first, second]);
    await refresh();
    expect((await host.saml.readSettings("default")).connectionVersions).to.deep.equal(before);
  });

  it("keep other URLs until an administrator accepts what was shown", async () => {
    await refresh();
    publish([first], { ssoUrl: "https://new.example/sso" });
    await refresh();
    const { ssoUrl } = idp.connection();
    expect((await stored()).ssoUrl).to.equal(ssoUrl);
    const shown = await status();
    expect(shown.pending?.members).to.deep.equal([
      { member: "ssoUrl", from: ssoUrl, to: "https://new.example/sso" },
    ]);
    // What was shown is not what there is by now.
    publish([first], { ssoUrl: "https://evil.example/sso" });
    await refresh();
    expect((await decide("accept", shown.etag)).status).to.equal(412);
    expect((await stored()).ssoUrl).to.equal(ssoUrl);
    expect((await decide("accept", "*")).status).to.equal(428);
    expect((await decide("accept", "")).status).to.equal(428);
    const foreign = { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };
    expect((await decide("accept", (await status()).etag, foreign)).status).to.equal(403);
    host.admin = undefined;
    expect((await decide("accept", shown.etag)).status).to.equal(403);
    host.admin = { id: "admin-1" };
    expect((await stored()).ssoUrl).to.equal(ssoUrl);
    expect((await decide("accept", (await status()).etag)).status).to.equal(200);
    expect((await stored()).ssoUrl).to.equal("https://evil.example/sso");
  });

  it("forget a change that an administrator has made by hand, or dismissed", async () => {
    await refresh();
    publish([first], { ssoUrl: "https://new.example/sso" });
    await refresh();
    const shown = await status();
    await save({ metadataUrl: URL, ssoUrl: "https://new.example/sso" });
    expect((await status()).pending).to.equal(undefined);
    expect((await decide("accept", shown.etag)).status).to.equal(412);
    publish([first], { ssoUrl: "https://other.example/sso" });
    await refresh();
    const { etag } = await status();
    expect((await decide("dismiss", etag)).status).to.equal(200);
    for (let times = 0; times < 2; times += 1) {
      expect((await status()).pending).to.equal(undefined);
      expect(await refresh()).to.include({ changesWaiting: 0 });
    }
    publish([first], { ssoUrl: "https://third.example/sso" });
    expect(await refresh()).to.include({ changesWaiting: 1 });
    expect(await changes()).to.deep.equal(["waiting", "waiting", "dismissed", "waiting"]);
  });

  it("never bring back by themselves what an administrator has taken away", async () => {
    publish([first, second]);
    await refresh();
    expect((await stored()).certificates).to.deep.equal([0, 1]);
    await save({ metadataUrl: URL });
    publish([first, second], { ssoUrl: idp.connection().ssoUrl });
    await refresh();
    expect((await stored()).certificates).to.deep.equal([0]);
    expect((await status()).pending?.added).to.have.lengthOf(1);
  });

  it("change nothing for a document that is rolled back", async () => {
    publish([first, second]);
    await refresh();
    publish([second]);
    await refresh();
    await decide("accept", (await status()).etag);
    publish([first]); // of last year, with the key that was retired
    expect(await refresh()).to.include({ certificatesAdded: 0, changesWaiting: 1 });
    expect((await stored()).certificates).to.deep.equal([1]);
    expect(await arrive(idp)).to.equal(403);
    const { pending } = await status();
    expect([pending?.added.length, pending?.removed.length]).to.deep.equal([1, 1]);
  });

  const group = (...entities: readonly string[]) =>
    `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${entities.join("")}</md:EntitiesDescriptor>`;

  it("find their identity provider in the metadata of a federation", async () => {
    const other = documentOf([third], { entityId: "https://other.example/metadata" });
    metadata.publish(URL, group(other, documentOf([first, second])));
    expect(await refresh()).to.include({ certificatesAdded: 1 });
    expect((await stored()).certificates).to.deep.equal([0, 1]);
  });

  for (const [what, document, code] of [
    [
      "of another identity provider",
      () => documentOf([second], { entityId: "https://other.example/metadata" }),
      "entity-missing",
    ],
    [
      "that describes the identity provider twice",
      () => group(documentOf([first]), documentOf([second])),
      "metadata-invalid",
    ],
    [
      "that is out of date",
      () =>
        documentOf([second]).replace(
          "<md:EntityDescriptor ",
          '<md:EntityDescriptor validUntil="2020-01-01T00:00:00Z" ',
        ),
      "metadata-invalid",
    ],
    ["that is a login page", () => "<html><body>Sign in</body></html>", "metadata-invalid"],
    [
      "with a DTD",
      () => `<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>${documentOf([second])}`,
      "metadata-invalid",
    ],
    ["that is empty", () => "", "metadata-invalid"],
    ["that is not there", () => undefined, "status-unexpected"],
  ] as const) {
    it(`take nothing of a document ${what}, and say so`, async () => {
      await refresh();
      const success = (await status()).lastSuccessAt;
      metadata.publish(URL, document());
      expect(await refresh()).to.include({ attempts: 1, failed: 1, certificatesAdded: 0 });
      expect(await stored()).to.deep.include({ certificates: [0], version: 1 });
      const { failing, lastSuccessAt, lastFailure, pending } = await status();
      expect({ failing, lastSuccessAt, pending }).to.deep.equal({
        failing: true,
        lastSuccessAt: success,
        pending: undefined,
      });
      expect(lastFailure).to.include({ code });
      const [entry, ...more] = await entries("metadata-failed");
      expect([entry?.detail["cause"], more]).to.deep.equal([code, []]);
      expect(await arrive(idp)).to.equal(303);
    });
  }

  it("go on signing in while their metadata fails, which is recorded once and seen by health", async () => {
    await refresh();
    metadata.publish(URL, undefined);
    for (let times = 0; times < 3; times += 1) await refresh(2 * DAY);
    expect(await arrive(idp)).to.equal(303);
    expect(await entries("metadata-failed")).to.have.lengthOf(1);
    const { checks } = await host.saml.health();
    expect(checks.find(({ name }) => name === "metadata")?.status).to.equal("warn");
    publish([first]);
    expect(await refresh(2 * DAY)).to.include({ failed: 0 });
    const { checks: after } = await host.saml.health();
    expect(after.find(({ name }) => name === "metadata")?.status).to.equal("pass");
    expect(await status()).to.deep.include({ failing: false });
  });

  it("wait longer after each failure, and ask whether anything has changed", async () => {
    await refresh();
    const asked = async (after: number) => (await refresh(after)).attempts;
    expect(await asked(MINUTE)).to.equal(0);
    expect(await asked(60 * MINUTE)).to.equal(1);
    expect(metadata.requests.at(-1)?.etag).to.be.a("string");
    metadata.publish(URL, undefined);
    expect(await asked(60 * MINUTE)).to.equal(1);
    expect(await asked(4 * MINUTE)).to.equal(0);
    expect(await asked(4 * MINUTE)).to.equal(1);
    expect(await asked(8 * MINUTE)).to.equal(0);
    expect(await asked(8 * MINUTE)).to.equal(1);
    for (let times = 0; times < 12; times += 1) await refresh(36 * 60 * MINUTE);
    expect(await asked(23 * 60 * MINUTE)).to.equal(0);
    expect(await asked(14 * 60 * MINUTE)).to.equal(1);
  });

  it("are read by one of several processes", async () => {
    const others = await Promise.all(
      [1, 2, 3].map(() => startHost({ ...shared(), fetchMetadata: metadata.fetchMetadata })),
    );
    publish([first, second]);
    const all = [host, ...others];
    const done = await Promise.all(all.map(({ saml }) => saml.refreshConnections()));
    const sum = (name: "attempts" | "certificatesAdded") =>
      done.reduce((total, one) => total + one[name], 0);
    expect([sum("attempts"), sum("certificatesAdded")]).to.deep.equal([1, 1]);
    expect(metadata.requests).to.have.lengthOf(1);
    expect((await stored()).version).to.equal(2);
    for (const other of others) await other.stop();
  });
  const shared = () => ({ storage: host.memory, clock: host.clock });

  it("are read again when the process that read them died", async () => {
    let answer: () => void = () => undefined;
    const dying = await startHost({
      ...shared(),
      fetchMetadata: async (request) => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return metadata.fetchMetadata(request);
      },
    });
    const late = dying.saml.refreshConnections();
    while ((await host.memory.stores.refreshes.load(host.tenant)).length === 0) await undefined;
    expect(await refresh(0)).to.include({ attempts: 0 });
    publish([first, second]);
    expect(await refresh(2 * MINUTE)).to.include({ attempts: 1, certificatesAdded: 1 });
    // It was not dead: what it has read counts no more.
    publish([first, third]);
    answer();
    expect(await late).to.include({ attempts: 0, certificatesAdded: 0 });
    expect((await stored()).certificates).to.deep.equal([0, 1]);
    await dying.stop();
  });

  it("take nothing that was read for another URL or another identity provider", async () => {
    for (const change of [
      { metadataUrl: "https://other.example/metadata" },
      { metadataUrl: URL, entityId: "https://other.example/metadata" },
    ]) {
      publish([first, second]);
      const racing = await startHost({
        ...shared(),
        fetchMetadata: async (request) => {
          const fetched = await metadata.fetchMetadata(request);
          await save(change);
          return fetched;
        },
      });
      await save({ metadataUrl: URL });
      host.clock.advance(3 * DAY);
      expect(await racing.saml.refreshConnections()).to.include({ certificatesAdded: 0 });
      expect((await stored()).certificates).to.deep.equal([0]);
      await racing.stop();
    }
  });

  it("fetch nothing without the option, and nothing without a URL, asked or not", async () => {
    const ask = async (of: TestHost) => {
      const place = `${of.baseUrl}/saml/settings/connections/default/metadata/refresh`;
      return (await fetch(place, { method: "POST" })).status;
    };
    const without = await startHost(shared());
    const { load } = host.memory.stores.refreshes;
    let looked = 0;
    Object.assign(host.memory.stores.refreshes, {
      load: (...of: Parameters<typeof load>) => {
        looked += 1;
        return load(...of);
      },
    });
    expect(await without.saml.refreshConnections()).to.include({ attempts: 0, failed: 0 });
    expect(looked).to.equal(0);
    expect(await ask(without)).to.equal(200);
    expect(await status()).to.deep.equal({ url: URL, failing: false, etag: "" });
    await without.stop();
    await save({});
    expect(await refresh()).to.include({ attempts: 0 });
    expect(await ask(host)).to.equal(404);
    expect(metadata.requests).to.deep.equal([]);
    expect(await host.memory.stores.refreshes.load(host.tenant)).to.deep.equal([]);
  });

  it("ask another URL, and of another identity provider, as if nothing were known", async () => {
    publish([first, second]);
    await refresh();
    await save({ metadataUrl: URL }); // an administrator takes the second one away
    const other = "https://idp.example/other.xml";
    metadata.publish(other, documentOf([first, second], { ssoUrl: "https://new.example/sso" }));
    await save({ metadataUrl: other });
    expect(await status()).to.deep.equal({ url: other, failing: false, etag: "" });
    expect(await refresh(0)).to.include({ attempts: 1, certificatesAdded: 0, changesWaiting: 1 });
    expect(metadata.requests.at(-1)).to.deep.equal({ url: other });
    // But what was taken away is still known: nothing brings it back by itself.
    const shown = await status();
    expect([shown.pending?.added.length, shown.pending?.members.length]).to.deep.equal([1, 1]);
    const renamed = "https://renamed.example/metadata";
    await save({ metadataUrl: other, entityId: renamed });
    expect(await status()).to.deep.equal({ url: other, failing: false, etag: "" });
    expect((await decide("accept", shown.etag)).status).to.equal(412);
    metadata.publish(other, documentOf([first], { entityId: renamed }));
    expect(await refresh(0)).to.include({ attempts: 1, failed: 0 });
    expect(metadata.requests.at(-1)).to.deep.equal({ url: other });
  });

  it("never bring back a certificate that only the connection has ever had", async () => {
    const { certificate } = second;
    await save({ metadataUrl: URL, certificates: [first.certificate, certificate] });
    await refresh();
    await save({ metadataUrl: URL });
    publish([first, second]);
    await refresh();
    expect((await stored()).certificates).to.deep.equal([0]);
    expect((await status()).pending?.added).to.have.lengthOf(1);
  });

  it("never add later, by themselves, what did not fit", async () => {
    const more = Array.from({ length: 11 }, () => makeTestKey({ kind: "ec-p256" }));
    publish([first, ...more]);
    await refresh();
    const { length } = (await stored()).certificates;
    expect(length).to.be.below(12);
    await save({ metadataUrl: URL }); // an administrator makes room
    publish([first, ...more], { ssoUrl: idp.connection().ssoUrl });
    expect(await refresh()).to.include({ certificatesAdded: 0 });
    const { etag, pending } = await status();
    expect(pending?.added).to.have.lengthOf(11);
    // Nor all of them at once: the settings would be invalid.
    expect((await decide("accept", etag)).status).to.equal(422);
    expect((await stored()).certificates).to.have.lengthOf(1);
  });

  it("forget what is known of a connection that was removed", async () => {
    const another = makeSigningIdp({ clock: host.clock, entityId: "https://another.example" });
    const list = (...kept: readonly number[]) => ({
      enabled: true,
      connections: kept.map((index) => ({
        id: `number-${index}`,
        name: `Number ${index}`,
        idp: (index === 0 ? idp : another).connection({
          metadataUrl: `https://idp.example/${index}.xml`,
        }),
        domains: [`${index}.example`],
      })),
      autoProvisioning: openSettings(host).autoProvisioning,
    });
    const known = async () =>
      (await host.memory.stores.refreshes.load(host.tenant)).map(({ connection }) => connection);
    for (const [kept, expected] of [
      [
        [0, 1],
        ["number-0", "number-1"],
      ],
      [[0], ["number-0"]],
    ] as const) {
      await host.saml.saveSettings("default", list(...kept), "set-up");
      await refresh();
      expect((await known()).sort()).to.deep.equal(expected);
    }
    // One that is removed while its metadata is read gets nothing.
    const racing = await startHost({
      ...shared(),
      fetchMetadata: async (request) => {
        await host.saml.saveSettings("default", list(1), "set-up");
        return metadata.fetchMetadata(request);
      },
    });
    metadata.publish("https://idp.example/0.xml", documentOf([first, second]));
    host.clock.advance(3 * DAY);
    expect(await racing.saml.refreshConnections()).to.include({ attempts: 0, failed: 0 });
    await racing.stop();
  });

  it("are looked at for every tenant, and for no other than the one that is served", async () => {
    const of = await startHost({
      prefix: "/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
      fetchMetadata: metadata.fetchMetadata,
      clock: host.clock,
    });
    const settings = openSettings(host, { connection: idp.connection({ metadataUrl: URL }) });
    const tenants = Array.from({ length: 203 }, (_, index) => `tenant-${index}`);
    for (const tenant of tenants) await of.saml.saveSettings(tenant, settings, "set-up");
    expect(await of.saml.refreshConnections()).to.include({ attempts: 203, failed: 0 });
    // They are not due together again: that would be a burst, for us and for identity providers.
    const due = await Promise.all(
      tenants.map(async (raw) => {
        const [state] = await of.memory.stores.refreshes.load(tenant(raw));
        return state?.nextAttemptAt;
      }),
    );
    expect(new Set(due).size).to.be.above(100);
    await of.stop();
    // One whose storage fails keeps none of the others waiting, and is not passed over in silence.
    const { unitOfWork } = of.memory;
    const run: typeof unitOfWork.run = async (whose, work) => {
      if (whose === "tenant-1") throw new RangeError("of one tenant");
      return unitOfWork.run(whose, work);
    };
    const failing = await startHost({
      prefix: "/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
      fetchMetadata: metadata.fetchMetadata,
      storage: { ...of.memory, unitOfWork: { run } },
      clock: host.clock,
    });
    host.clock.advance(3 * DAY);
    const before = metadata.requests.length;
    const thrown = await failing.saml.refreshConnections().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(RangeError);
    expect(metadata.requests.length - before).to.equal(203);
    await failing.stop();
    const one = await startHost({
      tenant: "tenant-7",
      fetchMetadata: metadata.fetchMetadata,
      storage: of.memory,
      clock: host.clock,
    });
    host.clock.advance(3 * DAY);
    expect(await one.saml.refreshConnections()).to.include({ attempts: 1 });
    await one.stop();
  });

  describe("while others save", () => {
    /** A host over the same storage in which the next saves of a store are overtaken. */
    async function overtaken(store: "settings" | "refreshes", times: number) {
      let left = times;
      const { unitOfWork } = host.memory;
      const run: typeof unitOfWork.run = (of, work) =>
        unitOfWork.run(of, (stores) => {
          const save = async (...given: never[]) => {
            left -= 1;
            return left >= 0 ? false : Reflect.apply(stores[store].save, stores[store], given);
          };
          return work({ ...stores, [store]: { ...stores[store], save } });
        });
      const storage = { ...host.memory, unitOfWork: { run } };
      return startHost({ ...shared(), storage, fetchMetadata: metadata.fetchMetadata });
    }

    it("are read again over what others have saved, and left when that goes on", async () => {
      await refresh();
      publish([first, second]);
      for (const [times, certificatesAdded, certificates] of [
        [5, 0, [0]],
        [4, 1, [0, 1]],
      ] as const) {
        const other = await overtaken("settings", times);
        host.clock.advance(DAY);
        expect(await other.saml.refreshConnections()).to.include({ certificatesAdded });
        expect((await stored()).certificates).to.deep.equal(certificates);
        await other.stop();
      }
      expect(await changes()).to.deep.equal(["certificates-added"]);
    });

    for (const store of ["settings", "refreshes"] as const) {
      it(`are decided on once, whoever overtakes the decision in the ${store}`, async () => {
        await refresh();
        publish([first], { ssoUrl: "https://new.example/sso" });
        await refresh();
        const { etag } = await status();
        host.clock.advance(MINUTE);
        for (const [times, answer] of [
          [5, 412],
          [4, 200],
        ] as const) {
          const other = await overtaken(store, times);
          const place = "/saml/settings/connections/default/metadata/accept";
          const headers = { "If-Match": etag };
          const accepted = await fetch(`${other.baseUrl}${place}`, { method: "POST", headers });
          expect(accepted.status).to.equal(answer);
          await other.stop();
        }
        expect(await changes()).to.deep.equal(["waiting", "accepted"]);
        expect((await stored()).ssoUrl).to.equal("https://new.example/sso");
      });
    }

    it("are not called failing by a process that was overtaken", async () => {
      await refresh();
      metadata.publish(URL, undefined);
      const other = await overtaken("refreshes", 1);
      host.clock.advance(DAY);
      expect(await other.saml.refreshConnections()).to.include({ attempts: 0, failed: 0 });
      expect(await entries("metadata-failed")).to.deep.equal([]);
      await other.stop();
    });
  });

  it("have one tag for each difference, so that nothing else is accepted", async () => {
    const settings = { metadataUrl: URL, certificates: keys.map(({ certificate }) => certificate) };
    await save(settings);
    publish(keys);
    await refresh();
    const tags: string[] = [];
    const see = async (certified: readonly TestKey[], changes: object = {}) => {
      publish(certified, changes);
      await refresh();
      tags.push((await status()).etag);
    };
    await see([first, second]);
    await see([first, third]);
    await see([first]);
    await see([first], { ssoUrl: "https://new.example/sso" });
    await see([first], { ssoUrl: "https://other.example/sso" });
    await save({ metadataUrl: URL }); // has the first one now, and knows the others
    await see([first, second]);
    await see([first, third]);
    expect(new Set(tags).size).to.equal(7);
  });

  it("say since when a change waits", async () => {
    await refresh();
    publish([first], { ssoUrl: "https://new.example/sso" });
    await refresh();
    const since = host.clock.now();
    for (let times = 0; times < 2; times += 1) {
      expect((await status()).pending?.since).to.equal(since);
      await refresh();
    }
  });

  it("cannot have changed since nothing was read", async () => {
    const early = await startHost({
      ...shared(),
      fetchMetadata: async () => ({ kind: "not-modified" }),
    });
    expect(await early.saml.refreshConnections()).to.include({ attempts: 1, failed: 1 });
    expect((await status()).lastFailure).to.include({ code: "status-unexpected" });
    await early.stop();
  });

  it("survive a function of the host's that throws, or returns anything", async () => {
    for (const broken of [
      () => Promise.reject(new Error("with a secret")),
      async () => undefined,
      async () => "xml",
      async () => ({ kind: "metadata" }),
      async () => ({ kind: "metadata", xml: 7 }),
    ]) {
      const other = await startHost({ ...shared(), fetchMetadata: broken as never });
      host.clock.advance(2 * DAY);
      expect(await other.saml.refreshConnections()).to.include({ failed: 1 });
      await other.stop();
      const { lastFailure } = await status();
      expect(lastFailure).to.include({ code: "host-failed" });
      expect(lastFailure?.detail).not.to.match(/secret|HostCallbackError/);
    }
    expect(await arrive(idp)).to.equal(303);
  });

  describe("with certificates that expire", () => {
    const expiring = (days: number) =>
      makeTestKey({ kind: "ec-p256", notAfter: host.clock.now() + days * DAY });
    const notices = async () =>
      (await entries("certificate-expiring")).map(({ detail }) => detail["days"]);

    it("announce it 30, 14, 7 and 1 days ahead, each once, with or without a URL", async () => {
      idp = signingWith(expiring(40));
      await save({});
      for (let day = 0; day < 42; day += 1) {
        await host.saml.refreshConnections();
        await refresh(DAY);
      }
      expect(await notices()).to.deep.equal(["30", "14", "7", "1"]);
      const logged = host.logger.events.flatMap(({ event }) =>
        event.event === "saml.certificate.expiring" ? [event.days] : [],
      );
      expect(logged).to.deep.equal([30, 14, 7, 1]);
      const told = await events();
      expect(told.map((event) => "daysLeft" in event && event.daysLeft)).to.deep.equal(logged);
      expect(told[0]).to.include({ type: "certificate-expiring", connection: "default" });
    });

    it("announce only what is due when they are seen late", async () => {
      idp = signingWith(expiring(10));
      await save({});
      await refresh(0);
      expect(await notices()).to.deep.equal(["14"]);
      const [entry] = await entries("certificate-expiring");
      expect(entry?.detail).to.include({ of: "identity-provider", renewed: "no" });
    });

    it("announce it once over many processes", async () => {
      idp = signingWith(expiring(20));
      await save({});
      const others = await Promise.all([1, 2, 3].map(() => startHost(shared())));
      const done = await Promise.all(
        [host, ...others].map(({ saml }) => saml.refreshConnections()),
      );
      expect(done.reduce((sum, { announced }) => sum + announced, 0)).to.equal(1);
      expect(await notices()).to.deep.equal(["30"]);
      for (const other of others) await other.stop();
    });

    it("announce ours, too, and nothing while single sign-on is off", async () => {
      const own = makeTestKey({ notAfter: host.clock.now() + 5 * DAY });
      const { privateKey, certificate } = own;
      const options = { ...shared(), serviceProvider: { keys: [{ privateKey, certificate }] } };
      const other = await startHost(options);
      expect((await other.saml.refreshConnections()).announced).to.equal(1);
      const [entry] = await entries("certificate-expiring");
      expect(entry?.detail).to.include({ of: "service-provider", days: "7" });
      idp = signingWith(expiring(5));
      await host.saml.saveSettings(
        "default",
        { ...openSettings(host, { connection: idp.connection() }), enabled: false },
        "set-up",
      );
      expect((await other.saml.refreshConnections()).announced).to.equal(0);
      await other.stop();
    });
  });
});
