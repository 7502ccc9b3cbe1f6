import type { Rejection } from "../../domain/rejection.ts";
import type { Connection } from "../../domain/settings.ts";
import type {
  ResponseExpectation,
  ServiceProvider,
  VerifiedAssertion,
} from "../../ports/identity-port.ts";
import { makeAlgorithmPolicy } from "./algorithms.ts";
import type { VerificationKeys } from "./certificates.ts";
import { CHECKS, type TimeLimits } from "./checks.ts";
import { instant } from "./date-time.ts";
import type { ServiceProviderKey } from "./decrypt.ts";
import { NS } from "./namespaces.ts";
import { Refusal, rejectionOf } from "./refusal.ts";
import { assertionSignature } from "./response-structure.ts";
import type { RequireAgreement, SecondReadingInput } from "./second-reading.ts";
import { type SignatureTask, type SignedResponse, signedResponse } from "./signed-response.ts";
import { canonicalForm } from "./xml/exclusive-c14n.ts";
import { readXml } from "./xml/read-xml.ts";
import { descendants, isNamed, type XmlElement } from "./xml/tree.ts";

/** What verifying needs besides the message. */
export interface VerifyDependencies {
  readonly keys: readonly ServiceProviderKey[];
  readonly verificationKeys: VerificationKeys;
  readonly limits: TimeLimits;
  readonly requireAgreement: RequireAgreement;
}

/** What there is to verify. */
export interface ResponseRequest {
  readonly sp: ServiceProvider;
  readonly connection: Connection;
  /** The decoded form, not looked at before. */
  readonly form: unknown;
  readonly expectation: ResponseExpectation;
}

/**
 * Verifies a response from the form field to the last check. Our own strict reading comes first and
 * decides; saml2-js is asked only about an assertion that a signature of the connection covers, and
 * must agree.
 */
export async function verifiedResponse(
  request: ResponseRequest,
  dependencies: VerifyDependencies,
): Promise<VerifiedAssertion | Rejection> {
  const { sp, connection, form, expectation } = request;
  const { limits, requireAgreement } = dependencies;
  let authenticated = false;
  try {
    const signed = signedResponse(form, signatureTask(request, dependencies));
    authenticated = true;
    const { response, reading: assertion } = signed;
    const input = { response, assertion, sp, connection, limits, ...expectation };
    for (const check of CHECKS) check(input);
    await requireAgreement(secondReadingInput(signed, request));
    return verifiedAssertion(signed, limits);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return rejectionOf(error, authenticated);
  }
}

function signatureTask(
  { connection, expectation }: ResponseRequest,
  { keys, verificationKeys, limits }: VerifyDependencies,
): SignatureTask {
  return {
    policy: makeAlgorithmPolicy(connection.weakAlgorithms),
    idpKeys: verificationKeys(connection),
    moment: connection.acceptExpiredCertificates
      ? undefined
      : { now: expectation.now, skewMs: limits.clockSkewMs },
    keys,
  };
}

function secondReadingInput(
  signed: SignedResponse,
  { sp, connection }: ResponseRequest,
): SecondReadingInput {
  const { original, response, reading, signatures, signedBy, encryption } = signed;
  const common = { sp, connection, response, assertion: reading, signedBy };
  if (encryption !== undefined && !encryption.form.transport.knownToSaml2Js) {
    const text = withDecryptedAssertion(signed);
    return { ...common, text, root: readXml(text), openedWith: undefined, canVerify: false };
  }
  const known = signatures.every(
    ({ method, digest }) => method.knownToSaml2Js && digest.knownToSaml2Js,
  );
  return {
    ...common,
    text: original.text,
    root: original.shape.root,
    openedWith: encryption?.openedWith,
    canVerify: known && digestedParts(signed).every(saml2JsDigestsRight),
  };
}

/** For saml2-js where it cannot decrypt: the response, with what was in the ciphertext in its place. */
function withDecryptedAssertion({ original, assertion }: SignedResponse): string {
  const { root, content } = original.shape;
  const encrypted = content.kind === "none" ? undefined : content.element;
  const children = root.children.map((child) => (child === encrypted ? assertion : child));
  return canonicalForm({ ...root, children });
}

function digestedParts({ original, response, assertion }: SignedResponse): readonly XmlElement[] {
  return [
    ...(response.signed ? [original.shape.root] : []),
    ...(assertionSignature(assertion) === undefined ? [] : [assertion]),
  ];
}

/**
 * Whether saml2-js computes right digests over this. Its parser turns references to line ends into
 * line feeds, and its canonicalization ignores `#default` in a prefix list and sorts prefixes of
 * mixed case by locale. Where that would make a good signature bad, it reads without verifying.
 */
function saml2JsDigestsRight(root: XmlElement): boolean {
  return descendants(root, isDigested).every(
    ({ children, attributes, declarations }) =>
      children.every((child) => typeof child !== "string" || !LINE_ENDS.test(child)) &&
      attributes.every(
        ({ local, value }) => !LINE_ENDS.test(value) && !listsDefault(local, value),
      ) &&
      [...declarations.keys()].every((prefix) => /^[a-z0-9]*$/.test(prefix)),
  );
}

/** No signature covers its own KeyInfo: what a stranger puts there must not decide anything. */
function isDigested(child: XmlElement, parent: XmlElement): boolean {
  return !(child.local === "KeyInfo" && isNamed(parent, NS.ds, "Signature"));
}

const LINE_ENDS = /[\r\u0085\u2028]/;

function listsDefault(local: string, value: string): boolean {
  return local === "PrefixList" && value.includes("#default");
}

function verifiedAssertion(signed: SignedResponse, limits: TimeLimits): VerifiedAssertion {
  const { response, reading, signedBy } = signed;
  const { sessionIndex, sessionNotOnOrAfter } = reading;
  return {
    kind: "verified",
    assertionId: reading.id,
    issuer: reading.issuer,
    claims: { nameId: reading.nameId, attributes: reading.attributes },
    ...(response.inResponseTo === undefined ? {} : { inResponseTo: response.inResponseTo }),
    ...(sessionIndex === undefined ? {} : { sessionIndex }),
    ...(sessionNotOnOrAfter === undefined
      ? {}
      : { sessionNotOnOrAfter: instant(sessionNotOnOrAfter, "SessionNotOnOrAfter") }),
    // The age check refuses it from then on; the other process's clock may be a skew behind ours.
    replayableUntil:
      instant(reading.issueInstant ?? "", "IssueInstant of the assertion") +
      Math.max(limits.maxAgeMs, limits.maxUnsolicitedAgeMs) +
      2 * limits.clockSkewMs,
    signedBy: signedBy.fingerprint,
    warnings: weaknessesOf(signed),
  };
}

function weaknessesOf({ signatures, encryption }: SignedResponse): readonly string[] {
  const used = [
    ...signatures.flatMap(({ method, digest }) => [method, digest]),
    ...(encryption === undefined ? [] : [encryption.form.encryption, encryption.form.transport]),
  ];
  const weak = used.filter(({ weakness }) => weakness !== undefined);
  return [...new Set(weak.map(({ name }) => `weak algorithm ${name}`))];
}
