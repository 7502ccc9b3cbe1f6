import { before, describe, it } from "mocha";
import {
  type AuditEntryView,
  csvLines,
  ENTRY_COLUMNS,
} from "../../src/adapters/koa/audit/entry-formats.ts";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import { readShape } from "../../src/adapters/settings-document/schema.ts";
import { assertedProfile } from "../../src/application/sign-in/asserted-profile.ts";
import { type AssertedAttribute, emailIdentity } from "../../src/domain/email-identity.ts";
import { matchingRules } from "../../src/domain/provisioning-rules.ts";
import { settingsFaults, settingsWarnings } from "../../src/domain/settings-rules.ts";
import type { IdentityPort } from "../../src/ports/identity-port.ts";
import { CONNECTION, factsOf, ONE } from "../domain/support/examples.ts";
import { build, type Edit, swap } from "./support/build.ts";
import { FILLINGS, inside, LONG, requireLinear, UNSIGNED_LONG } from "./support/linear.ts";
import { ACS_URL, ENTITY_ID, idp, NOW } from "./support/parties.ts";
import { portOf } from "./support/port.ts";

/** Where a foreign text stands in a response: all that is read before or after verification. */
const PLACES: Readonly<Record<string, (text: string) => Edit>> = {
  "Issuer of the response": (text) =>
    inside(/(<samlp:Response[^>]*><saml:Issuer[^>]*>)[^<]*/, text),
  "Issuer of the assertion": (text) =>
    inside(/(<saml:Assertion[^>]*><saml:Issuer[^>]*>)[^<]*/, text),
  NameID: (text) => inside(/(<saml:NameID[^>]*>)[^<]*/, text),
  "Format of the NameID": (text) => inside(/(<saml:NameID Format=")[^"]*/, text),
  Audience: (text) => inside(/(<saml:Audience>)[^<]*/, text),
  "attribute value": (text) => inside(/(<saml:AttributeValue[^>]*>)[^<]*/, text),
  "attribute name": (text) => inside(/(<saml:Attribute [^>]*Name=")[^"]*/, text),
  SessionIndex: (text) => inside(/(SessionIndex=")[^"]*/, text),
  AuthnInstant: (text) => inside(/(AuthnInstant=")[^"]*/, text),
  "IssueInstant of the response": (text) =>
    inside(/(<samlp:Response[^>]*IssueInstant=")[^"]*/, text),
  "IssueInstant of the assertion": (text) =>
    inside(/(<saml:Assertion[^>]*IssueInstant=")[^"]*/, text),
  "NotOnOrAfter of the confirmation": (text) =>
    inside(/(<saml:SubjectConfirmationData[^>]*NotOnOrAfter=")[^"]*/, text),
  "NotBefore of the conditions": (text) => inside(/(<saml:Conditions NotBefore=")[^"]*/, text),
  Recipient: (text) => inside(/(Recipient=")[^"]*/, text),
  Destination: (text) => inside(/(Destination=")[^"]*/, text),
  Version: (text) => inside(/(Version=")[^"]*/, text),
  "InResponseTo of the response": (text) =>
    swap("<samlp:Response ", `<samlp:Response InResponseTo="${text}" `),
  "ID of the response": (text) => inside(/(<samlp:Response[^>]* ID=")[^"]*/, text),
  "Value of the status": (text) => inside(/(<samlp:StatusCode Value=")[^"]*/, text),
  DigestValue: (text) => inside(/(<ds:DigestValue>)[^<]*/, text),
  SignatureValue: (text) => inside(/(<ds:SignatureValue>)[^<]*/, text),
  "URI of the reference": (text) => inside(/(<ds:Reference URI=")[^"]*/, text),
  "algorithm of the signature": (text) => inside(/(<ds:SignatureMethod Algorithm=")[^"]*/, text),
  X509Certificate: (text) => inside(/(<ds:X509Certificate>)[^<]*/, text),
  "a namespace": (text) => swap("<samlp:Status>", `<samlp:Status xmlns:x="urn:${text}">`),
  "white space inside a tag": (text) => swap("<samlp:Status>", `<samlp:Status${text}>`),
  "a whole element's name": (text) => swap("<samlp:Status>", `<samlp:Status><${text}>`),
  "before the document": (text) => (xml) => text + xml,
  "behind the document": (text) => (xml) => xml + text,
};

