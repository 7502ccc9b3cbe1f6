import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { describe, it } from "mocha";
import { readXml } from "../../../src/adapters/saml2-js/xml/read-xml.ts";
import { attributeOf, descendants, textOf } from "../../../src/adapters/saml2-js/xml/tree.ts";
import type { IdentityPort, ServiceProvider } from "../../../src/ports/identity-port.ts";
import { makeTestKey, pemBody } from "../../../src/testing/signing-idp/certificate.ts";
import { idp, makeIdentity, SP, spKey } from "./support/parties.ts";

const SCHEMA = "/usr/share/xml/opensaml/saml-schema-metadata-2.0.xsd";
const CATALOG = fileURLToPath(new URL("./support/schema-catalog.xml", import.meta.url));

const { identity } = makeIdentity();
const keyless = makeIdentity({ keys: [] }).identity;
const other = makeTestKey();
const announcing = makeIdentity({ keys: [{ ...other, use: "next" }, spKey] }).identity;
const changed = makeIdentity({ keys: [{ ...other, use: "retiring" }, spKey] }).identity;
const { sloUrl: _, ...withoutLogout } = SP;

/** What xmllint says against the OASIS schema (Debian: opensaml-schemas, xmltooling-schemas). */
function schemaFaults(xml: string): string {
  const { status, stderr } = spawnSync("xmllint", ["--noout", "--nonet", "--schema", SCHEMA, "-"], {
    input: xml,
    encoding: "utf8",
    env: { ...process.env, XML_CATALOG_FILES: CATALOG },
  });
  return status === 0 ? "" : stderr;
}

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
    "with addresses that need escaping": [
      identity,
      { entityId: 'https://app.example/?a=1&b="2"<3>', acsUrl: "https://app.example/acs?a=1&b=2" },
      false,
    ],
  };
  for (const [what, [port, sp, signRequests]] of Object.entries(CASES)) {
    it(`is valid against the OASIS schema: ${what}`, async () => {
      const xml = await port.metadata(sp, idp.connection({ signRequests }));
      expect(schemaFaults(xml)).to.equal("");
      expect(attributeOf(readXml(xml), "entityID")).to.equal(sp.entityId);
    });
  }

  it("is not valid without an endpoint: the schema check means something", async () => {
    const xml = await identity.metadata(SP, undefined);
    expect(schemaFaults(xml.replace(/<md:AssertionConsumerService[^>]*>/, ""))).not.to.equal("");
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

  it("asks for an email address first", async () => {
    const { texts } = elementsIn(await identity.metadata(SP, undefined));
    expect(texts("NameIDFormat")[0]).to.equal(
      "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    );
  });
});
