import { quote, refuse } from "../rejection-error.ts";
import { requireSoundIds } from "../wire/lexical-forms.ts";
import { NS } from "../xml/names.ts";
import { descendants, elementsOf, hasStrayText, isNamed, type XmlElement } from "../xml/tree.ts";

/**
 * A response in the only accepted shape: one assertion, plain or encrypted, in its place.
 */
export interface ResponseShape {
  readonly root: XmlElement;
  readonly issuer: XmlElement | undefined;
  readonly signature: XmlElement | undefined;
  readonly status: XmlElement;
  readonly content:
    | { readonly kind: "assertion"; readonly element: XmlElement }
    | { readonly kind: "encrypted"; readonly element: XmlElement }
    /** Absent only in a response with an error status. */
    | { readonly kind: "none" };
}

/** Names whose elements stand in one place only, so that no reader finds another one elsewhere. */
const LOADED_NAMES: ReadonlySet<string> = new Set([
  "Response",
  "Assertion",
  "EncryptedAssertion",
  "Signature",
  "SignedInfo",
  "EncryptedData",
  "EncryptedKey",
  "CipherData",
  "CipherValue",
  "Status",
  "StatusCode",
  "LogoutRequest",
  "LogoutResponse",
]);

type StructureRule = (root: XmlElement) => void;

/** What must hold of every message, before any cryptography. */
export const MESSAGE_RULES: readonly StructureRule[] = [
  requireSoundIds,
  requireNothingHidden,
  requirePlainAttributes,
  requireNoStrayText,
];

/** What must hold of a response, before any cryptography. */
export const RESPONSE_RULES: readonly StructureRule[] = [requireResponseRoot, ...MESSAGE_RULES];

/** What must hold of a decrypted assertion, before anything in it is verified. */
export const ASSERTION_RULES: readonly StructureRule[] = [requireAssertionRoot, ...MESSAGE_RULES];

/**
 * The parts of a response (SAML core section 3.3.3).
 *
 * @throws RejectionError `structure-invalid` or `id-invalid`.
 */
export function responseShape(root: XmlElement): ResponseShape {
  for (const rule of RESPONSE_RULES) rule(root);
  const children = elementsOf(root);
  const parts = inSchemaOrder(children);
  const [content, behind] = parts.content;
  if (behind !== undefined) {
    refuse(
      "structure-invalid",
      `unexpected ${quote(behind.local)} after the assertion`,
      behind.local.endsWith("Assertion") ? "several" : "misplaced",
    );
  }
  if (parts.status === undefined) {
    return refuse(
      "structure-invalid",
      "no Status after Issuer, Signature and Extensions",
      "malformed",
    );
  }
  return {
    root,
    issuer: parts.issuer,
    signature: parts.signature,
    status: parts.status,
    content: contentOf(content),
  };
}

/** The signature of a plain assertion; `undefined` without one. */
export function assertionSignature(assertion: XmlElement): XmlElement | undefined {
  return elementsOf(assertion).find((child) => isNamed(child, NS.ds, "Signature"));
}

interface Parts {
  readonly issuer: XmlElement | undefined;
  readonly signature: XmlElement | undefined;
  readonly status: XmlElement | undefined;
  readonly content: readonly XmlElement[];
}

/**
 * StatusResponseType and ResponseType: Issuer?, Signature?, Extensions?, Status, then assertions.
 */
function inSchemaOrder(children: readonly XmlElement[]): Parts {
  const rest = [...children];
  const take = (namespace: string, local: string): XmlElement | undefined =>
    rest[0] !== undefined && isNamed(rest[0], namespace, local) ? rest.shift() : undefined;
  const issuer = take(NS.saml, "Issuer");
  const signature = take(NS.ds, "Signature");
  take(NS.samlp, "Extensions");
  const status = take(NS.samlp, "Status");
  return { issuer, signature, status, content: rest };
}

function contentOf(element: XmlElement | undefined): ResponseShape["content"] {
  if (element === undefined) return { kind: "none" };
  if (isNamed(element, NS.saml, "Assertion")) return { kind: "assertion", element };
  if (isNamed(element, NS.saml, "EncryptedAssertion")) return { kind: "encrypted", element };
  return refuse(
    "structure-invalid",
    `unexpected ${quote(element.local)} in place of the assertion`,
    "misplaced",
  );
}