/** Where a text stands in an encrypted assertion. */
const ENCRYPTED_PLACES: Readonly<Record<string, (text: string) => Edit>> = {
  "CipherValue of the key": (text) =>
    inside(/(<xenc:EncryptedKey[\s\S]*?<xenc:CipherValue>)[^<]*/, text),
  "CipherValue of the data": (text) =>
    inside(/(<\/ds:KeyInfo>[\s\S]*?<xenc:CipherValue>)[^<]*/, text),
  "algorithm of the data": (text) => inside(/(<xenc:EncryptionMethod Algorithm=")[^"]*/, text),
  "digest of the key transport": (text) => inside(/(<ds:DigestMethod Algorithm=")[^"]*/, text),
};

const METADATA_PLACES: Readonly<Record<string, (text: string) => Edit>> = {
  entityID: (text) => inside(/(entityID=")[^"]*/, text),
  validUntil: (text) => swap("<md:EntityDescriptor ", `<md:EntityDescriptor validUntil="${text}" `),
  Location: (text) => inside(/(Location=")[^"]*/, text),
  Binding: (text) => inside(/(Binding=")[^"]*/, text),
  X509Certificate: (text) => inside(/(<ds:X509Certificate>)[^<]*/, text),
  "before the document": (text) => (xml) => text + xml,
  "behind the document": (text) => (xml) => xml + text,
};

type Path = readonly string[];

/** Settings with a text in every place that an administrator can write one. */
const DOCUMENT: unknown = {
  ...ONE,
  connection: {
    ...ONE.connection,
    certificates: [idp.certificate],
    sloUrl: "https://idp.example/slo",
    sloResponseUrl: "https://idp.example/slo/done",
    nameIdFormat: "urn:f",
    requestedAuthnContext: { classRefs: ["urn:c"], comparison: "exact" },
    acceptedAuthnContextClasses: ["urn:c"],
  },
  email: { source: { kind: "attribute", name: "mail" }, allowedDomains: ["corp.example"] },
  profile: { displayName: "d", firstName: "f", lastName: "l" },
  enforcement: { enabled: false, exempt: ["ada@corp.example"] },
  autoProvisioning: {
    ...ONE.autoProvisioning,
    rules: [
      { when: { attribute: "groups", anyOf: ["v"] }, role: "editor", groups: ["designers"] },
      { when: { emailDomain: ["corp.example"] }, refuse: true },
    ],
  },
};

function textsIn(value: unknown): readonly Path[] {
  if (typeof value === "string") return [[]];
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => textsIn(inner).map((path) => [key, ...path]))
    : [];
}

function withText(value: unknown, [key, ...path]: Path, text: string): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return text;
  const change = (name: string, inner: unknown) =>
    name === key ? withText(inner, path, text) : inner;
  return Array.isArray(value)
    ? value.map((inner, index) => change(String(index), inner))
    : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(name, inner)]));
}

