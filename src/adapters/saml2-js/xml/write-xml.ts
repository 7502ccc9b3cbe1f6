import { escapeAttribute, escapeText } from "./escape.ts";
import { qualifiedName, type XmlElement } from "./tree.ts";

/**
 * The element as XML, each declaration where it stands in the tree. What XML 1.1 takes for line
 * ends, as saml2-js's parser does, is written as references.
 */
export function writeXml(element: XmlElement): string {
  return withLineEndReferences(writeElement(element));
}

/**
 * XML with references for what XML 1.1 takes for line ends. Names and markup of our subset are
 * ASCII: these characters stand in text and values only.
 */
export function withLineEndReferences(xml: string): string {
  return xml.replaceAll("\u0085", "&#x85;").replaceAll("\u2028", "&#x2028;");
}

function writeElement(element: XmlElement): string {
  const name = qualifiedName(element);
  let tag = `<${name}`;
  for (const [prefix, namespace] of element.declarations) {
    tag += ` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escapeAttribute(namespace)}"`;
  }
  for (const attribute of element.attributes) {
    tag += ` ${qualifiedName(attribute)}="${escapeAttribute(attribute.value)}"`;
  }
  const content = element.children.map((child) =>
    typeof child === "string" ? escapeText(child) : writeElement(child),
  );
  return `${tag}>${content.join("")}</${name}>`;
}
