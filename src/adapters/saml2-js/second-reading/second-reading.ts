import { createHash } from "node:crypto";
import type { IdentityProvider } from "../../../domain/settings.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import type { VerificationKey } from "../crypto/certificates.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { refuse } from "../rejection-error.ts";
import type { AssertionReading } from "../response/assertion-reading.ts";
import type { ResponseReading } from "../response/response-reading.ts";
import type { SignedResponse } from "../response/signed-response.ts";
import { NS } from "../xml/names.ts";
import {
  attributeOf,
  childrenNamed,
  elementsOf,
  trimXmlSpace,
  type XmlElement,
} from "../xml/tree.ts";
import { writeXml } from "../xml/write-xml.ts";
import { privateKeyPem, saml2Js } from "./saml2-js-library.ts";
import { type Octets, readablePart } from "./signed-octets.ts";
import { verifiablePart } from "./verifiable-part.ts";
import { type AreSigned, makeAreSigned } from "./verify-octets.ts";
import { domElements, parseByXmlDom, requireSameTree, withXmlDomLineEnds } from "./xmldom.ts";

/**
 * `read`: the parser of saml2-js must see the octets that were signed as we do, other code than ours
 * verifies their signatures again, and saml2-js must read the same from them. `verify`: it also
 * verifies. `off`: none of this.
 */
export type SecondReadingStrength = "verify" | "read" | "off";

/** Decision record 0019 says why. */
export const DEFAULT_SECOND_READING: SecondReadingStrength = "read";

/** Lets saml2-js read a response whose signatures have verified. */
export type SecondReading = (
  signed: SignedResponse,
  parties: { readonly sp: ServiceProvider; readonly connection: IdentityProvider },
) => Promise<void>;

/** What saml2-js is given, and what must come of it. */
export interface SecondReadingInput {
  /** A response, with the verified part in it. */
  readonly text: string;
  /** The key with which saml2-js must decrypt. */
  readonly openedWith: ServiceProviderKey | undefined;
  /** Whether saml2-js verifies the signature. */
  readonly verifies: boolean;
  /** What its parser must see as we do; signatures are verified a second time. */
  readonly octets: readonly Octets[];
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  readonly response: ResponseReading;
  readonly assertion: AssertionReading;
  /** As saml2-js reads them: of each value its first node. */
  readonly attributes: readonly FirstTexts[];
  readonly signedBy: VerificationKey;
}

/** An attribute whose values are cut to their first nodes: texts, and nothing for elements. */
interface FirstTexts {
  readonly name: string;
  readonly values: readonly string[];
}

/** saml2-js's answer, as far as it is compared. */
type Answer = ReadonlyMap<string, unknown>;

const TIME_LIMIT_MS = 5000;
const NAME_IDENTIFIER = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";

/**
 * Compares the readings. Throws RejectionError `second-reading-failed` or `readings-disagree`.
 */
export type RequireAgreement = (input: SecondReadingInput) => Promise<void>;

/**
 * How many agreements are remembered: the second reading of a message that is sent again is free.
 */
const MAX_AGREEMENTS_KEPT = 1000;

/** Makes {@link SecondReading}; `undefined` if it is off. */
export function makeSecondReading(strength: SecondReadingStrength): SecondReading | undefined {
  if (strength === "off") return undefined;
  const requireAgreement = makeRequireAgreement();
  return (signed, parties) => requireAgreement(secondReadingInput(signed, parties, strength));
}

/**
 * Makes {@link RequireAgreement}: two independent readings that must agree are what stops the next
 * parser differential (CVE-2025-25291, -25292).
 */
export function makeRequireAgreement(): RequireAgreement {
  const agreed = new Set<string>();
  const areSigned = makeAreSigned();
  return async (input) => {
    for (const octets of input.octets) requireSameOctets(octets, input.connection, areSigned);
    const key = agreementKey(input);
    if (agreed.has(key)) return;
    requireSameAnswer(await saml2JsAnswer(input), expectedAnswer(input));
    if (agreed.size >= MAX_AGREEMENTS_KEPT) agreed.clear();
    agreed.add(key);
  };
}

/** What saml2-js is given. Where it cannot verify, it reads, whatever the strength. */
export function secondReadingInput(
  signed: SignedResponse,
  { sp, connection }: { readonly sp: ServiceProvider; readonly connection: IdentityProvider },
  strength: "verify" | "read",
): SecondReadingInput {
  const { response, reading: assertion, signedBy } = signed;
  const attributes = firstTexts(signed.assertion);
  const rest = { sp, connection, response, assertion, attributes, signedBy };
  const readable = readablePart(signed);
  const part = strength === "verify" ? verifiablePart(signed) : undefined;
  if (part === undefined) return { ...readable, verifies: false, ...rest };
  const text = writeXml(part.root);
  const octets = [...readable.octets, { text, isWrapped: false, element: part.root }];
  return { text, openedWith: part.openedWith, verifies: true, octets, ...rest };
}

function firstTexts(assertion: XmlElement): readonly FirstTexts[] {
  const [statement] = childrenNamed(assertion, NS.saml, "AttributeStatement");
  return (statement === undefined ? [] : elementsOf(statement)).map((attribute) => ({
    name: attributeOf(attribute, "Name") ?? "",
    values: elementsOf(attribute).map(({ children: [first] }) =>
      typeof first === "string" ? first : "",
    ),
  }));
}

