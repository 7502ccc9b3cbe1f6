import { refuse } from "../rejection-error.ts";
import type { XmlElement } from "../xml/tree.ts";
import { type DomNode, domChildren, isDomElement, nodesOf, withXmlDomLineEnds } from "./xmldom.ts";

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
