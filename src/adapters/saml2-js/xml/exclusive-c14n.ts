import { refuse } from "../rejection-error.ts";
import {
  enterScope,
  qualifiedName,
  type Scope,
  type XmlAttribute,
  type XmlElement,
} from "./tree.ts";
import { escapeAttribute, escapeText } from "./write-xml.ts";

/** Exclusions from a canonical form, and prefixes treated inclusively. */
export interface CanonicalizationOptions {
  /**
   * The enveloped signature (XML Signature section 6.6.4): this very child of the apex is left out.
   */
  readonly without?: XmlElement;
  /** `InclusiveNamespaces/@PrefixList`, with `#default` as the empty prefix. */
  readonly inclusivePrefixes?: ReadonlySet<string>;
  /** Namespaces in scope at the apex from its ancestors. */
  readonly inherited?: Scope;
}

/**
 * A namespace may be written again at every element that uses it: a small message could grow to
 * gigabytes.
 */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * Exclusive XML Canonicalization 1.0, without comments, of the subtree at `apex`
 * (https://www.w3.org/TR/xml-exc-c14n/). Tested against independent implementations. Linear in the
 * size of the subtree.
 *
 * @returns the canonical form; its UTF-8 octets are what is digested.
 * @throws RejectionError `xml-too-complex` when the form would be longer than a mebibyte.
 */
export function canonicalForm(apex: XmlElement, options: CanonicalizationOptions = {}): string {
  const { without, inclusivePrefixes = new Set(), inherited = new Map() } = options;
  const inScope = new Map<string, string>(inherited);
  const rendered = new Map<string, string>();
  const out: string[] = [];
  let length = 0;
  const put = (text: string): void => {
    length += text.length;
    if (length > MAX_CHARACTERS) refuse("xml-too-complex", "the canonical form is too long");
    out.push(text);
  };

  const write = (element: XmlElement, inclusive: Iterable<string>): void => {
    const leave = enterScope(inScope, element.declarations);
    const toRender = namespacesToRender(element, inScope, rendered, inclusive);
    const unrender = enterScope(rendered, toRender);
    const name = qualifiedName(element);
    put(`<${name}`);
    for (const [prefix, namespace] of toRender) {
      put(`${prefix === "" ? " xmlns" : ` xmlns:${prefix}`}="${escapeAttribute(namespace)}"`);
    }
    for (const attribute of inCanonicalOrder(element.attributes)) {
      put(` ${qualifiedName(attribute)}="${escapeAttribute(attribute.value)}"`);
    }
    put(">");
    for (const child of element.children) {
      if (typeof child === "string") put(escapeText(child));
      // Below the apex, an inclusive prefix can only change where it is declared.
      else if (child !== without) write(child, common(inclusivePrefixes, child.declarations));
    }
    put(`</${name}>`);
    unrender();
    leave();
  };
  write(apex, inclusivePrefixes);
  return out.join("");
}

function common(prefixes: ReadonlySet<string>, declarations: Scope): readonly string[] {
  return declarations.size === 0 || prefixes.size === 0
    ? []
    : [...declarations.keys()].filter((prefix) => prefixes.has(prefix));
}

/** Section 3, steps 3 and 4: visibly utilized prefixes, and those of the inclusive list. */
function namespacesToRender(
  element: XmlElement,
  inScope: Scope,
  rendered: Scope,
  inclusive: Iterable<string>,
): readonly (readonly [string, string])[] {
  const wanted = new Set([element.prefix]);
  for (const { prefix } of element.attributes) {
    if (prefix !== "") wanted.add(prefix);
  }
  for (const prefix of inclusive) {
    if (inScope.has(prefix)) wanted.add(prefix);
  }
  wanted.delete("xml");
  const changed: (readonly [string, string])[] = [];
  for (const prefix of wanted) {
    const namespace = inScope.get(prefix) ?? "";
    if ((rendered.get(prefix) ?? "") !== namespace) changed.push([prefix, namespace]);
  }
  return changed.length < 2 ? changed : changed.sort(([a], [b]) => byCodePoint(a, b));
}

function inCanonicalOrder(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  return attributes.length < 2 ? attributes : [...attributes].sort(byNamespaceThenName);
}

function byNamespaceThenName(a: XmlAttribute, b: XmlAttribute): number {
  return byCodePoint(a.namespace, b.namespace) || byCodePoint(a.local, b.local);
}

/**
 * Canonical XML sorts by code point; JavaScript's `<` compares UTF-16 units, which differs for
 * surrogates.
 */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  if (/[\ud800-\udfff]/.test(a + b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
