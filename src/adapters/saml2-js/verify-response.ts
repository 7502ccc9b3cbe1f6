import type { Rejection } from "../../domain/rejection.ts";
import type { Connection } from "../../domain/settings.ts";
import type {
  ResponseExpectation,
  ServiceProvider,
  VerifiedAssertion,
} from "../../ports/identity-port.ts";
import { type AlgorithmPolicy, makeAlgorithmPolicy } from "./algorithms.ts";
import { type AssertionReading, assertionReading } from "./assertion-reading.ts";
import type { VerificationKey, VerificationKeys } from "./certificates.ts";
import { CHECKS, type TimeLimits } from "./checks.ts";
import { instant } from "./date-time.ts";
import { type Decrypted, decrypted, type ServiceProviderKey } from "./decrypt.ts";
import { type EncryptedForm, encryptedForm } from "./encryption-structure.ts";
import { messageOctets, utf8Text } from "./message-bytes.ts";
import { STATUS_SUCCESS } from "./namespaces.ts";
import { quoted, Refusal, refuse } from "./refusal.ts";
import { type ResponseReading, responseReading, statusReading } from "./response-reading.ts";
import {
  ASSERTION_RULES,
  assertionSignature,
  type ResponseShape,
  responseShape,
} from "./response-structure.ts";
import type { SecondReadingInput } from "./second-reading.ts";
import { type SignatureForm, signatureForm } from "./signature-structure.ts";
import { requireLittleUnsigned } from "./unsigned-size.ts";
import { type CertificateMoment, verifiedContent } from "./verify-signature.ts";
import { readXml } from "./xml/read-xml.ts";
import type { XmlElement } from "./xml/tree.ts";

/** What verifying needs besides the message. */
export interface VerifyDependencies {
  readonly keys: readonly ServiceProviderKey[];
  readonly verificationKeys: VerificationKeys;
  readonly limits: TimeLimits;
  /** The second reading; throws a Refusal when it does not agree. */
  readonly requireAgreement: (input: SecondReadingInput) => Promise<void>;
}

/** One message and what it is held against. */
interface Task extends VerifyDependencies {
  readonly sp: ServiceProvider;
  readonly connection: Connection;
  readonly expectation: ResponseExpectation;
  readonly policy: AlgorithmPolicy;
  readonly idpKeys: readonly VerificationKey[];
  readonly moment: CertificateMoment;
}

/** An assertion whose octets a signature covers. */
interface SignedAssertion {
  readonly reading: AssertionReading;
  readonly signatures: readonly SignatureForm[];
  readonly signedBy: VerificationKey;
  readonly encrypted?: EncryptedForm;
  readonly openedWith?: ServiceProviderKey;
}

/** A verified response, and the assertion that it brought. */
interface SignedResponse {
  readonly octets: Buffer;
  readonly response: ResponseReading;
  readonly assertion: SignedAssertion;
}

/**
 * Verifies a response from the form field to the last check. The order is the security: nothing is
 * decrypted, digested or handed to saml2-js before its structure leaves no room, and nothing is
 * believed that a signature of the connection does not cover.
 */
export async function verifiedResponse(
  { sp, connection, form, expectation }: ResponseRequest,
  dependencies: VerifyDependencies,
): Promise<VerifiedAssertion | Rejection> {
  let authenticated = false;
  try {
    const task = taskOf({ sp, connection, form, expectation }, dependencies);
    const signed = signedResponse(form, task);
    authenticated = true;
    for (const check of CHECKS) {
      check({
        response: signed.response,
        assertion: signed.assertion.reading,
        sp,
        connection,
        ...expectation,
        limits: dependencies.limits,
      });
    }
    await agreedOn(signed, task);
    return verifiedAssertion(signed, dependencies.limits);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "rejected", code: error.code, detail: error.message, authenticated };
  }
}

/** What there is to verify. */
export interface ResponseRequest {
  readonly sp: ServiceProvider;
  readonly connection: Connection;
  /** The decoded form, not looked at before. */
  readonly form: unknown;
  readonly expectation: ResponseExpectation;
}

function taskOf(
  { sp, connection, expectation }: ResponseRequest,
  dependencies: VerifyDependencies,
): Task {
  const { now } = expectation;
  return {
    ...dependencies,
    sp,
    connection,
    expectation,
    policy: makeAlgorithmPolicy(connection.weakAlgorithms),
    idpKeys: dependencies.verificationKeys(connection),
    moment: connection.acceptExpiredCertificates
      ? undefined
      : { now, skewMs: dependencies.limits.clockSkewMs },
  };
}

function signedResponse(form: unknown, task: Task): SignedResponse {
  const octets = messageOctets(form, "SAMLResponse", "SAMLRequest");
  const shape = responseShape(readXml(utf8Text(octets)));
  requireSuccess(shape);
  if (shape.signature === undefined) {
    requireLittleUnsigned(shape.root, contentElement(shape));
    const assertion = assertionIn(shape, undefined, task);
    return { octets, response: responseReading(shape, false), assertion };
  }
  const signature = signatureForm(shape.signature, shape.root, task.policy);
  requireSoundInside(shape, task);
  const { canonical, signedBy } = verifiedContent(
    signature,
    shape.root,
    new Map(),
    task.idpKeys,
    task.moment,
  );
  // From here on, only what the signature covers is there to be read.
  const covered = responseShape(readXml(canonical));
  const assertion = assertionIn(covered, { signature, signedBy }, task);
  return { octets, response: responseReading(covered, true), assertion };
}

