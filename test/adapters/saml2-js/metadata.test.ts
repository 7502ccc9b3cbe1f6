import { expect } from "chai";
import { describe, it } from "mocha";
import { makeAlgorithmPolicy } from "../../../src/adapters/saml2-js/crypto/algorithms.ts";
import type { ServiceProviderDescription } from "../../../src/adapters/saml2-js/metadata/sp-description.ts";
import { readXml } from "../../../src/adapters/saml2-js/xml/read-xml.ts";
import { attributeOf, descendants, textOf } from "../../../src/adapters/saml2-js/xml/tree.ts";
import type { IdentityPort, ServiceProvider } from "../../../src/ports/identity-port.ts";
import { makeTestKey, pemBody } from "../../../src/testing/signing-idp/certificate.ts";
import { schemaFaults } from "./support/oasis-schema.ts";
import { idp, makeIdentity, SP, spKey } from "./support/parties.ts";

const { identity } = makeIdentity();
const keyless = makeIdentity({ keys: [] }).identity;
const other = makeTestKey();
const announcing = makeIdentity({ keys: [{ ...other, use: "next" }, spKey] }).identity;
const changed = makeIdentity({ keys: [{ ...other, use: "retiring" }, spKey] }).identity;
const described = (description: ServiceProviderDescription): IdentityPort =>
  makeIdentity({ description }).identity;
const everything = described({
  nameIdFormats: ["urn:oasis:names:tc:SAML:2.0:nameid-format:transient"],
  organization: {
    name: { en: "Acme & Sons Ltd.", de: "Acme & Söhne GmbH" },
    displayName: "Acme",
    url: { en: "https://acme.example/?a=1&b=2", de: "https://acme.example/de" },
  },
  contacts: [
    {
      type: "technical",
      company: "Acme",
      givenName: "Ada",
      surname: "L<ovelace>",
      emailAddresses: ["ada@acme.example", "team@acme.example"],
      telephoneNumbers: ["+49 30 1", "+49 30 2"],
    },
    { type: "support", emailAddresses: ["support@acme.example"] },
    { type: "other" },
  ],
  attributeConsumingService: {
    serviceName: { en: "Acme Cloud", "de-AT": "Acme-Wolke" },
    serviceDescription: "Where work is done",
    requestedAttributes: [
      {
        name: "urn:oid:0.9.2342.19200300.100.1.3",
        nameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        friendlyName: "mail",
        required: true,
      },
      { name: "displayName" },
    ],
  },
});
const { sloUrl: _, ...withoutLogout } = SP;

interface Elements {
  readonly of: (local: string) => readonly Readonly<Record<string, string>>[];
  readonly texts: (local: string) => readonly (string | undefined)[];
}

function elementsIn(xml: string): Elements {
  const all = descendants(readXml(xml));
  const named = (local: string): typeof all => all.filter((element) => element.local === local);
  return {
    of: (local) =>
      named(local).map(({ attributes }) =>
        Object.fromEntries(attributes.map((a) => [a.local, a.value])),
      ),
    texts: (local) => named(local).map(textOf),
  };
}

