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

describe("the URLs of a tenant with a host name", () => {
  const urls = makePublicUrls({
    baseUrl: "https://:tenant.app.example:8443/portal/",
    prefix: "/saml",
    entityId: "https://:tenant.app.example/sp",
    additionalAcsPaths: ["/old"],
    logout: true,
  });

  it("have that name, and keep port and path", () => {
    const { origin, root, serviceProvider } = urls.forTenant("red");
    expect(origin).to.equal("https://red.app.example:8443");
    expect(root).to.equal("https://red.app.example:8443/portal/saml");
    expect(serviceProvider).to.deep.equal({
      entityId: "https://red.app.example/sp",
      acsUrl: `${root}/acs`,
      additionalAcsUrls: ["https://red.app.example:8443/portal/old"],
      sloUrl: `${root}/slo`,
    });
    expect(urls.landing).to.equal("/portal/");
  });

  it("are not made of what is no part of a host name", () => {
    for (const slug of ["", "a.b", "evil.example/", "a@b", "-a", "a-", "Red", "a:1", "ä"]) {
      expect(() => urls.forTenant(slug), slug).to.throw(TypeError, "host name");
    }
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