describe("the time for foreign text", () => {
  let port: IdentityPort;
  const post = (xml: string) => {
    const form = { SAMLResponse: Buffer.from(xml).toString("base64") };
    const expectation = { pendingRequestIds: [], now: NOW };
    return () =>
      port.verifyResponse(
        { entityId: ENTITY_ID, acsUrl: ACS_URL },
        idp.connection(),
        form,
        expectation,
      );
  };

  before(async () => {
    if (!readShape(DOCUMENT).ok) throw new Error("the settings have another shape");
    port = portOf(makeSaml2JsIdentity);
    // saml2-js is loaded, and everything is compiled.
    for (let times = 0; times < 30; times += 1) await post(build("both"))();
  });

  for (const [filling, fill] of Object.entries(FILLINGS)) {
    it(`grows with its length only, before anything is verified: ${filling}`, async () => {
      for (const [place, edit] of Object.entries(PLACES)) {
        for (const longest of [LONG, UNSIGNED_LONG]) {
          const prepare = (length: number) => post(edit(fill(length))(build("both")));
          await requireLinear("stranger", `${place}: ${filling}`, prepare, longest);
        }
      }
      for (const [place, edit] of Object.entries(ENCRYPTED_PLACES)) {
        await requireLinear("stranger", `${place}: ${filling}`, (length) =>
          post(edit(fill(length))(build("encrypted-assertion"))),
        );
      }
      await requireLinear(
        "stranger",
        `the form field: ${filling}`,
        (length) => () =>
          port.verifyResponse(
            { entityId: ENTITY_ID, acsUrl: ACS_URL },
            idp.connection(),
            { SAMLResponse: fill(length) },
            { pendingRequestIds: [], now: NOW },
          ),
      );
    });

    it(`grows with its length only, where the identity provider signs it: ${filling}`, async () => {
      for (const [place, edit] of Object.entries(PLACES)) {
        await requireLinear("provider", `${place}, signed: ${filling}`, (length) => {
          const text = fill(length);
          return post(build("response", { response: tolerant(edit(text)) }));
        });
      }
    });

    it(`grows with its length only in metadata: ${filling}`, async () => {
      for (const [place, edit] of Object.entries(METADATA_PLACES)) {
        await requireLinear("provider", `metadata, ${place}: ${filling}`, (length) => {
          const xml = edit(fill(length))(idp.metadata());
          return () => port.parseIdpMetadata(xml);
        });
      }
    });

    it(`grows with its length only in settings: ${filling}`, async () => {
      for (const path of textsIn(DOCUMENT)) {
        await requireLinear("provider", `${path.join(".")}: ${filling}`, (length) => {
          const document = withText(DOCUMENT, path, fill(length));
          return () => {
            const shape = readShape(document);
            if (!shape.ok) return;
            const { settings } = shape;
            const certificates = settings.connections.map(({ idp: connected }) =>
              (connected?.certificates ?? []).map((text) => port.inspectCertificate(text)),
            );
            const faults = settingsFaults(settings, factsOf({ certificates }));
            if (faults.length === 0) settingsWarnings(settings, factsOf({ certificates }));
          };
        });
      }
    });

    it(`grows with its length only behind the port: ${filling}`, async () => {
      for (const around of ["", "=", ";", "ada@customer.example"]) {
        await requireLinear("provider", `an address: ${around} ${filling}`, (length) => {
          const value = around + fill(length);
          const claims = {
            nameId: { value, format: "x" },
            attributes: [{ name: "mail", values: [value, `${value}.`] }],
          };
          return () => {
            emailIdentity(claims, { kind: "automatic" });
            emailIdentity(claims, { kind: "name-id" });
            assertedProfile(claims, { displayName: "mail" });
          };
        });
        await requireLinear("provider", `a cell: ${around} ${filling}`, (length) => {
          const email = around + fill(length);
          return () =>
            csvLines(ENTRY_COLUMNS, [
              { id: "1", at: NOW, outcome: "denied", email, detail: { reason: email } },
            ] as unknown as readonly AuditEntryView[]);
        });
      }
    });
  }
});

describe("rules for new users", () => {
  const names = ["groups", "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"];
  const rules = Array.from({ length: 100 }, (_, rule) => ({
    when: {
      attribute: names[rule % 2] ?? "",
      anyOf: Array.from({ length: 10 }, (__, value) => `wanted-${rule}-${value}`),
    },
    groups: ["g1"],
  }));
  const email = emailIdentity(
    { nameId: { value: "ada@corp.example", format: "x" }, attributes: [] },
    { kind: "name-id" },
  );
  if (email.kind !== "email") throw new Error("the address is valid");

  it("are matched in time that grows with the values that arrive, however they are told apart", async () => {
    const shapes: Readonly<Record<string, (count: number) => readonly AssertedAttribute[]>> = {
      "many values": (count) => [
        { name: "groups", values: Array.from({ length: count }, (_, one) => `sent-${one}`) },
      ],
      "many attributes of a name": (count) =>
        Array.from({ length: count }, (_, one) => ({ name: "groups", values: [`sent-${one}`] })),
      "many names": (count) =>
        Array.from({ length: count }, (_, one) => ({ name: `n${one}`, values: ["wanted-0-0"] })),
      "one value, again and again": (count) => [
        { name: "groups", values: Array.from({ length: count }, () => "wanted-98-9") },
      ],
    };
    for (const [what, shape] of Object.entries(shapes)) {
      await requireLinear("provider", what, (length) => {
        // No more: a map of them would no longer fit the cache of the processor.
        const asserted = { attributes: shape(Math.trunc(length / 6)), connection: CONNECTION };
        return () => matchingRules(rules, email.address, asserted);
      });
    }
  });

  it("are matched in time that grows with their values", async () => {
    await requireLinear("provider", "values of a rule", (length) => {
      const anyOf = Array.from({ length: Math.trunc(length / 2) }, (_, one) => `wanted-${one}`);
      const values = anyOf.map((value) => `${value}-not`);
      const asserted = { attributes: [{ name: "groups", values }], connection: CONNECTION };
      const rule = { when: { attribute: "groups", anyOf } };
      return () => matchingRules([rule], email.address, asserted);
    });
  });
});

/** What is no part of a response without its signature is not measured. */
function tolerant(edit: Edit): Edit {
  return (xml) => {
    try {
      return edit(xml);
    } catch {
      return xml;
    }
  };
}
