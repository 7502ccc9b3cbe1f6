import { NS } from "./names.ts";
import { qualifiedName, type XmlElement, type XmlNode } from "./tree.ts";

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

/** Text between tags as canonical XML writes it (Canonical XML 1.0 section 2.3). */
export function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#xD;");
}

/** An attribute's value as canonical XML writes it, between double quotes. */
export function escapeAttribute(value: string): string {
  if (!/[&<"\t\n\r]/.test(value)) return value;
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#x9;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\r", "&#xD;");
}

/** A name with one of the prefixes of {@link NS}. */
export type PrefixedName = `${keyof typeof NS}:${string}`;

/** An element of a message of ours; {@link declareNamespaces} makes it a root. */
export function makeElement(
  name: PrefixedName,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly XmlNode[] = [],
): XmlElement {
  const { prefix, local } = partsOf(name);
  return {
    prefix,
    local,
    namespace: NS[prefix],
    attributes: Object.entries(attributes).map(([attribute, value]) => ({
      prefix: "",
      local: attribute,
      namespace: "",
      value,
    })),
    declarations: new Map(),
    children: children.filter((child) => child !== ""),
  };
}

/** The same element, which declares every prefix that is used in it. */
export function declareNamespaces(root: XmlElement): XmlElement {
  const declarations = new Map<string, string>();
  const declare = ({ prefix, namespace, children }: XmlElement): void => {
    declarations.set(prefix, namespace);
    for (const child of children) if (typeof child !== "string") declare(child);
  };
  declare(root);
  return { ...root, declarations };
}

/** The element with each descendant on its own line. Only for unsigned content. */
export function indent(element: XmlElement, margin = "\n"): XmlElement {
  const inner = `${margin}  `;
  const elements = element.children.filter((child) => typeof child !== "string");
  if (elements.length === 0) return element;
  const children = elements.flatMap((child) => [inner, indent(child, inner)]);
  return { ...element, children: [...children, margin] };
}

function partsOf(name: PrefixedName): { readonly prefix: keyof typeof NS; readonly local: string } {
  for (const prefix of PREFIXES) {
    if (name.startsWith(`${prefix}:`)) return { prefix, local: name.slice(prefix.length + 1) };
  }
  throw new TypeError(`the prefix of ${name} is unknown`);
}

const PREFIXES: readonly (keyof typeof NS)[] = [
  "saml",
  "samlp",
  "md",
  "ds",
  "xenc",
  "xenc11",
  "ec",
];
