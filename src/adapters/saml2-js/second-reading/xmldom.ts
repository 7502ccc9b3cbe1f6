import { refuse } from "../rejection-error.ts";
import type { XmlElement } from "../xml/tree.ts";
import { dependencyOfSaml2Js } from "./saml2-js-library.ts";

/** The part of @xmldom/xmldom that is used. */
interface XmlDom {
  readonly DOMParser: new (options: {
    readonly errorHandler: Readonly<Record<string, (message: string) => void>>;
  }) => { parseFromString(text: string, type: string): unknown };
}

/** The part of a DOM node that is read. */
export interface DomNode {
  readonly nodeType: number;
  readonly nodeValue: unknown;
  readonly namespaceURI?: unknown;
  readonly localName?: unknown;
  readonly prefix?: unknown;
  readonly attributes?: ArrayLike<unknown>;
  readonly childNodes?: ArrayLike<unknown>;
}

const ELEMENT = 1;

let xmlDom: XmlDom | undefined;

/**
 * The root element as the parser of saml2-js sees it. What that parser merely warns of is fatal
 * here: saml2-js itself parses outside any try, so this is also what keeps a text that its parser
 * stumbles over from ending the process.
 *
 * @throws RejectionError `readings-disagree`.
 */
export function parseByXmlDom(text: string): DomNode {
  xmlDom ??= loadXmlDom();
  const fatal = (): never =>
    refuse("readings-disagree", "the parser of saml2-js reports an error in the document");
  const errorHandler = { warning: fatal, error: fatal, fatalError: fatal };
  try {
    const document = new xmlDom.DOMParser({ errorHandler }).parseFromString(text, "text/xml");
    return (isNode(document) ? domChildren(document).find(isDomElement) : undefined) ?? fatal();
  } catch {
    return fatal();
  }
}

function loadXmlDom(): XmlDom {
  const library = dependencyOfSaml2Js("@xmldom/xmldom");
  if (isXmlDom(library)) return library;
  throw new TypeError("saml2-js no longer uses @xmldom/xmldom as expected");
}

/**
 * Line ends as xmldom makes them, even of a carriage return that was written as a reference and of
 * the line ends of XML 1.1. Both readings are compared after this.
 */
export function withXmlDomLineEnds(text: string): string {
  return text.replace(/\r[\n\u0085]|[\r\u0085\u2028]/g, "\n");
}

function domChildren(node: DomNode): readonly DomNode[] {
  return nodesOf(node.childNodes);
}

export function domElements(node: DomNode): readonly DomNode[] {
  return domChildren(node).filter(isDomElement);
}

export function nodesOf(list: ArrayLike<unknown> | undefined): readonly DomNode[] {
  return list === undefined ? [] : Array.from(list).filter(isNode);
}

function isDomElement(node: DomNode): boolean {
  return node.nodeType === ELEMENT;
}

function isNode(value: unknown): value is DomNode {
  return typeof value === "object" && value !== null && "nodeType" in value;
}

function isXmlDom(value: unknown): value is XmlDom {
  return typeof value === "object" && value !== null && "DOMParser" in value;
}

/** Value of the attribute without namespace. */
export function domAttribute(node: DomNode, name: string): string | undefined {
  const found = nodesOf(node.attributes).find(
    ({ namespaceURI, localName }) => (namespaceURI ?? "") === "" && localName === name,
  );
  return typeof found?.nodeValue === "string" ? found.nodeValue : undefined;
}

/** All text directly inside the element. */
export function domText(node: DomNode): string {
  return domChildren(node)
    .map(({ nodeValue }) => (typeof nodeValue === "string" ? nodeValue : ""))
    .join("");
}

const TEXT = 3;
const XMLNS = "http://www.w3.org/2000/xmlns/";

/**
 * The parser that saml2-js uses must see the tree that we see.
 *
 * @throws RejectionError `readings-disagree`.
 */
export function requireSameTree(
  theirs: DomNode | undefined,
  ours: XmlElement,
): asserts theirs is DomNode {
  if (theirs === undefined || !isSameElement(theirs, ours)) {
    refuse("readings-disagree", "the two parsers see different documents");
  }
}

function isSameElement(node: DomNode, element: XmlElement): boolean {
  return (
    (node.namespaceURI ?? "") === element.namespace &&
    node.localName === element.local &&
    (node.prefix ?? "") === element.prefix &&
    hasSameAttributes(node, element) &&
    hasSameChildren(node, element)
  );
}

function hasSameAttributes(node: DomNode, { attributes }: XmlElement): boolean {
  const others = nodesOf(node.attributes).filter(({ namespaceURI }) => namespaceURI !== XMLNS);
  return (
    others.length === attributes.length &&
    attributes.every(({ namespace, local, value }) =>
      others.some(
        (other) =>
          (other.namespaceURI ?? "") === namespace &&
          other.localName === local &&
          isSameText(other.nodeValue, value),
      ),
    )
  );
}

function hasSameChildren(node: DomNode, { children }: XmlElement): boolean {
  const others = domChildren(node);
  return (
    others.length === children.length &&
    children.every((child, index) => {
      const other = others[index];
      if (other === undefined) return false;
      return typeof child === "string"
        ? other.nodeType === TEXT && isSameText(other.nodeValue, child)
        : isDomElement(other) && isSameElement(other, child);
    })
  );
}

function isSameText(theirs: unknown, ours: string): boolean {
  return typeof theirs === "string" && withXmlDomLineEnds(theirs) === withXmlDomLineEnds(ours);
}
