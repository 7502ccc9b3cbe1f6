import type { AlgorithmPolicy } from "../crypto/algorithms.ts";
import type { VerificationKey } from "../crypto/certificates.ts";
import {
  attemptDecryption,
  decrypt,
  type ServiceProviderKey,
  wrongKey,
} from "../crypto/decrypt.ts";
import { type EncryptedForm, encryptedForm } from "../crypto/encryption-structure.ts";
import { type SignatureForm, signatureForm } from "../crypto/signature-structure.ts";
import {
  type CertificateMoment,
  type SignedContent,
  verifySignature,
} from "../crypto/verify-signature.ts";
import { quote, RejectionError, refuse } from "../rejection-error.ts";
import { messageOctets, utf8Text } from "../wire/message-bytes.ts";
import {
  COVERED_LIMITS,
  DECRYPTED_LIMITS,
  requireLittlePadding,
  requireLittleUnsigned,
} from "../xml/limits.ts";
import { STATUS_SUCCESS } from "../xml/names.ts";
import { readFragment, readXml } from "../xml/read-xml.ts";
import type { Scope, XmlElement } from "../xml/tree.ts";
import { type AssertionReading, assertionReading } from "./assertion-reading.ts";
import { compareTexts } from "./comparisons.ts";
import {
  type ResponseReading,
  responseReading,
  statusCause,
  statusReading,
} from "./response-reading.ts";
import {
  ASSERTION_RULES,
  assertionSignature,
  type ResponseShape,
  responseShape,
} from "./response-structure.ts";

/** What a response is verified with. */
export interface SignatureTask {
  readonly policy: AlgorithmPolicy;
  readonly idpKeys: readonly VerificationKey[];
  readonly moment: CertificateMoment;
  /** Of the service provider, to decrypt with. */
  readonly keys: readonly ServiceProviderKey[];
}

/** The message as it came. */
export interface Original {
  readonly text: string;
  readonly shape: ResponseShape;
}

/** How the assertion was encrypted. */
export interface Encryption {
  readonly form: EncryptedForm;
  readonly openedWith: ServiceProviderKey;
  readonly plaintext: Plaintext;
}

/** What was encrypted. */
export interface Plaintext {
  readonly text: string;
  /** Prefixes that it uses without declaring them, with what they stand for around it. */
  readonly borrowed: Scope;
}

/** A response whose assertion a signature of the connection covers. */
export interface SignedResponse {
  readonly original: Original;
  readonly response: ResponseReading;
  readonly reading: AssertionReading;
  /** The assertion as it came, or as it was decrypted. */
  readonly assertion: XmlElement;
  /** Every signature, the nearest to the assertion first. */
  readonly signatures: readonly [VerifiedSignature, ...VerifiedSignature[]];
  /** Signer of the assertion, or of the response around it. */
  readonly signedBy: VerificationKey;
  readonly encryption?: Encryption;
}

/** The content of a response that reports success. */
type Content = Exclude<ResponseShape["content"], { kind: "none" }>;

/** A signature that has verified. */
export interface VerifiedSignature extends SignedContent {
  readonly form: SignatureForm;
  /** Read from the canonical form. */
  readonly content: XmlElement;
}

/**
 * Reads a response from the form field and verifies all of its signatures. The order is essential:
 * nothing is decrypted or digested before its structure is validated, and everything is read from
 * the canonical form that a signature covers.
 *
 * @throws RejectionError
 */
export function readSignedResponse(form: unknown, task: SignatureTask): SignedResponse {
  const text = utf8Text(messageOctets(form, "SAMLResponse", "SAMLRequest"));
  const shape = responseShape(readXml(text));
  requireLittlePadding(text, shape.root);
  const original = { text, shape };
  const content = successfulContent(shape);
  if (shape.signature === undefined) {
    requireLittleUnsigned(shape.root, content.element);
    return {
      original,
      response: responseReading(shape, false),
      ...contentOf(shape, shape, undefined, task),
    };
  }
  requireSoundInside(content, task);
  const outer = verifyAndRead(shape.signature, shape.root, new Map(), task);
  // From here on, only signed content can be read.
  const covered = responseShape(outer.content);
  const response = responseReading(covered, true);
  const inside = contentOf(covered, shape, outer, task);
  return { original, response, ...inside };
}

/** An error status needs no signature: it signs no one in. */
function successfulContent({ status, content }: ResponseShape): Content {
  const { code, subcode, message } = statusReading(status);
  if (code !== STATUS_SUCCESS) {
    const said = [code, subcode, message].filter((text) => text !== undefined).map(quote);
    refuse(
      "status-not-success",
      `the identity provider answered ${said.join(", ")}`,
      statusCause(subcode ?? code),
      compareTexts(subcode === undefined ? code : `${code} ${subcode}`, STATUS_SUCCESS),
    );
  }
  return content.kind === "none"
    ? refuse("structure-invalid", "the response contains no assertion", "assertion-missing")
    : content;
}

/** Validates the structure of the content before the signature around it is verified. */
function requireSoundInside({ kind, element }: Content, { policy }: SignatureTask): void {
  const inner = assertionSignature(element);
  if (kind === "encrypted") encryptedForm(element, policy, { authentic: true });
  else if (inner !== undefined) signatureForm(inner, element, policy);
}

