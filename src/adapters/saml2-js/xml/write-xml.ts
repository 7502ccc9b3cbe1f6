import { escapeAttribute, escapeText } from "./escape.ts";
import { qualifiedName, type XmlElement } from "./tree.ts";

/** The element as XML, each declaration where it stands in the tree. */
export function writtenXml(element: XmlElement): string {
  const name = qualifiedName(element);
  let tag = `<${name}`;
  for (const [prefix, namespace] of element.declarations) {
    tag += ` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escapeAttribute(namespace)}"`;
  }
  for (const attribute of element.attributes) {
    tag += ` ${qualifiedName(attribute)}="${escapeAttribute(attribute.value)}"`;
  }
  const content = element.children.map((child) =>
    typeof child === "string" ? escapeText(child) : writtenXml(child),
  );
  return `${tag}>${content.join("")}</${name}>`;
}
