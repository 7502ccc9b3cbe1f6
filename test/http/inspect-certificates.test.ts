import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  certify,
  makeTestKey,
  pemBody,
  reissue,
} from "../../src/testing/signing-idp/certificate.ts";
import { startHost, type TestHost } from "../support/host.ts";
import { onCurve, withExponent } from "../support/weak-keys.ts";

const DAY_MS = 86_400_000;

interface Inspected {
  readonly facts?: Record<string, unknown>;
  readonly fault?: { code: string; detail: string };
  readonly warnings: { code: string; detail: string }[];
}

describe("certificates, looked at before they are saved", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const post = async (body: unknown) => {
    const response = await fetch(`${host.baseUrl}/saml/settings/inspect-certificates`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const inspect = async (...certificates: string[]) =>
    (await post({ certificates })).body["certificates"] as Inspected[];

  it("what each of them is, in order", async () => {
    const { certificate } = host.idp;
    const ec = makeTestKey({ kind: "ec-p256", subject: "ec" }).certificate;
    const [pem, other, body] = await inspect(certificate, ec, pemBody(certificate));
    expect(pem).to.deep.equal({
      facts: {
        subject: "CN=test identity provider",
        issuer: "CN=test identity provider",
        fingerprint: new X509Certificate(certificate).fingerprint256,
        notBefore: Date.UTC(2020, 0, 1),
        notAfter: Date.UTC(2120, 0, 1),
        keyType: "rsa",
        keyBits: 2048,
        keyExponent: 65_537,
      },
      warnings: [],
    });
    expect(body).to.deep.equal(pem);
    expect(other?.facts).to.include({ subject: "CN=ec", keyType: "ec", curve: "P-256" });
  });

  it("what saving them would warn of", async () => {
    const now = host.clock.now();
    const validity = (from: number, until: number) =>
      reissue(host.idp.key, { notBefore: now + from * DAY_MS, notAfter: now + until * DAY_MS })
        .certificate;
    const all = await inspect(
      validity(-10, -1),
      validity(-10, 29),
      validity(1, 90),
      validity(-10, 31),
    );
    expect(all.map(({ warnings }) => warnings.map(({ code }) => code))).to.deep.equal([
      ["certificate-expired"],
      ["certificate-expiring"],
      ["certificate-not-yet-valid"],
      [],
    ]);
    expect(all[0]?.warnings[0]?.detail).to.include(
      new Date(now - DAY_MS).toISOString().slice(0, 10),
    );
  });

  it("why they cannot be used", async () => {
    const { key, certificate } = host.idp;
    const short = makeTestKey({ kind: "rsa-1024" }).certificate;
    const exponent = certify(withExponent(key, 3), key);
    const curve = certify(onCurve("secp256k1"), key);
    const all = await inspect("nothing", short, "", exponent, curve, certificate + certificate);
    expect(all.map(({ fault }) => fault?.code)).to.deep.equal([
      "certificate-invalid",
      "key-too-short",
      "certificate-invalid",
      "key-exponent-weak",
      "curve-unsupported",
      "several-certificates",
    ]);
    expect(all[3]?.facts).to.include({ keyExponent: 3 });
    expect(all[4]?.facts).to.include({ curve: "secp256k1" });
    expect(all[0]).to.have.all.keys("fault", "warnings");
    expect(all[1]?.facts).to.include({ keyBits: 1024 });
  });

  it("never a private key pasted by mistake", async () => {
    const { privateKey } = makeTestKey();
    const response = await post({ certificates: [privateKey] });
    expect(JSON.stringify(response.body)).not.to.include(pemBody(privateKey).slice(0, 40));
  });

  it("a few at a time, from administrators of this site", async () => {
    const bodies = [{ certificates: Array(11).fill("x") }, { certificates: ["x".repeat(20_001)] }];
    for (const body of [...bodies, { certificates: [7] }, { certificate: "x" }, []]) {
      expect((await post(body)).status).to.equal(422);
    }
    expect((await post({ certificates: [] })).body).to.deep.equal({ certificates: [] });
    host.admin = undefined;
    expect((await post({ certificates: [] })).status).to.equal(403);
    const elsewhere = await fetch(`${host.baseUrl}/saml/settings/inspect-certificates`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: "https://elsewhere.example" },
      body: "{}",
    });
    expect(elsewhere.status).to.equal(403);
  });
});
