import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { makeTimeLimit } from "../../src/adapters/system/environment.ts";
import type { HealthCheck, SamlJitOptions } from "../../src/mod.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const DAY = 24 * 3600 * 1000;

describe("health", () => {
  let host: TestHost | undefined;
  afterEach(() => host?.stop());

  async function started(options: Partial<SamlJitOptions> = {}): Promise<TestHost> {
    host = await startHost(options);
    return host;
  }

  it("of a new host passes", async () => {
    expect(await (await started()).saml.health()).to.deep.equal({
      status: "pass",
      checks: [
        { name: "storage", status: "pass" },
        { name: "migrations", status: "pass" },
        { name: "identity-provider-certificates", status: "pass", tenant: "default" },
      ],
    });
  });

  it("warns if responses are not read twice", async () => {
    const { saml } = await started({ secondReading: "off" });
    const { status, checks } = await saml.health([]);
    expect(status).to.equal("warn");
    expect(checks.map(statusOf)).to.include("second-reading warn");
  });

  it("warns of certificates that end within thirty days, or have ended", async () => {
    const { clock, saml, idp } = await started();
    const endsAt = clock.now() + 31 * DAY;
    const { certificate } = makeTestKey({ notAfter: endsAt });
    const connection = { ...idp.connection(), certificates: [certificate] };
    await saml.saveSettings("default", openSettings({ idp }, { connection }), "set-up");
    const last = async () => (await saml.health()).checks.at(-1);
    expect(await last()).to.include({ status: "pass" });
    clock.advance(2 * DAY);
    expect(await last()).to.deep.equal({
      name: "identity-provider-certificates",
      status: "warn",
      tenant: "default",
      detail: `This certificate expires at ${new Date(endsAt).toISOString()}.`,
    });
    clock.advance(40 * DAY);
    expect((await saml.health()).status).to.equal("warn");
  });

  it("names the connection of a certificate that ends, if there are several", async () => {
    const { saml, idp, clock } = await started();
    const soon = makeTestKey({ notAfter: clock.now() + 10 * DAY });
    const connections = ["a", "b"].map((id, index) => ({
      id,
      name: id,
      idp: idp.connection({
        entityId: `https://${id}.example`,
        certificates: index === 0 ? [idp.certificate] : [soon.certificate],
      }),
      domains: [`${id}.example`],
    }));
    const { autoProvisioning } = openSettings({ idp });
    await saml.saveSettings("default", { enabled: true, connections, autoProvisioning }, "set-up");
    const { checks } = await saml.health();
    const check = checks.find(({ name }) => name === "identity-provider-certificates");
    expect(check?.status).to.equal("warn");
    expect(check?.detail).to.match(/^b: This certificate expires at [\dT:.-]+Z\.$/);
  });

  it("says nothing of certificates whose end the settings ignore", async () => {
    const { clock, saml, idp } = await started();
    const { certificate } = makeTestKey({ notAfter: clock.now() + DAY });
    const connection = {
      ...idp.connection(),
      certificates: [certificate],
      acceptExpiredCertificates: true,
    };
    await saml.saveSettings("default", openSettings({ idp }, { connection }), "set-up");
    expect((await saml.health()).status).to.equal("pass");
  });

  it("warns of the certificate that signs for the service provider, not of retiring ones", async () => {
    const soon = makeTestKey({ notAfter: Date.UTC(2026, 0, 20) });
    const later = makeTestKey();
    const { saml, stop } = await started({
      serviceProvider: { keys: [{ ...pair(later), use: "next" }, pair(soon)] },
    });
    const { status, checks } = await saml.health([]);
    expect(status).to.equal("warn");
    expect(checks.map(statusOf)).to.include("service-provider-certificate warn");
    await stop();
    const renewed = await started({
      serviceProvider: { keys: [{ ...pair(soon), use: "retiring" }, pair(later)] },
    });
    expect((await renewed.saml.health([])).status).to.equal("pass");
  });

  it("of tenants is looked at as far as they are named", async () => {
    const { saml } = await started({ prefix: "/:tenant/saml", resolveTenant: () => "acme" });
    const tenantsOf = (checks: readonly HealthCheck[]) =>
      checks.flatMap(({ tenant }) => tenant ?? []);
    expect(tenantsOf((await saml.health()).checks)).to.deep.equal([]);
    expect(tenantsOf((await saml.health(["acme", "globex"])).checks)).to.deep.equal([
      "acme",
      "globex",
    ]);
    for (const wrong of [Array<string>(101).fill("acme"), ["no tenant"], [""]]) {
      const error = await saml.health(wrong).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(TypeError);
    }
  });

  it("gives away nothing of what a storage throws", async () => {
    const stores = makeMemoryStores();
    const load = async () => {
      throw new Error("password of ada");
    };
    const settings = { ...stores.stores.settings, load };
    const storage = { ...stores, stores: { ...stores.stores, settings } };
    const health = await (await started({ storage })).saml.health();
    expect(health.status).to.equal("fail");
    expect(JSON.stringify(health)).not.to.contain("ada");
  });

  it("does not wait for ever", async () => {
    const limited = makeTimeLimit(1);
    const error = await limited(() => new Promise(() => undefined)).catch((caught) => caught);
    expect(error).to.be.instanceOf(Error);
    expect(await makeTimeLimit(1000)(async () => "soon enough")).to.equal("soon enough");
  });
});

function statusOf({ name, status }: HealthCheck): string {
  return `${name} ${status}`;
}

function pair({ privateKey, certificate }: ReturnType<typeof makeTestKey>) {
  return { privateKey, certificate };
}
