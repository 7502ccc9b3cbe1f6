import type { IdentityProvider } from "../../../domain/settings.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import type { EncryptedForm } from "../crypto/encryption-structure.ts";
import { assertionSignature } from "../response/response-structure.ts";
import type { SignedResponse } from "../response/signed-response.ts";
import { NS, STATUS_SUCCESS } from "../xml/names.ts";
import {
  descendants,
  elementsOf,
  isNamed,
  type XmlAttribute,
  type XmlElement,
} from "../xml/tree.ts";
import type { SecondReadingInput } from "./second-reading.ts";

/**
 * What saml2-js is given of a response whose signatures have verified: the signed part as a tree,
 * its signature, and as little around it as saml2-js asks for. What no signature covers costs it
 * nothing then, and cannot mislead it.
 */
export function secondReadingInput(
  signed: SignedResponse,
  { sp, connection }: { readonly sp: ServiceProvider; readonly connection: IdentityProvider },
): SecondReadingInput {
  const { response, reading, signatures, signedBy } = signed;
  const { root, digested, openedWith } = partOf(signed);
  const known = signatures.every(
    ({ method, digest }) => SIGNATURE_METHODS.has(method.name) && DIGESTS.has(digest.name),
  );
  return {
    root,
    sp,
    connection,
    response,
    assertion: reading,
    signedBy,
    openedWith,
    canVerify: known && digested !== undefined && saml2JsDigestsRight(digested),
  };
}

/** What saml2-js verifies; where a signature uses something else, it reads without verifying. */
const SIGNATURE_METHODS: ReadonlySet<string> = new Set([
  "rsa-sha1",
  "rsa-sha256",
  "rsa-sha512",
  "sha256-rsa-MGF1",
]);
const DIGESTS: ReadonlySet<string> = new Set(["sha1", "sha256", "sha512"]);

/** Whether saml2-js decrypts this; where it does not, it is given the decrypted assertion. */
function decryptsLikeUs({ transport, oaep, keyIsReferenced }: EncryptedForm): boolean {
  if (!keyIsReferenced) return false;
  return (
    transport.name === "rsa-1_5" ||
    (transport.name === "rsa-oaep-mgf1p" && oaep.digest === "sha1" && oaep.mask === "sha1")
  );
}

/** Input of the second reading. */
interface Part {
  readonly root: XmlElement;
  /** Content covered by the signature in it; `undefined` if none remains. */
  readonly digested: XmlElement | undefined;
  /** The key with which saml2-js must decrypt. */
  readonly openedWith: ServiceProviderKey | undefined;
}

/** The assertion alone where it is signed itself, the response around it where that is signed. */
function partOf({ original, assertion, encryption }: SignedResponse): Part {
  const { root, signature, content } = original.shape;
  if (encryption === undefined) {
    const inPlace = content.kind === "none" ? assertion : content.element;
    const inner = assertionSignature(inPlace);
    if (inner === undefined) return { ...whole(root, signature), openedWith: undefined };
    const children = [successOf(root), withoutKeyInfo(inPlace, inner)];
    const attributes = root.attributes.filter(isReadBySaml2Js);
    return { root: { ...root, attributes, children }, digested: inPlace, openedWith: undefined };
  }
  const inner = assertionSignature(assertion);
  const { form, openedWith, selfContained } = encryption;
  // A ciphertext that is signed: saml2-js decrypts it too, unless it does not know how, or would
  // not understand what comes of it.
  if (inner === undefined && decryptsLikeUs(form) && selfContained) {
    return { ...whole(root, signature), openedWith };
  }
  return {
    root: plainResponse(root, withoutKeyInfo(assertion, inner)),
    digested: inner === undefined ? undefined : assertion,
    openedWith: undefined,
  };
}

function whole(
  root: XmlElement,
  signature: XmlElement | undefined,
): Pick<Part, "root" | "digested"> {
  return { root: withoutKeyInfo(root, signature), digested: root };
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
const OWN_PREFIX = "ownresponse";
const READ_BY_SAML2_JS: ReadonlySet<string> = new Set([
  "ID",
  "Version",
  "Destination",
  "InResponseTo",
]);

function isReadBySaml2Js({ namespace, local }: XmlAttribute): boolean {
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
 * mixed case by locale. Where that would make a good signature bad, it reads without verifying.
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
