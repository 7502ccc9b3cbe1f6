import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { OneConnectionSettings } from "../../src/domain/one-connection.ts";
import { explanationOf } from "../../src/domain/texts/administrator-explanations.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import type { ResponseOptions } from "../../src/testing/signing-idp.ts";
import { arrive, formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const EMAIL = "ada@customer.example";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const STATUS = "urn:oasis:names:tc:SAML:2.0:status:";
const OURS = makeTestKey({ kind: "rsa-2048" });
const OTHERS = makeTestKey({ kind: "rsa-2048" });
const FINGERPRINT = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/;

interface Entry {
  readonly code: string;
  readonly detail: Readonly<Record<string, string>>;
  readonly explanation: { readonly sentence: string; readonly fix: string };
}

/** A fault on one of the two sides, and what an administrator is told about it. */
interface Fault {
  readonly what: string;
  readonly response: Partial<ResponseOptions>;
  readonly settings?: (host: TestHost) => Partial<OneConnectionSettings>;
  readonly code: Parameters<typeof explanationOf>[0];
  readonly cause: string;
  readonly sent?: string | RegExp;
  readonly expected?: string | RegExp;
  readonly says?: RegExp;
}

const response = (edit: (xml: string) => string): Partial<ResponseOptions> => ({
  edit: { response: edit },
});
const assertion = (edit: (xml: string) => string): Partial<ResponseOptions> => ({
  edit: { assertion: edit },
});
const afterSigning = (from: string | RegExp, to: string): Partial<ResponseOptions> =>
  response((xml) => xml.replace(from, to));

const FAULTS: readonly Fault[] = [
  {
    what: "a signature with SHA-1",
    response: { signature: { algorithm: "rsa-sha1" } },
    code: "algorithm-not-allowed",
    cause: "signature",
    says: /RSA with SHA-256/,
  },
  {
    what: "a digest with SHA-1",
    response: { signature: { digest: "sha1" } },
    code: "algorithm-not-allowed",
    cause: "digest",
    says: /digest/,
  },
  {
    what: "inclusive canonicalization",
    response: afterSigning(
      /(CanonicalizationMethod Algorithm=")[^"]*/,
      "$1http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    ),
    code: "algorithm-not-allowed",
    cause: "canonicalization",
    says: /exclusive canonicalization/,
  },
  {
    what: "encryption with Triple DES",
    response: {
      encryptTo: OURS.certificate,
      encryption: { cipher: "tripledes-cbc" },
      sign: "response",
    },
    code: "algorithm-not-allowed",
    cause: "data-encryption",
    says: /AES-256-GCM/,
  },
  {
    what: "a key transported with RSA 1.5",
    response: {
      encryptTo: OURS.certificate,
      encryption: { keyTransport: "rsa-1_5" },
      sign: "response",
    },
    code: "algorithm-not-allowed",
    cause: "key-transport",
    says: /RSA-OAEP/,
  },
  {
    what: "encryption for another service, in a signed response",
    response: { encryptTo: OTHERS.certificate, sign: "response" },
    code: "decryption-failed",
    cause: "other-key",
    says: /Import our metadata/,
  },
  {
    what: "encryption for a certificate that the message names, and that is not ours",
    response: {
      encryptTo: OTHERS.certificate,
      edit: {
        response: (xml) =>
          xml.replace(
            /(<xenc:EncryptedKey\b[^>]*>(?:(?!<xenc:CipherData>).)*)/s,
            `$1<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${bare(OTHERS.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
          ),
      },
    },
    code: "decryption-failed",
    cause: "other-certificate",
    sent: FINGERPRINT,
    expected: FINGERPRINT,
    says: /received/,
  },
  {
    what: "encryption for another service, where only the assertion is signed",
    response: { encryptTo: OTHERS.certificate },
    code: "decryption-failed",
    cause: "unsigned",
    says: /old certificate of ours.*signing certificate.*SHA-1.*no signature.*sign the response/,
  },
  {
    what: "a rotated signing key inside the encryption, which looks the same",
    response: {
      encryptTo: OURS.certificate,
      signature: { privateKey: OTHERS.privateKey, certificate: OTHERS.certificate },
    },
    code: "decryption-failed",
    cause: "unsigned",
  },
  {
    what: "SHA-1 inside the encryption, which looks the same",
    response: { encryptTo: OURS.certificate, signature: { algorithm: "rsa-sha1" } },
    code: "decryption-failed",
    cause: "unsigned",
  },
  {
    what: "no signature inside the encryption, which looks the same",
    response: { encryptTo: OURS.certificate, sign: "none" },
    code: "decryption-failed",
    cause: "unsigned",
  },
  {
    what: "another signing certificate than the imported one",
    response: { signature: { privateKey: OTHERS.privateKey, certificate: OTHERS.certificate } },
    code: "signature-invalid",
    cause: "other-certificate",
    sent: FINGERPRINT,
    expected: FINGERPRINT,
    says: /this very application/,
  },
  {
    what: "a message that was changed on its way",
    response: afterSigning(">ada@customer.example<", ">eve@customer.example<"),
    code: "signature-invalid",
    cause: "altered",
    says: /proxy or plugin/,
  },
  {
    what: "a message of another kind",
    response: afterSigning(/samlp:Response/g, "samlp:ArtifactResponse"),
    code: "structure-invalid",
    cause: "other-message",
    says: /ACS URL/,
  },
  {
    what: "success without an assertion",
    response: afterSigning(/<saml:Assertion.*<\/saml:Assertion>/s, ""),
    code: "structure-invalid",
    cause: "assertion-missing",
  },
  {
    what: "two attribute statements, which SAML allows",
    response: {
      attributes: { sn: "Lovelace" },
      ...assertion((xml) =>
        xml.replace(
          "</saml:AttributeStatement>",
          '$&<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>',
        ),
      ),
    },
    code: "structure-invalid",
    cause: "several",
    says: /single attribute statement/,
  },
  {
    what: "text between elements",
    response: afterSigning("<samlp:Status>", "<samlp:Status>odd"),
    code: "structure-invalid",
    cause: "misplaced",
  },
  {
    what: "a response without a status",
    response: afterSigning(/<samlp:Status>.*<\/samlp:Status>/s, ""),
    code: "structure-invalid",
    cause: "malformed",
    says: /vendor/,
  },
  {
    what: "an ID with blanks",
    response: { responseId: "a b" },
    code: "id-invalid",
    cause: "characters",
  },
  {
    what: "one ID twice",
    response: { responseId: "_same", assertionId: "_same" },
    code: "id-invalid",
    cause: "duplicate",
  },
  {
    what: "an ID on an element that has none",
    response: assertion((xml) => xml.replace("<saml:Conditions ", '<saml:Conditions ID="x" ')),
    code: "id-invalid",
    cause: "place",
  },
  {
    what: "a cancelled sign-in",
    response: { status: [`${STATUS}Responder`, `${STATUS}AuthnFailed`] },
    code: "status-not-success",
    cause: "user-refused",
  },
  {
    what: "a request that the identity provider does not know",
    response: { status: [`${STATUS}Requester`] },
    code: "status-not-success",
    cause: "request-refused",
    says: /Sign requests/,
  },
  {
    what: "a requested class of authentication that the identity provider does not have",
    response: { status: [`${STATUS}Responder`, `${STATUS}NoAuthnContext`] },
    code: "status-not-success",
    cause: "context-unavailable",
    says: /Empty "Requested authentication classes"/,
  },
  {
    what: "an identity provider that was told not to ask, which we never do",
    response: { status: [`${STATUS}Responder`, `${STATUS}NoPassive`] },
    code: "status-not-success",
    cause: "not-passively",
    says: /This service never tells it that/,
  },
  {
    what: "another identity provider's entity ID",
    response: {},
    settings: (host) => ({
      connection: host.idp.connection({ entityId: "https://typed.example" }),
    }),
    code: "issuer-mismatch",
    cause: "entity-id",
    sent: "https://idp.example/metadata",
    expected: "https://typed.example",
  },
  {
    what: "an issuer in another format",
    response: assertion((xml) =>
      xml.replace("<saml:Issuer>", `<saml:Issuer Format="${PERSISTENT}">`),
    ),
    code: "issuer-mismatch",
    cause: "format",
    sent: PERSISTENT,
    expected: /nameid-format:entity/,
  },
  {
    what: "an address in a NameID of the format unspecified",
    response: { nameIdFormat: UNSPECIFIED, attributes: { givenName: "Ada" } },
    code: "email-missing",
    cause: "in-name-id",
    sent: `NameID in the format ${UNSPECIFIED}; attributes givenName`,
    expected: /^an email address in NameID of format .*emailAddress, email, /,
    says: /"NameID only"/,
  },
  {
    what: "an address under another name",
    response: { nameId: "x7", nameIdFormat: PERSISTENT, attributes: { upn: EMAIL, sn: "L" } },
    code: "email-missing",
    cause: "in-attribute",
    sent: `NameID in the format ${PERSISTENT}; attributes upn, sn`,
    says: /"One attribute"/,
  },
  {
    what: "no attribute at all",
    response: { nameId: "x7", nameIdFormat: PERSISTENT },
    code: "email-missing",
    cause: "nothing-sent",
    sent: `NameID in the format ${PERSISTENT}, no attributes`,
  },
  {
    what: "attributes without an address",
    response: { nameId: "x7", nameIdFormat: PERSISTENT, attributes: { sn: "Lovelace" } },
    code: "email-missing",
    cause: "not-sent",
    sent: `NameID in the format ${PERSISTENT}; attributes sn`,
  },
];

function bare(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, "");
}

describe("the advice after a refusal belongs to its cause:", () => {
  let host: TestHost;

  beforeEach(async () => {
    const { privateKey, certificate } = OURS;
    host = await startHost({ serviceProvider: { keys: [{ privateKey, certificate }] } });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const newest = async (): Promise<Entry> => {
    const answer = await fetch(`${host.baseUrl}/saml/settings/audit?limit=1`);
    const { entries } = (await answer.json()) as { readonly entries: readonly Entry[] };
    const [entry] = entries;
    if (entry === undefined) throw new Error("no entry");
    return entry;
  };
  const matches = (text: string | undefined, wanted: string | RegExp) =>
    typeof wanted === "string" ? expect(text).to.equal(wanted) : expect(text).to.match(wanted);

  for (const { what, response: changes, settings, ...told } of FAULTS) {
    it(`${what} (${told.code}: ${told.cause})`, async () => {
      await host.saml.saveSettings("default", openSettings(host, settings?.(host)), "set-up");
      const refused = await arrive(host, EMAIL, changes);
      expect(refused.status).to.equal(403);
      const entry = await newest();
      expect(entry).to.include({ code: told.code });
      expect(entry.detail["cause"], entry.detail["reason"]).to.equal(told.cause);
      expect(entry.explanation).to.deep.equal(explanationOf(told.code, told.cause));
      if (told.says !== undefined) expect(entry.explanation.fix).to.match(told.says);
      if (told.sent !== undefined) matches(entry.detail["sent"], told.sent);
      if (told.expected !== undefined) matches(entry.detail["expected"], told.expected);
      const text = (await refused.text()).replace(/<style>[^<]*<\/style>/, "");
      for (const secret of [told.cause, entry.explanation.sentence, entry.detail["reason"] ?? ""]) {
        expect(text).not.to.include(secret);
      }
    });
  }

  it("the same page for everything inside an encryption, whatever it is", async () => {
    const texts = new Set<string>();
    for (const { response: changes } of FAULTS.filter(({ cause }) => cause === "unsigned")) {
      const text = await (await arrive(host, EMAIL, changes)).text();
      texts.add(text.replace(/<code>[^<]*/, ""));
    }
    expect(texts.size).to.equal(1);
    const entries = host.memory
      .auditEntries(host.tenant)
      .filter(({ outcome }) => outcome === "rejected");
    expect(new Set(entries.map(({ detail }) => JSON.stringify(detail))).size).to.equal(1);
  });

  describe("a request that this browser does not have", () => {
    const begin = async () => {
      const browser = makeBrowser();
      const login = await browser.get(`${host.baseUrl}/saml/login?returnTo=%2Freports`);
      return { browser, inResponseTo: requestIdIn(login) };
    };

    it("because its cookies did not come", async () => {
      const { inResponseTo } = await begin();
      await arrive(host, EMAIL, { inResponseTo });
      const { code, detail } = await newest();
      expect([code, detail["cause"]]).to.deep.equal(["request-unknown", "no-cookie"]);
    });

    it("because it has others", async () => {
      const { browser } = await begin();
      const { inResponseTo } = await begin();
      await browser.post(`${host.baseUrl}/saml/acs`, formFor(host, EMAIL, { inResponseTo }));
      const { code, detail } = await newest();
      expect([code, detail["cause"]]).to.deep.equal(["request-unknown", "other-request"]);
    });
  });
});