function requireSameOctets(
  { text, isWrapped, element, signature }: Octets,
  connection: IdentityProvider,
  areSigned: AreSigned,
): void {
  const root = parseByXmlDom(text);
  const content = isWrapped ? domElements(root)[1] : root;
  requireSameTree(content, element);
  if (signature !== undefined && !areSigned(content, signature, connection)) {
    refuse("second-reading-failed", "the signature does not verify a second time");
  }
}

/** Everything that the answer of saml2-js, and ours, can depend on. */
function agreementKey({ text, sp, signedBy, openedWith, verifies }: SecondReadingInput): string {
  const parts = [sp.entityId, signedBy.fingerprint, openedWith?.certificate, verifies];
  return createHash("sha256").update(JSON.stringify(parts)).update(text).digest("base64");
}

function requireSameAnswer(answer: Answer, expected: Answer): void {
  const differing = [...expected.keys(), ...answer.keys()].filter(
    (member) => answer.get(member) !== expected.get(member),
  );
  if (differing.length > 0) {
    refuse("readings-disagree", `the two readings differ in ${[...new Set(differing)].join(", ")}`);
  }
}

/** The result of saml2-js for a message, normalized to our reading. */
function expectedAnswer({ response, assertion, ...reading }: SecondReadingInput): Answer {
  // Of several attributes with one name, as it sees names, it keeps the last.
  const attributes = new Map(reading.attributes.map(({ name, values }) => [spaced(name), values]));
  // It lets this claim overwrite the NameID.
  const nameIdentifier = attributes.get(NAME_IDENTIFIER)?.[0];
  return new Map<string, unknown>([
    ["type", "authn_response"],
    ["response.id", response.id],
    ["response.inResponseTo", response.inResponseTo],
    ["response.destination", response.destination],
    ["nameId", lineEnds(nameIdentifier ?? assertion.nameId.value) || undefined],
    ["sessionIndex", spaced(assertion.sessionIndex)],
    ["sessionNotOnOrAfter", assertion.sessionNotOnOrAfter],
    ...attributeMembers(attributes),
  ]);
}

function attributeMembers(
  attributes: Iterable<readonly [string, unknown]>,
): readonly (readonly [string, string])[] {
  return [...attributes].map(([name, values]) => [
    `attribute ${JSON.stringify(spaced(name))}`,
    JSON.stringify(values, (_, value) => lineEnds(value)),
  ]);
}

function lineEnds(value: unknown): unknown {
  return typeof value === "string" ? withXmlDomLineEnds(value) : value;
}

/**
 * The value of an XML attribute without what saml2-js makes of line ends in one: it writes its
 * canonical form, reads that, and takes the line ends of XML 1.1 for spaces.
 */
function spaced<T>(value: T): T | string {
  return typeof value === "string" ? value.replace(/[\t\n\r\u0085\u2028]/g, " ") : value;
}

/** As our reading takes a URI or a reference: nothing for an empty one. */
function withoutSpace(value: unknown): unknown {
  return typeof value === "string" ? trimXmlSpace(value) || undefined : value;
}

async function saml2JsAnswer(input: SecondReadingInput): Promise<Answer> {
  const saml2 = await saml2Js();
  const { text, sp, connection, openedWith, signedBy } = input;
  const serviceProvider = new saml2.ServiceProvider({
    entity_id: sp.entityId,
    assert_endpoint: sp.acsUrl,
    private_key: privateKeyPem(openedWith),
    certificate: "",
  });
  const identityProvider = new saml2.IdentityProvider({
    sso_login_url: connection.ssoUrl,
    sso_logout_url: connection.sloUrl ?? connection.ssoUrl,
    certificates: [signedBy.certificate.toString()],
  });
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      try {
        // Its own words may quote the message.
        refuse("second-reading-failed", "saml2-js rejects a message that our own reading accepts");
      } catch (refusal) {
        reject(refusal);
      }
    };
    const timer = setTimeout(fail, TIME_LIMIT_MS);
    const options = {
      request_body: { SAMLResponse: Buffer.from(text).toString("base64") },
      require_session_index: false,
      allow_unencrypted_assertion: openedWith === undefined,
      ignore_signature: !input.verifies,
      // Every time is checked by us, with the injected clock.
      ignore_timing: true,
    };
    try {
      serviceProvider.post_assert(identityProvider, options, (error: unknown, answer: unknown) => {
        clearTimeout(timer);
        if (error !== null && error !== undefined) fail();
        else resolve(answerOf(answer));
      });
    } catch {
      clearTimeout(timer);
      fail();
    }
  });
}

function answerOf(answer: unknown): Answer {
  const header = member(answer, "response_header");
  const user = member(answer, "user");
  const attributes = member(user, "attributes");
  return new Map<string, unknown>([
    ["type", member(answer, "type")],
    ["response.id", member(header, "id")],
    ["response.inResponseTo", withoutSpace(member(header, "in_response_to"))],
    ["response.destination", withoutSpace(member(header, "destination"))],
    ["nameId", lineEnds(member(user, "name_id")) || undefined],
    ["sessionIndex", spaced(member(user, "session_index")) || undefined],
    ["sessionNotOnOrAfter", member(user, "session_not_on_or_after")],
    ...attributeMembers(isObject(attributes) ? Object.entries(attributes) : []),
  ]);
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
