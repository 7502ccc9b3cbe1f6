import { NS } from "./names.ts";
import type { XmlElement, XmlNode } from "./tree.ts";

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
