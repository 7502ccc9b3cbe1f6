import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { assertionSignature } from "../response/response-structure.ts";
import type { Encryption, SignedResponse } from "../response/signed-response.ts";
import { NS, STATUS_SUCCESS } from "../xml/names.ts";
import {
  descendants,
  elementsOf,
  isNamed,
  type XmlAttribute,
  type XmlElement,
} from "../xml/tree.ts";

/** A response that saml2-js can verify by itself. */
export interface VerifiablePart {
  readonly root: XmlElement;
  /** The key with which saml2-js must decrypt. */
  readonly openedWith: ServiceProviderKey | undefined;
}

/**
 * The signed part of a response whose signatures have verified, as a tree with its signature, and
 * as little around it as saml2-js asks for. What no signature covers costs it nothing then, and
 * cannot mislead it.
 *
 * @returns `undefined` if saml2-js cannot verify the signature, or would find a good one bad.
 */
export function verifiablePart(signed: SignedResponse): VerifiablePart | undefined {
  const known = signed.signatures.every(
    ({ form: { method, digest } }) =>
      SIGNATURE_METHODS.has(method.name) && DIGESTS.has(digest.name),
  );
  const part = known ? partOf(signed) : undefined;
  return part !== undefined && saml2JsDigestsRight(part.digested) ? part : undefined;
}

/** What saml2-js verifies. */
const SIGNATURE_METHODS: ReadonlySet<string> = new Set([
  "rsa-sha1",
  "rsa-sha256",
  "rsa-sha512",
  "sha256-rsa-MGF1",
]);
const DIGESTS: ReadonlySet<string> = new Set(["sha1", "sha256", "sha512"]);

/**
 * Whether saml2-js decrypts this, and understands what it finds; if not, it is given the decrypted
 * assertion.
 */
export function isDecryptedBySaml2Js({ form, plaintext }: Encryption): boolean {
  const { transport, oaep, keyIsReferenced } = form;
  if (!keyIsReferenced || plaintext.borrowed.size > 0) return false;
  return (
    transport.name === "rsa-1_5" ||
    (transport.name === "rsa-oaep-mgf1p" && oaep.digest === "sha1" && oaep.mask === "sha1")
  );
}

interface Part extends VerifiablePart {
  /** Content covered by the signature in it. */
  readonly digested: XmlElement;
}

/**
 * The assertion alone where it is signed itself, the response around it where that is signed;
 * `undefined` where that contains a ciphertext that saml2-js cannot decrypt.
 */
function partOf({ original, assertion, encryption }: SignedResponse): Part | undefined {
  const { root, signature, content } = original.shape;
  if (encryption === undefined) {
    const inPlace = content.kind === "none" ? assertion : content.element;
    const inner = assertionSignature(inPlace);
    if (inner === undefined) return whole(root, signature, undefined);
    const children = [successOf(root), withoutKeyInfo(inPlace, inner)];
    const attributes = root.attributes.filter(isReadBySaml2Js);
    return { root: { ...root, attributes, children }, digested: inPlace, openedWith: undefined };
  }
  const inner = assertionSignature(assertion);
  if (inner === undefined) {
    return isDecryptedBySaml2Js(encryption)
      ? whole(root, signature, encryption.openedWith)
      : undefined;
  }
  const head = plainResponse(root, withoutKeyInfo(assertion, inner));
  return { root: head, digested: assertion, openedWith: undefined };
}

function whole(
  root: XmlElement,
  signature: XmlElement | undefined,
  openedWith: ServiceProviderKey | undefined,
): Part {
  return { root: withoutKeyInfo(root, signature), digested: root, openedWith };
}

/** A response around decrypted content, whose declarations do not change its meaning. */
function plainResponse(root: XmlElement, assertion: XmlElement): XmlElement {
  const head: XmlElement = {
    prefix: OWN_PREFIX,
    local: root.local,
    namespace: root.namespace,
    declarations: new Map([[OWN_PREFIX, root.namespace]]),
    attributes: root.attributes.filter(isReadBySaml2Js),
    children: [],
  };
  return { ...head, children: [successOf(head), assertion] };
}

/** One that no prefix list of an identity provider names. */
export const OWN_PREFIX = "ownresponse";
const READ_BY_SAML2_JS: ReadonlySet<string> = new Set([
  "ID",
  "Version",
  "Destination",
  "InResponseTo",
]);

export function isReadBySaml2Js({ namespace, local }: XmlAttribute): boolean {
  return namespace === "" && READ_BY_SAML2_JS.has(local);
}

/** Success was required of the response before. */
function successOf({ prefix, namespace }: XmlElement): XmlElement {
  const plain = { prefix, namespace, attributes: [], declarations: new Map<string, string>() };
  const value = { prefix: "", local: "Value", namespace: "", value: STATUS_SUCCESS };
  const code = { ...plain, local: "StatusCode", attributes: [value], children: [] };
  return { ...plain, local: "Status", children: [code] };
}

/**
 * No signature covers its own KeyInfo, and nothing reads it. The white space around it is removed,
 * too: two texts side by side would be one for saml2-js's parser.
 */
function withoutKeyInfo(signed: XmlElement, signature: XmlElement | undefined): XmlElement {
  const children = signed.children.map((child) =>
    typeof child !== "string" && child === signature
      ? { ...child, children: elementsOf(child).filter((part) => !isKeyInfo(part, child)) }
      : child,
  );
  return { ...signed, children };
}

/**
 * Whether saml2-js computes right digests over this. Its parser turns references to line ends into
 * line feeds, and its canonicalization ignores `#default` in a prefix list and sorts prefixes of
 * mixed case by locale.
 */
function saml2JsDigestsRight(root: XmlElement): boolean {
  return descendants(root, isDigested)
    .filter((element) => !isSignature(element))
    .every(
      ({ prefix, children, attributes }) =>
        SORTED_ALIKE.test(prefix) &&
        children.every((child) => typeof child !== "string" || !LINE_ENDS.test(child)) &&
        attributes.every(
          (attribute) =>
            SORTED_ALIKE.test(attribute.prefix) &&
            !LINE_ENDS.test(attribute.value) &&
            (attribute.local !== "PrefixList" || SORTED_ALIKE.test(attribute.value)),
        ),
    );
}

/**
 * Only SignedInfo of a signature, and only declarations that are used or listed: unsigned additions
 * must not decide whether saml2-js verifies.
 */
function isDigested(child: XmlElement, parent: XmlElement): boolean {
  return !isSignature(parent) || child.local === "SignedInfo";
}

function isSignature(element: XmlElement): boolean {
  return isNamed(element, NS.ds, "Signature");
}

function isKeyInfo(child: XmlElement, parent: XmlElement): boolean {
  return child.local === "KeyInfo" && isSignature(parent);
}

const LINE_ENDS = /[\r\u0085\u2028]/;
/** A prefix, or a list of them. */
const SORTED_ALIKE = /^[a-z0-9 ]*$/;