/** @param read what may be read: what the signature of the response covers, if it has one. */
function contentOf(
  read: ResponseShape,
  original: ResponseShape,
  outer: VerifiedSignature | undefined,
  task: SignatureTask,
): Omit<SignedResponse, "original" | "response"> {
  const content = successfulContent(read);
  if (content.kind === "assertion") {
    // A signature inside was made over the assertion where it stood, with the declarations around
    // it: the canonical form of the response may have dropped some that it needs.
    const inPlace =
      original.content.kind === "assertion" ? original.content.element : content.element;
    const inner = innerSignature(inPlace, original.root.declarations, task);
    return readSignedAssertion(content.element, inner, outer);
  }
  const form = encryptedForm(content.element, task.policy, { authentic: outer !== undefined });
  const around = { all: scopeIn(original), covered: coveredScopeIn(read, content, outer) };
  const open = (): Opened => openAssertion(form, around, outer, task);
  const { assertion, inner, ...how } =
    outer === undefined ? withoutTelling(open, form, task) : open();
  return { ...readSignedAssertion(assertion, inner, outer), encryption: { form, ...how } };
}

/** Namespaces where the ciphertext stands. */
interface Surroundings {
  /** As the message has them. */
  readonly all: Scope;
  /** Declarations covered by the signature of the response, if it has one. */
  readonly covered: Scope;
}

function scopeIn({ root, content }: ResponseShape): Scope {
  const inner = content.kind === "none" ? [] : content.element.declarations;
  return new Map([...root.declarations, ...inner]);
}

/**
 * A canonical form has a declaration only where it is used, or listed. Of any other prefix a nearer
 * declaration may have been taken away, and the one of the response would come to light.
 */
function coveredScopeIn(
  read: ResponseShape,
  { element }: Content,
  outer: VerifiedSignature | undefined,
): Scope {
  const fast = new Set([element.prefix, ...(outer?.form.referencePrefixes ?? [])]);
  return new Map([...scopeIn(read)].filter(([prefix]) => fast.has(prefix)));
}

/** Decrypted content whose own signature has been verified. */
interface Opened {
  readonly assertion: XmlElement;
  readonly inner: VerifiedSignature | undefined;
  readonly openedWith: ServiceProviderKey;
  readonly plaintext: Plaintext;
}

/**
 * Many products encrypt the assertion in its place, and what it says may need namespaces that are
 * declared around it. Its own signature digests what every name stands for; without one, only what
 * the response's signature covers is accepted.
 */
function openAssertion(
  form: EncryptedForm,
  around: Surroundings,
  outer: VerifiedSignature | undefined,
  task: SignatureTask,
): Opened {
  const { plaintext, openedWith, sound } =
    outer === undefined
      ? attemptDecryption(form, task.keys)
      : { ...decrypt(form, task.keys), sound: true };
  const text = utf8Text(plaintext);
  const { root: assertion, borrowed } = readFragment(text, DECRYPTED_LIMITS, around.all);
  requireLittlePadding(text, assertion);
  for (const rule of ASSERTION_RULES) rule(assertion);
  const inner = innerSignature(assertion, new Map(), task);
  if (inner === undefined) {
    if (outer === undefined) refuseUnsigned();
    requireCovered(borrowed, around.covered);
  }
  // The last step of all: until here, a failed decryption takes the way of one that succeeded.
  if (!sound)
    refuse("decryption-failed", "the encrypted assertion cannot be decrypted", "unsigned");
  return { assertion, inner, openedWith, plaintext: { text, borrowed } };
}

function requireCovered(borrowed: Scope, covered: Scope): void {
  for (const [prefix, namespace] of borrowed) {
    if (covered.get(prefix) !== namespace) {
      refuse(
        "xml-malformed",
        "the declaration of a namespace prefix in the assertion is not signed",
      );
    }
  }
}

/**
 * Every failure inside an unsigned ciphertext is reported as the same refusal, also in the audit
 * trail: distinguishable failures are a decryption oracle (XML Encryption section 6.1.5,
 * CVE-2011-1096). A missing key is not a secret.
 */
function withoutTelling<T>(open: () => T, form: EncryptedForm, { keys }: SignatureTask): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof RejectionError) || error.code === "decryption-key-missing") throw error;
    return refuse(
      "decryption-failed",
      "the encrypted assertion cannot be used: it is encrypted for another key or not signed as required",
      ...wrongKey(form, keys, "unsigned"),
    );
  }
}

function innerSignature(
  assertion: XmlElement,
  inherited: ReadonlyMap<string, string>,
  task: SignatureTask,
): VerifiedSignature | undefined {
  const signature = assertionSignature(assertion);
  return signature === undefined ? undefined : verifyAndRead(signature, assertion, inherited, task);
}

function verifyAndRead(
  signature: XmlElement,
  signed: XmlElement,
  inherited: ReadonlyMap<string, string>,
  { policy, idpKeys, moment }: SignatureTask,
): VerifiedSignature {
  const form = signatureForm(signature, signed, policy);
  const covered = verifySignature(form, signed, inherited, idpKeys, moment);
  return { form, ...covered, content: readXml(covered.canonical, COVERED_LIMITS) };
}

/** An assertion that is signed itself, or stands in what is; the nearer signature is read. */
function readSignedAssertion(
  assertion: XmlElement,
  inner: VerifiedSignature | undefined,
  outer: VerifiedSignature | undefined,
): Omit<SignedResponse, "original" | "response"> {
  const nearest = inner ?? outer ?? refuseUnsigned();
  return {
    assertion,
    reading: assertionReading(inner === undefined ? assertion : inner.content),
    signatures: inner === undefined || outer === undefined ? [nearest] : [inner, outer],
    signedBy: nearest.signedBy,
  };
}

function refuseUnsigned(): never {
  return refuse("signature-missing", "neither the response nor the assertion is signed");
}
