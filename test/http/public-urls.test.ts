import { expect } from "chai";
import { describe, it } from "mocha";
import { makePublicUrls } from "../../src/adapters/koa/tenant-context.ts";

describe("the entity ID of a tenant", () => {
  const entityId = (given: string, prefix = "/t/:tenant/saml") =>
    makePublicUrls({
      baseUrl: "https://app.example",
      prefix,
      entityId: given,
      logout: false,
    }).forTenant("red").serviceProvider.entityId;

  it("holds the tenant where a whole segment asks for it", () => {
    expect(entityId("https://app.example/t/:tenant/sp")).to.equal("https://app.example/t/red/sp");
    expect(entityId("urn:acme::tenant")).to.equal("urn:acme:red");
    expect(entityId("urn:acme::tenant:sp")).to.equal("urn:acme:red:sp");
  });

  it("is left alone otherwise", () => {
    for (const fixed of ["urn:acme:tenant-portal", "urn:acme:tenants", "urn:acme:tenant"]) {
      expect(entityId(fixed)).to.equal(fixed);
    }
    expect(entityId("urn:acme::tenant", "/saml")).to.equal("urn:acme::tenant");
  });
});

describe("http without encryption", () => {
  const exposed = (baseUrl: string) =>
    makePublicUrls({ baseUrl, prefix: "/saml", logout: false }).exposed;

  it("is for this computer only", () => {
    for (const own of ["localhost:3000", "app.localhost", "127.0.0.1", "127.1", "[::1]:80"]) {
      expect(exposed(`http://${own}`)).to.equal(false);
    }
    for (const other of ["app.example", "localhost.example", "127.0.0.1.example", "10.0.0.1"]) {
      expect(exposed(`http://${other}`)).to.equal(true);
      expect(exposed(`https://${other}`)).to.equal(false);
    }
  });
});
