import process from "node:process";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { csvLines } from "../../src/adapters/koa/audit/entry-formats.ts";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import { assertedProfile } from "../../src/application/sign-in/asserted-profile.ts";
import { emailIdentity } from "../../src/domain/email-identity.ts";
import type { IdentityPort } from "../../src/ports/identity-port.ts";
import { build, type Edit, swap } from "./support/build.ts";
import { ACS_URL, ENTITY_ID, idp, NOW } from "./support/parties.ts";
import { portOf } from "./support/port.ts";

/**
 * Characters of the longer text: nearly all that a message may hold, and what passes the limit for
 * content that no signature covers. The shorter text has a quarter.
 */
const LONG = 120_000;
const UNSIGNED_LONG = 20_000;
const RUNS = 5;
/** Linear work grows by four, quadratic by sixteen. */
const MAX_GROWTH = 8;
/** Growth of less than this is noise. */
const NOISE_MS = 3;
/**
 * Ceilings for a busy machine under coverage, several times what an idle one takes: 10 ms for what
 * anybody may send and 60 ms for identity providers and administrators, as `bench` measures it.
 */
const STRANGER_MS = 60;
const PROVIDER_MS = 240;
/** Another measurement, for a machine that did something else during the first. */
const ATTEMPTS = 3;

/** Texts that make a regular expression try again: what fits for long, then what does not. */
const FILLINGS: Readonly<Record<string, (length: number) => string>> = {
  spaces: (length) => " ".repeat(length),
  "spaces between letters": (length) => `x${" ".repeat(length)}x`,
  letters: (length) => "a".repeat(length),
  digits: (length) => "1".repeat(length),
  "letters and spaces": (length) => "a ".repeat(length / 2),
  "line feeds between letters": (length) => `x${"\n".repeat(length)}x`,
  "dots, at signs, colons": (length) => ".@:".repeat(length / 3),
  "equals signs at the end": (length) => `A${"=".repeat(length)}`,
};

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

function inside(pattern: RegExp, text: string): Edit {
  return (xml) => {
    const changed = xml.replace(pattern, (_, before: string) => before + text);
    if (changed === xml) throw new Error(`nothing to replace: ${pattern}`);
    return changed;
  };
}

/** Processor time of the fastest of several runs, in milliseconds. */
async function fastest(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let times = 0; times < RUNS; times += 1) {
    const { user, system } = process.cpuUsage();
    await run();
    const spent = process.cpuUsage({ user, system });
    best = Math.min(best, (spent.user + spent.system) / 1000);
    // What takes this long has failed: four more runs would only take longer.
    if (best > 1000) break;
  }
  return best;
}

/** Measures `run` at a quarter of the length and at the length. */
async function requireLinear(
  kind: "stranger" | "provider",
  what: string,
  prepare: (length: number) => () => unknown,
  longest: number = LONG,
): Promise<void> {
  const ceiling = kind === "stranger" ? STRANGER_MS : PROVIDER_MS;
  let short = 0;
  let long = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    short = await fastest(prepare(longest / 4));
    long = await fastest(prepare(longest));
    const grows = long > NOISE_MS && long / Math.max(short, NOISE_MS / 4) >= MAX_GROWTH;
    if (long < ceiling && !grows) return;
  }
  expect.fail(`${what}: ${short} ms for a quarter, ${long} ms for all of it`);
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
            csvLines([
              { id: "1", at: NOW, outcome: "denied", email, detail: { reason: email } },
            ] as unknown as Parameters<typeof csvLines>[0]);
        });
      }
    });
  }
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
