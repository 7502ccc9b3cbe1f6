import { quote, refuse } from "../rejection-error.ts";
import { strictBase64 } from "../wire/lexical-forms.ts";
import { requireLittleUnsigned } from "../xml/limits.ts";
import { NS } from "../xml/names.ts";
import {
  attributeOf,
  childrenNamed,
  elementsOf,
  hasStrayText,
  isNamed,
  textOf,
  type XmlElement,
} from "../xml/tree.ts";
import {
  type AlgorithmPolicy,
  type DigestMethod,
  ENVELOPED_SIGNATURE,
  EXCLUSIVE_C14N,
  EXCLUSIVE_C14N_WITH_COMMENTS,
  type SignatureMethod,
} from "./algorithms.ts";

/** A signature whose form leaves no room: one reference, to its own parent. */
export interface SignatureForm {
  readonly element: XmlElement;
  readonly signedInfo: XmlElement;
  /** For the canonical form of SignedInfo. */
  readonly signedInfoPrefixes: ReadonlySet<string>;
  readonly method: SignatureMethod;
  readonly digest: DigestMethod;
  readonly digestValue: Buffer;
  readonly signatureValue: Buffer;
  /** For the canonical form of what is signed. */
  readonly referencePrefixes: ReadonlySet<string>;
}

const MAX_PREFIXES = 64;

/**
 * Reads an enveloped signature (SAML core section 5.4, XML Signature) before any cryptography.
 *
 * @param signed the signature's parent, which must be what it refers to.
 * @throws RejectionError `signature-structure-invalid`, `signature-reference-invalid`,
 * `algorithm-not-allowed`.
 */
export function signatureForm(
  element: XmlElement,
  signed: XmlElement,
  policy: AlgorithmPolicy,
): SignatureForm {
  const [signedInfo, signatureValue] = sequence(
    element,
    ["SignedInfo", "SignatureValue"],
    ["KeyInfo"],
  );
  const [canonicalization, method, reference] = sequence(signedInfo, [
    "CanonicalizationMethod",
    "SignatureMethod",
    "Reference",
  ]);
  const [transforms, digestMethod, digestValue] = sequence(reference, [
    "Transforms",
    "DigestMethod",
    "DigestValue",
  ]);
  requireOwnParent(reference, signed);
  // The enveloped-signature transform removes it from every digest.
  for (const keyInfo of childrenNamed(element, NS.ds, "KeyInfo")) requireLittleUnsigned(keyInfo);
  requireEmpty(method);
  requireEmpty(digestMethod);
  return {
    element,
    signedInfo,
    signedInfoPrefixes: exclusivePrefixes(canonicalization),
    method: policy.signature(attributeOf(method, "Algorithm")),
    digest: policy.digest(attributeOf(digestMethod, "Algorithm")),
    digestValue: base64Text(digestValue),
    signatureValue: base64Text(signatureValue),
    referencePrefixes: transformPrefixes(transforms),
  };
}

/** Section 5.4.2: the reference is to the ID of the element that holds the signature. */
function requireOwnParent(reference: XmlElement, signed: XmlElement): void {
  const uri = attributeOf(reference, "URI");
  const id = attributeOf(signed, "ID");
  if (id === undefined || uri !== `#${id}`) {
    refuse(
      "signature-reference-invalid",
      `the signature references ${quote(uri)} instead of its parent`,
    );
  }
}

/** Section 5.4.4: enveloped signature, then exclusive canonicalization, and nothing else. */
function transformPrefixes(transforms: XmlElement): ReadonlySet<string> {
  const [enveloped, exclusive] = sequence(transforms, ["Transform", "Transform"]);
  requireEmpty(enveloped);
  if (attributeOf(enveloped, "Algorithm") !== ENVELOPED_SIGNATURE) {
    refuse(
      "algorithm-not-allowed",
      `the first transform is ${quote(attributeOf(enveloped, "Algorithm"))}`,
      "canonicalization",
    );
  }
  return exclusivePrefixes(exclusive);
}

function exclusivePrefixes(method: XmlElement): ReadonlySet<string> {
  const algorithm = attributeOf(method, "Algorithm");
  if (algorithm !== EXCLUSIVE_C14N && algorithm !== EXCLUSIVE_C14N_WITH_COMMENTS) {
    refuse(
      "algorithm-not-allowed",
      `canonicalization ${quote(algorithm)} is not supported: select exclusive canonicalization`,
      "canonicalization",
    );
  }
  const [inclusive, ...more] = elementsOf(method);
  if (inclusive === undefined) return new Set();
  if (
    more.length > 0 ||
    !isNamed(inclusive, NS.ec, "InclusiveNamespaces") ||
    hasStrayText(method)
  ) {
    refuse("signature-structure-invalid", "unexpected content in a canonicalization method");
  }
  requireEmpty(inclusive);
  const list = (attributeOf(inclusive, "PrefixList") ?? "")
    .split(/[ \t\r\n]+/)
    .filter((p) => p !== "");
  if (list.length > MAX_PREFIXES) refuse("xml-too-complex", "too many inclusive namespaces");
  return new Set(list.map((prefix) => (prefix === "#default" ? "" : prefix)));
}

type Sequence<Names extends readonly string[]> = { readonly [Index in keyof Names]: XmlElement };

/** The child elements: exactly these, in this order, then at most `optional`; no stray text. */
function sequence<const Names extends readonly string[]>(
  parent: XmlElement,
  names: Names,
  optional: readonly string[] = [],
): Sequence<Names> {
  const children = elementsOf(parent);
  return isSequence(children, names, optional) && !hasStrayText(parent)
    ? children
    : refuse("signature-structure-invalid", `unexpected content in ${parent.local}`);
}

function isSequence<const Names extends readonly string[]>(
  children: readonly XmlElement[],
  names: Names,
  optional: readonly string[],
): children is Sequence<Names> {
  const allowed = [...names, ...optional];
  return (
    children.length >= names.length &&
    children.every((child, index) => isNamed(child, NS.ds, allowed[index] ?? ""))
  );
}

function requireEmpty(element: XmlElement): void {
  if (element.children.length > 0 && (elementsOf(element).length > 0 || hasStrayText(element))) {
    refuse("signature-structure-invalid", `unexpected content in ${element.local}`);
  }
}

function base64Text(element: XmlElement): Buffer {
  return (
    strictBase64(textOf(element) ?? "") ??
    refuse("signature-structure-invalid", `${element.local} is not valid Base64`)
  );
}
