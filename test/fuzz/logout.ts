import { deflateRawSync } from "node:zlib";
import type {
  IdentityPort,
  ReceivedMessage,
  VerifiedLogout,
} from "../../src/ports/identity-port.ts";
import { encryptNameId } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { element, NAMESPACES } from "../../src/testing/signing-idp/xml-text.ts";
import {
  logoutRequestXml,
  logoutResponseXml,
  signedForm,
  signedQuery,
} from "../adapters/saml2-js/support/logout-messages.ts";
import { idp, NOW, SP, spKey } from "../adapters/saml2-js/support/parties.ts";
import { startProcessorTime } from "../support/processor-time.ts";
import { makeRandom, type Random } from "./random.ts";
import { FIELD_MUTATIONS, OCTET_MUTATIONS } from "./wire-mutations.ts";
import { XML_MUTATIONS } from "./xml-mutations.ts";

/** A logout message that the port reads otherwise than it promises, and what makes it so again. */
export interface LogoutFinding {
  readonly what: string;
  readonly seed: number;
  readonly message: string;
}

type Parameter = "SAMLRequest" | "SAMLResponse";

interface Sample {
  readonly parameter: Parameter;
  readonly xml: string;
}

const NAME_ID = element("saml:NameID", { "xmlns:saml": NAMESPACES.saml }, "ada@customer.example");

/**
 * Changes logout messages at random: before they are signed, which the identity provider itself
 * could do, after that, which anybody can, and inside what is encrypted. The port never throws,
 * takes nothing that was changed after it was signed for something else than was signed, answers in
 * time, and gives every failure inside an encrypted NameID one code.
 */
export async function fuzzLogout(
  port: IdentityPort,
  seed: number,
  goOn: (runs: number) => boolean,
  timeBoundMs: number,
): Promise<{
  readonly runs: number;
  readonly taken: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly findings: readonly LogoutFinding[];
}> {
  const samples = makeSamples();
  const outcomes = new Map<string, number>();
  const findings: LogoutFinding[] = [];
  let runs = 0;
  let taken = 0;
  for (; goOn(runs); runs += 1) {
    const own = (seed + Math.imul(runs, 0x9e3779b1)) >>> 0;
    const random = makeRandom(own);
    const { message, said, inside } = changed(random.pick(samples), random);
    const report = (what: string): void => {
      findings.push({ what, seed: own, message: JSON.stringify(message) });
    };
    const spent = startProcessorTime();
    try {
      const result = await port.verifyLogout(SP, idp.connection(), message, NOW);
      port.claimedLogoutResponse(message);
      const outcome = result.kind === "rejected" ? result.code : result.kind;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (result.kind !== "rejected") taken += 1;
      const statement = result.kind === "rejected" ? undefined : statementOf(result);
      if (said !== undefined && statement !== undefined && statement !== said) {
        report("what was taken is not what was signed");
      }
      if (inside && result.kind === "rejected" && result.code !== "decryption-failed") {
        report(`a failure inside an encrypted NameID says ${result.code}`);
      }
      if (result.kind === "rejected" && !result.authenticated && result.request !== undefined) {
        report("a request that is not authentic is answered");
      }
    } catch (error) {
      report(`it threw ${error}`);
    }
    const tookMs = spent();
    if (tookMs > timeBoundMs) report(`it took ${Math.round(tookMs)} ms`);
  }
  return { runs, taken, outcomes, findings };
}

/** A changed message; `said` is what its signature covers where it was changed after that. */
interface Changed {
  readonly message: ReceivedMessage;
  readonly said?: string;
  /** Whether only what is encrypted was changed. */
  readonly inside: boolean;
}

function changed(sample: Sample, random: Random): Changed {
  const isPost = random.chance(0.5);
  const way = random.integer(3);
  if (way === 0) return { message: sent(sample, isPost), inside: false };
  if (way === 1) {
    const xml = mutated(sample.xml, random);
    return { message: sent({ ...sample, xml }, isPost), inside: false };
  }
  if (random.chance(0.5)) {
    const content = sealedContent(random);
    const request = { parameter: "SAMLRequest" as const, xml: logoutRequestXml({ content }) };
    return { message: sent(request, isPost), inside: true };
  }
  const said = SAID[sample.parameter];
  return { message: tampered(sent(sample, isPost), random), said, inside: false };
}

function mutated(xml: string, random: Random): string {
  let changed = xml;
  for (let times = 1 + random.integer(3); times > 0; times -= 1) {
    changed = random.pick(XML_MUTATIONS)(changed, random);
  }
  return changed;
}

/** Octets that are no NameID, encrypted as one. */
function sealedContent(random: Random): string {
  const xml = mutated(NAME_ID, random);
  const plaintext = /^<saml:NameID[^<>]*>[^<>]+<\/saml:NameID>$/.test(xml)
    ? "<saml:a></saml:a>"
    : xml;
  const cipher = random.pick(["aes128-cbc", "aes256-gcm", "aes256-cbc"] as const);
  const encryptedKey = random.pick(["in-key-info", "sibling"] as const);
  return encryptNameId(plaintext, { to: spKey.certificate, cipher, encryptedKey });
}

function sent({ parameter, xml }: Sample, isPost: boolean): ReceivedMessage {
  return isPost
    ? { binding: "post", form: signedForm(parameter, xml) }
    : { binding: "redirect", rawQuery: signedQuery(xml, { parameter, relayState: "there" }) };
}

function tampered(message: ReceivedMessage, random: Random): ReceivedMessage {
  if (message.binding === "redirect") {
    const [first = "", ...rest] = message.rawQuery.split("&");
    const [name = "", value = ""] = first.split("=");
    const octets = Buffer.from(decodeURIComponent(value), "base64");
    const other = random.chance(0.5)
      ? random.pick(OCTET_MUTATIONS)(octets, random)
      : deflateRawSync(mutated(logoutRequestXml(), random));
    const field = Buffer.from(other).toString("base64");
    return {
      binding: "redirect",
      rawQuery: [`${name}=${encodeURIComponent(field)}`, ...rest].join("&"),
    };
  }
  const form = Object.entries(message.form ?? {}).map(([name, value]) => {
    const xml = Buffer.from(String(value), "base64").toString();
    const octets = random.pick(OCTET_MUTATIONS)(Buffer.from(mutated(xml, random)), random);
    const field = Buffer.from(octets).toString("base64");
    return [name, random.chance(0.1) ? random.pick(FIELD_MUTATIONS)(field, random) : field];
  });
  return { binding: "post", form: Object.fromEntries(form) };
}

function makeSamples(): readonly Sample[] {
  const sealed = encryptNameId(NAME_ID, { to: spKey.certificate, cipher: "aes128-cbc" });
  const beside = encryptNameId(NAME_ID, { to: spKey.certificate, encryptedKey: "sibling" });
  return [
    ...[NAME_ID, sealed, beside].map((content) => ({
      parameter: "SAMLRequest" as const,
      xml: logoutRequestXml({ content }),
    })),
    { parameter: "SAMLResponse", xml: logoutResponseXml() },
  ];
}

/** What the samples say, whichever way the NameID is written. */
const SAID: Readonly<Record<Parameter, string>> = {
  SAMLRequest: JSON.stringify(["ada@customer.example", []]),
  SAMLResponse: JSON.stringify(["_our-request", "success"]),
};

function statementOf(verified: VerifiedLogout): string {
  return JSON.stringify(
    verified.kind === "logout-request"
      ? [verified.subject.nameId.value, verified.subject.sessionIndexes]
      : [verified.inResponseTo, verified.status],
  );
}
