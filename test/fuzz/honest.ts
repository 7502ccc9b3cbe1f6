import type { IdentityPort } from "../../src/ports/identity-port.ts";
import { element } from "../../src/testing/signing-idp/xml-text.ts";
import { build, EVERY } from "../attacks/support/build.ts";
import { ACS_URL, ENTITY_ID, idp, MALLORY, NOW } from "../attacks/support/parties.ts";
import { makeRandom, type Random } from "./random.ts";

/** An honest response that was not accepted, and what makes it again. */
export interface HonestFinding {
  readonly code: string;
  readonly seed: number;
  readonly xml: string;
}

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const NAMES: readonly string[] = [
  "mail",
  "groups",
  "constructor",
  "toString",
  "urn:oid:2.5.4.42",
  ...["emailaddress", "givenname", "name", "nameidentifier", "surname", "upn"].map(
    (claim) => `${CLAIMS}/${claim}`,
  ),
];
/** Characters that libraries treat specially, and texts that look like something else. */
const PIECES: readonly string[] = [
  ..." \t\n\r\u0085\u2028\u00a0\ufeff\ufffd&<>\"']\u200b\u202e:/#%{}é𝒵山",
  "e\u0301",
  "]]",
  "-0",
  "1e3",
  "null",
  "__proto__",
  "length",
  "http://x/",
];
const XSI = { "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance" };
/** Values that are no plain text. */
const VALUES: readonly string[] = [
  element("saml:AttributeValue", {}),
  element("saml:AttributeValue", { ...XSI, "xsi:nil": "true" }),
  element("saml:AttributeValue", {}, element("x:y", { "xmlns:x": "urn:x" }, "z")),
];

/**
 * Lets an honest identity provider say random things within the standard. All of it is accepted:
 * above all, the two readings agree, because an alarm that honest messages raise is none.
 */
export async function fuzzHonest(
  port: IdentityPort,
  seed: number,
  goOn: (runs: number) => boolean,
): Promise<{ readonly runs: number; readonly findings: readonly HonestFinding[] }> {
  const findings: HonestFinding[] = [];
  let runs = 0;
  for (; goOn(runs); runs += 1) {
    const own = (seed + Math.imul(runs, 0x9e3779b1)) >>> 0;
    const xml = honest(makeRandom(own));
    const result = await port.verifyResponse(
      { entityId: ENTITY_ID, acsUrl: ACS_URL },
      idp.connection(),
      { SAMLResponse: Buffer.from(xml).toString("base64") },
      { pendingRequestIds: [], now: NOW },
    );
    if (result.kind === "rejected") findings.push({ code: result.code, seed: own, xml });
  }
  return { runs, findings };
}

function honest(random: Random): string {
  const values = (): readonly string[] =>
    random.pick([[MALLORY], [text(random)], ["", text(random)], [], [text(random), text(random)]]);
  const attributes = Object.fromEntries(
    Array.from({ length: random.integer(6) }, () => [random.pick(NAMES), values()]),
  );
  const special = random.pick(VALUES);
  return build(random.pick(EVERY), {
    content: {
      attributes,
      nameId: random.chance(0.5) ? MALLORY : `x${text(random)}`,
      nameIdFormat: random.pick(["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "urn:x"]),
      sessionIndex: text(random),
    },
    assertion: (xml) =>
      random.chance(0.5)
        ? xml.replace("</saml:Attribute>", (end) => special + end)
        : xml.replace(/<saml:Attribute .*?<\/saml:Attribute>/s, (one) => one + one),
    encryption: { encryptedKey: random.pick(["in-key-info", "sibling"]) },
  });
}

function text(random: Random): string {
  return Array.from({ length: random.integer(6) }, () => random.pick(PIECES)).join("");
}