describe("the service provider's metadata", () => {
  const CASES: Readonly<Record<string, readonly [IdentityPort, ServiceProvider, boolean]>> = {
    "with everything": [identity, SP, true],
    "without single logout": [identity, withoutLogout, false],
    "without keys": [keyless, SP, false],
    "with a next key": [announcing, SP, true],
    "with a retiring key": [changed, SP, true],
    "with all that hosts may say": [everything, SP, true],
    "with an organization alone": [
      described({ organization: { name: "Acme", url: "https://acme.example" } }),
      SP,
      false,
    ],
    "with a contact alone": [described({ contacts: [{ type: "billing" }] }), SP, false],
    "with one requested attribute": [
      described({
        attributeConsumingService: {
          serviceName: "Acme",
          requestedAttributes: [{ name: "mail" }],
        },
      }),
      withoutLogout,
      false,
    ],
    "without NameID formats": [described({ nameIdFormats: [] }), SP, false],
    "with further endpoints": [
      everything,
      { ...SP, additionalAcsUrls: ["https://app.example/old?a=1&b", "https://app.example/older"] },
      true,
    ],
    "with addresses that need escaping": [
      identity,
      { entityId: 'https://app.example/?a=1&b="2"<3>', acsUrl: "https://app.example/acs?a=1&b=2" },
      false,
    ],
  };
  for (const [what, [port, sp, signRequests]] of Object.entries(CASES)) {
    it(`is valid against the OASIS schema: ${what}`, async () => {
      const xml = await port.metadata(sp, idp.connection({ signRequests }));
      expect(schemaFaults(xml, "metadata")).to.equal("");
      expect(attributeOf(readXml(xml), "entityID")).to.equal(sp.entityId);
    });
  }

  it("is not valid without an endpoint: the schema check means something", async () => {
    const xml = await identity.metadata(SP, undefined);
    expect(
      schemaFaults(xml.replace(/<md:AssertionConsumerService[^>]*>/, ""), "metadata"),
    ).not.to.equal("");
  });

  it("says where responses go, and by which binding", async () => {
    const { of } = elementsIn(await identity.metadata(SP, undefined));
    expect(of("AssertionConsumerService")).to.deep.equal([
      {
        Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        Location: SP.acsUrl,
        index: "0",
        isDefault: "true",
      },
    ]);
    expect(of("SingleLogoutService").map(({ Location }) => Location)).to.deep.equal([
      SP.sloUrl,
      SP.sloUrl,
    ]);
  });

  it("claims SAML 2.0 only, wants signed assertions, and does not expire", async () => {
    const xml = await identity.metadata(SP, idp.connection());
    expect(elementsIn(xml).of("SPSSODescriptor")).to.deep.equal([
      {
        AuthnRequestsSigned: "false",
        WantAssertionsSigned: "true",
        protocolSupportEnumeration: "urn:oasis:names:tc:SAML:2.0:protocol",
      },
    ]);
    expect(xml).not.to.match(/validUntil|cacheDuration/);
  });

  it("says that requests are signed when they are, and only then", async () => {
    const claim = async (port: IdentityPort, signRequests: boolean): Promise<string | undefined> =>
      elementsIn(await port.metadata(SP, idp.connection({ signRequests }))).of(
        "SPSSODescriptor",
      )[0]?.["AuthnRequestsSigned"];
    expect(await claim(identity, true)).to.equal("true");
    expect(await claim(identity, false)).to.equal("false");
    expect(await claim(keyless, true)).to.equal("false");
  });

  for (const [what, port, encryption] of [
    ["with one key", identity, spKey],
    ["while the next key is announced: it", announcing, other],
    ["while the old key is retiring: the signing one", changed, spKey],
  ] as const) {
    it(`publishes every certificate for signatures and one for encryption, ${what}`, async () => {
      const { of, texts } = elementsIn(await port.metadata(SP, undefined));
      const signing = port === identity ? [spKey] : [spKey, other];
      expect(of("KeyDescriptor").map(({ use }) => use)).to.deep.equal([
        ...signing.map(() => "signing"),
        "encryption",
      ]);
      expect(texts("X509Certificate")).to.deep.equal(
        [...signing, encryption].map(({ certificate }) => pemBody(certificate)),
      );
    });
  }

  it("publishes no private key", async () => {
    const xml = await announcing.metadata(SP, undefined);
    for (const { privateKey } of [spKey, other]) {
      expect(xml).not.to.include(pemBody(privateKey).slice(100, 160));
    }
  });

  it("offers for encryption what is decrypted without a setting, authenticated ciphers first", async () => {
    const xml = await identity.metadata(SP, undefined);
    const [signing, encryption] = descendants(readXml(xml)).filter(
      ({ local }) => local === "KeyDescriptor",
    );
    const methodsOf = (key: typeof signing) =>
      descendants(key!)
        .filter(({ local }) => local === "EncryptionMethod")
        .map((method) => attributeOf(method, "Algorithm"));
    expect(methodsOf(signing)).to.deep.equal([]);
    const policy = makeAlgorithmPolicy([]);
    const methods = methodsOf(encryption).map((method) =>
      method?.includes("rsa")
        ? policy.keyTransport(method).name
        : policy.dataEncryption(method).name,
    );
    expect(methods).to.deep.equal([
      "aes128-gcm",
      "aes256-gcm",
      "aes128-cbc",
      "aes256-cbc",
      "rsa-oaep-mgf1p",
      "rsa-oaep-mgf1p",
      "rsa-oaep",
    ]);
  });

  it("says of the host what the host says, in its languages", async () => {
    const { of, texts } = elementsIn(await everything.metadata(SP, undefined));
    expect(texts("OrganizationName")).to.deep.equal(["Acme & Sons Ltd.", "Acme & Söhne GmbH"]);
    expect(of("OrganizationName")).to.deep.equal([{ lang: "en" }, { lang: "de" }]);
    expect(of("OrganizationDisplayName")).to.deep.equal([{ lang: "en" }]);
    expect(of("ContactPerson").map(({ contactType }) => contactType)).to.deep.equal([
      "technical",
      "support",
      "other",
    ]);
    expect(texts("EmailAddress")).to.deep.equal([
      "mailto:ada@acme.example",
      "mailto:team@acme.example",
      "mailto:support@acme.example",
    ]);
    expect(texts("SurName")).to.deep.equal(["L<ovelace>"]);
    expect(texts("NameIDFormat")).to.deep.equal([
      "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    ]);
    expect(of("RequestedAttribute")).to.deep.equal([
      {
        Name: "urn:oid:0.9.2342.19200300.100.1.3",
        NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        FriendlyName: "mail",
        isRequired: "true",
      },
      {
        Name: "displayName",
        NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
        isRequired: "false",
      },
    ]);
  });

  it("says nothing of the host unasked", async () => {
    const { of } = elementsIn(await identity.metadata(SP, undefined));
    for (const name of ["Organization", "ContactPerson", "AttributeConsumingService"]) {
      expect(of(name), name).to.deep.equal([]);
    }
  });

  it("asks for an email address first", async () => {
    const { texts } = elementsIn(await identity.metadata(SP, undefined));
    expect(texts("NameIDFormat")[0]).to.equal(
      "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    );
  });
});
