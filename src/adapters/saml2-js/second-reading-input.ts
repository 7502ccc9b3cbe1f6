import type { Connection } from "../../domain/settings.ts";
import type { ServiceProvider } from "../../ports/identity-port.ts";
import type { ServiceProviderKey } from "./decrypt.ts";
import { NS, STATUS_SUCCESS } from "./namespaces.ts";
import { assertionSignature } from "./response-structure.ts";
import type { SecondReadingInput } from "./second-reading.ts";
import type { SignedResponse } from "./signed-response.ts";
import {
  childrenNamed,
  descendants,
  elementsOf,
  isNamed,
  type XmlAttribute,
  type XmlElement,
} from "./xml/tree.ts";

/**
 * What saml2-js is given of a response whose signatures have verified: the signed part as a tree,
 * its signature, and as little around it as saml2-js asks for. What no signature covers costs it
 * nothing then, and cannot mislead it.
 */
export function secondReadingInput(
  signed: SignedResponse,
  { sp, connection }: { readonly sp: ServiceProvider; readonly connection: Connection },
): SecondReadingInput {
  const { response, reading, signatures, signedBy } = signed;
  const { root, digested, openedWith } = partOf(signed);
  const known = signatures.every(
    ({ method, digest }) => method.knownToSaml2Js && digest.knownToSaml2Js,
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

/** What is read a second time. */
interface Part {
  readonly root: XmlElement;
  /** What the signature in it covers; `undefined` when none does any more. */
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
    const readable = withOneAttributeStatement(inPlace);
    if (inner === undefined && readable === inPlace) {
      return { ...whole(root, signature), openedWith: undefined };
    }
    const children = [successOf(root), withoutKeyInfo(readable, inner)];
    const attributes = root.attributes.filter(isReadBySaml2Js);
    const digested = readable === inPlace ? inPlace : undefined;
    return { root: { ...root, attributes, children }, digested, openedWith: undefined };
  }
  const inner = assertionSignature(assertion);
  const readable = withOneAttributeStatement(assertion);
  const isReadable = readable === assertion;
  const { form, openedWith, selfContained } = encryption;
  // A ciphertext that is signed: saml2-js decrypts it too, unless it does not know how, or would not
  // understand what comes of it.
  if (inner === undefined && form.transport.knownToSaml2Js && selfContained && isReadable) {
    return { ...whole(root, signature), openedWith };
  }
  return {
    root: plainResponse(root, withoutKeyInfo(readable, inner)),
    digested: inner !== undefined && isReadable ? assertion : undefined,
    openedWith: undefined,
  };
}

/**
 * The very assertion, unless it has several lists of attributes, which saml2-js does not take: then
 * one in which the first has them all, and which it cannot verify any more.
 */
function withOneAttributeStatement(assertion: XmlElement): XmlElement {
  const [first, ...more] = childrenNamed(assertion, NS.saml, "AttributeStatement");
  if (first === undefined || more.length === 0) return assertion;
  // What was declared around an attribute is declared on it; white space between them is left out.
  const moved = more.flatMap((statement) =>
    elementsOf(statement).map((child) => ({
      ...child,
      declarations: new Map([...statement.declarations, ...child.declarations]),
    })),
  );
  const merged = { ...first, children: [...elementsOf(first), ...moved] };
  const children = elementsOf(assertion)
    .filter((child) => !more.includes(child))
    .map((child) => (child === first ? merged : child));
  return { ...assertion, children };
}

function whole(
  root: XmlElement,
  signature: XmlElement | undefined,
): Pick<Part, "root" | "digested"> {
  return { root: withoutKeyInfo(root, signature), digested: root };
}

/** A response for what was decrypted, in which no declaration around it changes what it says. */
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
 * No signature covers its own KeyInfo, and nobody looks at it. The white space around it goes too:
 * two texts side by side would be one for saml2-js's parser.
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
  return descendants(root, isDigested).every(
    ({ children, attributes, declarations }) =>
      children.every((child) => typeof child !== "string" || !LINE_ENDS.test(child)) &&
      attributes.every(
        ({ local, value }) => !LINE_ENDS.test(value) && !listsDefault(local, value),
      ) &&
      [...declarations.keys()].every((prefix) => /^[a-z0-9]*$/.test(prefix)),
  );
}

/** What a stranger puts into a KeyInfo must not decide anything. */
function isDigested(child: XmlElement, parent: XmlElement): boolean {
  return !isKeyInfo(child, parent);
}

function isKeyInfo(child: XmlElement, parent: XmlElement): boolean {
  return child.local === "KeyInfo" && isNamed(parent, NS.ds, "Signature");
}

const LINE_ENDS = /[\r\u0085\u2028]/;

function listsDefault(local: string, value: string): boolean {
  return local === "PrefixList" && value.includes("#default");
}