/** Namespaces of SAML 1.0 and 1.1. */
const SAML_1: ReadonlySet<string> = new Set([
  "urn:oasis:names:tc:SAML:1.0:protocol",
  "urn:oasis:names:tc:SAML:1.0:assertion",
]);

function requireResponseRoot(root: XmlElement): void {
  const old = [root, ...elementsOf(root)].find(({ namespace }) => SAML_1.has(namespace));
  if (old !== undefined) {
    refuse(
      "version-unsupported",
      `${quote(old.local)} is of SAML 1: select SAML 2.0 at the identity provider`,
    );
  }
  if (!isNamed(root, NS.samlp, "Response")) {
    refuse(
      "structure-invalid",
      `the message is a ${quote(root.local)}, not a Response`,
      "other-message",
    );
  }
}

function requireAssertionRoot(root: XmlElement): void {
  if (!isNamed(root, NS.saml, "Assertion")) {
    refuse(
      "structure-invalid",
      `the encrypted element is ${quote(root.local)}, not an Assertion`,
      "misplaced",
    );
  }
}

/** No second assertion, signature or encrypted part anywhere, in whatever namespace. */
function requireNothingHidden(root: XmlElement): void {
  const topLevel = new Set(elementsOf(root));
  for (const parent of descendants(root)) {
    for (const child of elementsOf(parent)) {
      if (LOADED_NAMES.has(child.local) && !belongs(child, parent, { root, topLevel })) {
        refuse(
          "structure-invalid",
          `unexpected ${quote(child.local)} in ${quote(parent.local)}`,
          "misplaced",
        );
      }
    }
  }
}

interface Whole {
  readonly root: XmlElement;
  readonly topLevel: ReadonlySet<XmlElement>;
}

function belongs(child: XmlElement, parent: XmlElement, { root, topLevel }: Whole): boolean {
  const isRoot = parent === root;
  switch (`${child.namespace} ${child.local}`) {
    case `${NS.saml} Assertion`:
    case `${NS.saml} EncryptedAssertion`:
      return isRoot && isNamed(parent, NS.samlp, "Response");
    case `${NS.ds} Signature`:
      return (
        isOnlyOfItsName(child, parent) &&
        (isRoot || (isNamed(parent, NS.saml, "Assertion") && topLevel.has(parent)))
      );
    case `${NS.ds} SignedInfo`:
      return isNamed(parent, NS.ds, "Signature");
    case `${NS.xenc} EncryptedData`:
      return isEncryptedElement(parent);
    case `${NS.xenc} EncryptedKey`:
      return isEncryptedElement(parent) || isNamed(parent, NS.ds, "KeyInfo");
    case `${NS.xenc} CipherData`:
      return isNamed(parent, NS.xenc, "EncryptedData") || isNamed(parent, NS.xenc, "EncryptedKey");
    case `${NS.xenc} CipherValue`:
      return isNamed(parent, NS.xenc, "CipherData");
    case `${NS.samlp} Status`:
      return isRoot;
    case `${NS.samlp} StatusCode`:
      return isNamed(parent, NS.samlp, "Status") || isNamed(parent, NS.samlp, "StatusCode");
    default:
      return false;
  }
}

function isEncryptedElement({ namespace, local }: XmlElement): boolean {
  return (
    namespace === NS.saml &&
    ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute"].includes(local)
  );
}

function isOnlyOfItsName(child: XmlElement, parent: XmlElement): boolean {
  return elementsOf(parent).filter((sibling) => sibling.local === child.local).length === 1;
}

/** The schemas allow `xml:` attributes only in attribute values, which have open content. */
function requirePlainAttributes(element: XmlElement): void {
  const allowed = isNamed(element, NS.saml, "AttributeValue") ? ["lang", "space"] : [];
  const odd = element.attributes.find(
    ({ prefix, local }) => prefix === "xml" && !allowed.includes(local),
  );
  if (odd !== undefined)
    refuse("structure-invalid", `unexpected attribute xml:${odd.local}`, "misplaced");
  for (const child of elementsOf(element)) requirePlainAttributes(child);
}

/** Text stands in leaves only: text beside elements is read differently by different readers. */
function requireNoStrayText(root: XmlElement): void {
  for (const element of descendants(root)) {
    if (elementsOf(element).length > 0 && hasStrayText(element)) {
      refuse("structure-invalid", `unexpected text in ${quote(element.local)}`, "misplaced");
    }
  }
}
