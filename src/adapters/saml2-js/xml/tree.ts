/** An attribute other than a namespace declaration. */
export interface XmlAttribute {
  /** Empty for an attribute in no namespace. */
  readonly prefix: string;
  readonly local: string;
  /** Empty for an attribute in no namespace. */
  readonly namespace: string;
  readonly value: string;
}

/** An element of the strict subset: elements and text, nothing else. */
export interface XmlElement {
  readonly prefix: string;
  readonly local: string;
  /** Empty for an element in no namespace. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  /**
   * Declared on this very element: prefix (empty for the default) to namespace (empty to
   * undeclare).
   */
  readonly declarations: ReadonlyMap<string, string>;
  /** Text is never empty and never next to text. */
  readonly children: readonly XmlNode[];
}

/** Content of an element. */
export type XmlNode = XmlElement | string;

/** Whether `element` has this name. */
export function isNamed(element: XmlElement, namespace: string, local: string): boolean {
  return element.local === local && element.namespace === namespace;
}

/** The name as it is written. */
export function qualifiedName({ prefix, local }: Pick<XmlElement, "prefix" | "local">): string {
  return prefix === "" ? local : `${prefix}:${local}`;
}

/** The child elements. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => typeof child !== "string");
}

/** The child elements of this name. */
export function childrenNamed(
  element: XmlElement,
  namespace: string,
  local: string,
): readonly XmlElement[] {
  return elementsOf(element).filter((child) => isNamed(child, namespace, local));
}

/** Value of the attribute without namespace; `undefined` if absent. */
export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((a) => a.namespace === "" && a.local === local)?.value;
}

/**
 * The attribute without the white space around it, which xs:anyURI and xs:NCName collapse;
 * `undefined` if nothing is left: some products send optional attributes empty.
 */
export function trimmedAttributeOf(element: XmlElement, local: string): string | undefined {
  const value = trimXmlSpace(attributeOf(element, local) ?? "");
  return value === "" ? undefined : value;
}

/** The text of an element; `undefined` if it has child elements. */
export function textOf(element: XmlElement): string | undefined {
  const [only, ...more] = element.children;
  if (only === undefined) return "";
  return typeof only === "string" && more.length === 0 ? only : undefined;
}

/** Text without white space around it: XML's, not Unicode's. */
export function trimXmlSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isXmlSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isXmlSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** XML 1.0 production 3: space, tab, carriage return, line feed. */
export function isXmlSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/** Whether there is text other than white space between the child elements. */
export function hasStrayText(element: XmlElement): boolean {
  return element.children.some((child) => typeof child === "string" && /[^ \t\r\n]/.test(child));
}

/**
 * The element and all elements below it, parents before children.
 *
 * @param includes whether a child with its descendants counts. Default: all do.
 */
export function descendants(
  element: XmlElement,
  includes: (child: XmlElement, parent: XmlElement) => boolean = () => true,
): readonly XmlElement[] {
  const found = [element];
  // The list grows while it is walked: linear, and no recursion that depth could exhaust.
  for (const parent of found) {
    for (const child of parent.children) {
      if (typeof child !== "string" && includes(child, parent)) found.push(child);
    }
  }
  return found;
}

/** Prefix (empty for the default namespace) to namespace. */
export type Scope = ReadonlyMap<string, string>;

/** Takes away again what was added to a scope. */
export type Leave = () => void;

const NOTHING_ADDED: Leave = () => undefined;

/** Adds to a scope while an element is read or written; the result removes it again. */
export function enterScope(
  scope: Map<string, string>,
  more: ReadonlyMap<string, string> | readonly (readonly [string, string])[],
): Leave {
  if (("size" in more ? more.size : more.length) === 0) return NOTHING_ADDED;
  const before: [string, string | undefined][] = [];
  for (const [prefix, namespace] of more) {
    before.push([prefix, scope.get(prefix)]);
    scope.set(prefix, namespace);
  }
  return () => {
    for (const [prefix, namespace] of before) {
      if (namespace === undefined) scope.delete(prefix);
      else scope.set(prefix, namespace);
    }
  };
}