/** A failure needs no signature: it lets nobody in. */
function requireSuccess({ status, content }: ResponseShape): void {
  const { code, subcode, message } = statusReading(status);
  if (code !== STATUS_SUCCESS) {
    const more = [subcode, message].filter((text) => text !== undefined).map(quoted);
    refuse(
      "status-not-success",
      `the identity provider answered ${[quoted(code), ...more].join(", ")}`,
    );
  }
  if (content.kind === "none") refuse("structure-invalid", "a response without an assertion");
}

function contentElement({ content }: ResponseShape): XmlElement | undefined {
  return content.kind === "none" ? undefined : content.element;
}

/** The form of what is inside must be sound before the signature around it is worth verifying. */
function requireSoundInside({ content }: ResponseShape, { policy }: Task): void {
  if (content.kind === "none") return;
  if (content.kind === "encrypted") {
    encryptedForm(content.element, policy);
    return;
  }
  const inner = assertionSignature(content.element);
  if (inner !== undefined) signatureForm(inner, content.element, policy);
}

interface OuterSignature {
  readonly signature: SignatureForm;
  readonly signedBy: VerificationKey;
}

function assertionIn(
  { root, content }: ResponseShape,
  outer: OuterSignature | undefined,
  task: Task,
): SignedAssertion {
  switch (content.kind) {
    case "assertion":
      return signedAssertion(content.element, root.declarations, outer, task);
    case "encrypted": {
      const encrypted = encryptedForm(content.element, task.policy);
      const { plaintext, openedWith } = decrypted(encrypted, task.keys);
      const inside = decryptedAssertion(plaintext);
      return { ...signedAssertion(inside, new Map(), outer, task), encrypted, openedWith };
    }
    case "none":
      return refuse("structure-invalid", "a response without an assertion");
  }
}

function decryptedAssertion(plaintext: Decrypted["plaintext"]): XmlElement {
  const assertion = readXml(utf8Text(plaintext));
  for (const rule of ASSERTION_RULES) rule(assertion);
  return assertion;
}

/** An assertion that is signed itself, or inside a response that is; every signature must verify. */
function signedAssertion(
  element: XmlElement,
  inherited: ReadonlyMap<string, string>,
  outer: OuterSignature | undefined,
  task: Task,
): SignedAssertion {
  const inner = assertionSignature(element);
  const outerForms = outer === undefined ? [] : [outer.signature];
  if (inner === undefined) {
    if (outer === undefined)
      return refuse("signature-missing", "neither the response nor the assertion is signed");
    return { reading: assertionReading(element), signatures: outerForms, signedBy: outer.signedBy };
  }
  const form = signatureForm(inner, element, task.policy);
  const { canonical, signedBy } = verifiedContent(
    form,
    element,
    inherited,
    task.idpKeys,
    task.moment,
  );
  return {
    reading: assertionReading(readXml(canonical)),
    signatures: [...outerForms, form],
    signedBy,
  };
}

function agreedOn({ octets, response, assertion }: SignedResponse, task: Task): Promise<void> {
  return task.requireAgreement({
    octets,
    sp: task.sp,
    connection: task.connection,
    response,
    assertion: assertion.reading,
    signedBy: assertion.signedBy,
    openedWith: assertion.openedWith,
    canVerify: assertion.signatures.every(
      ({ method, digest }) => method.knownToSaml2Js && digest.knownToSaml2Js,
    ),
  });
}

function verifiedAssertion(
  { response, assertion }: SignedResponse,
  limits: TimeLimits,
): VerifiedAssertion {
  const { reading, signatures, encrypted, signedBy } = assertion;
  const weaknesses = [
    ...signatures.flatMap(({ method, digest }) => [method, digest]),
    ...(encrypted === undefined ? [] : [encrypted.encryption, encrypted.transport]),
  ].flatMap(({ name, weakness }) => (weakness === undefined ? [] : [`weak algorithm ${name}`]));
  const sessionEnd = reading.sessionNotOnOrAfter;
  return {
    kind: "verified",
    assertionId: reading.id,
    issuer: reading.issuer,
    claims: { nameId: reading.nameId, attributes: reading.attributes },
    ...(response.inResponseTo === undefined ? {} : { inResponseTo: response.inResponseTo }),
    ...(reading.sessionIndex === undefined ? {} : { sessionIndex: reading.sessionIndex }),
    ...(sessionEnd === undefined
      ? {}
      : { sessionNotOnOrAfter: instant(sessionEnd, "SessionNotOnOrAfter") }),
    // After this the age check refuses it anyway.
    replayableUntil:
      instant(reading.issueInstant ?? "", "IssueInstant of the assertion") +
      Math.max(limits.maxAgeMs, limits.maxUnsolicitedAgeMs) +
      2 * limits.clockSkewMs,
    signedBy: signedBy.fingerprint,
    warnings: [...new Set(weaknesses)],
  };
}
