import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { startHost, type TestHost } from "../support/host.ts";

const ANSWERS = [
  "/metadata",
  "/sign-in",
  "/settings",
  "/settings/license-usage",
  "/settings/audit",
  "/settings/audit/export?format=jsonl",
  "/settings/openapi.json",
  "/settings/page",
  "/settings/page/activity",
  "/login",
  "/nowhere",
];

describe("private keys of the service provider", () => {
  const { privateKey, certificate } = makeTestKey({ subject: "our own" });
  const [, ...secretLines] = privateKey.trim().split("\n").slice(0, -1);
  let host: TestHost;
  before(async () => {
    host = await startHost({ serviceProvider: { keys: [{ privateKey, certificate }] } });
  });
  after(() => host.stop());

  it("stand beside a certificate that is shown, so the key was really given", async () => {
    const metadata = await (await fetch(`${host.baseUrl}/saml/metadata`)).text();
    expect(metadata).to.contain(certificate.split("\n")[1]!);
  });

  for (const path of ANSWERS) {
    it(`are in no answer of ${path}, its head included`, async () => {
      const answer = await fetch(`${host.baseUrl}/saml${path}`, { redirect: "manual" });
      const text = `${JSON.stringify([...answer.headers])}${await answer.text()}`;
      expect(text).not.to.contain("PRIVATE KEY");
      for (const line of secretLines) expect(text).not.to.contain(line);
    });
  }
});
