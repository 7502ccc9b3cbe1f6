import { refuse } from "../rejection-error.ts";
import { MESSAGE_LIMITS, makeXmlMeter, requireFewReferences, type XmlLimits } from "./limits.ts";
import { requireAbsolute, requirePlainName, XML_NAMESPACE, XMLNS_NAMESPACE } from "./names.ts";
import {
  enterScope,
  type Leave,
  type Scope,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
} from "./tree.ts";

/** Any name; non-plain ones are detected afterwards. */
const NAME = "[A-Za-z_\\x80-\\uffff][A-Za-z0-9._\\x80-\\uffff-]*";
const QUALIFIED_NAME = `(?:(${NAME}):)?(${NAME})`;
const SPACE = "[ \\t\\n]";
const VALUE = `(?:"([^<"]*)"|'([^<']*)')`;
const DECLARATION = new RegExp(
  `<\\?xml${SPACE}+version${SPACE}*=${SPACE}*${VALUE}` +
    `(?:${SPACE}+encoding${SPACE}*=${SPACE}*${VALUE})?` +
    `(?:${SPACE}+standalone${SPACE}*=${SPACE}*(?:"(?:yes|no)"|'(?:yes|no)'))?${SPACE}*\\?>`,
  "y",
);
const TAG = new RegExp(`<${QUALIFIED_NAME}`, "y");
const ATTRIBUTE = new RegExp(`${SPACE}+${QUALIFIED_NAME}${SPACE}*=${SPACE}*${VALUE}`, "y");
const TAG_END = new RegExp(`${SPACE}*(/?)>`, "y");
const END_TAG_END = new RegExp(`${SPACE}*>`, "y");

const FORBIDDEN = [
  ["<!DOCTYPE", "a document type declaration"],
  ["<![CDATA[", "a CDATA section"],
  ["<!--", "a comment"],
  ["<?", "a processing instruction"],
] as const;

const NO_DECLARATIONS: ReadonlyMap<string, string> = new Map();

interface OpenElement extends Omit<XmlElement, "children"> {
  readonly children: XmlNode[];
}

/** An element whose end tag has not come. */
interface Level {
  readonly element: OpenElement;
  readonly leave: Leave;
  readonly endTag: string;
}

/** A start tag with unresolved names. */
interface RawAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly value: string;
}

/**
 * Reads the XML subset that SAML messages need and refuses the rest of XML: document types,
 * entities other than the five, processing instructions, CDATA sections, comments, names that are
 * not plain. What it gives has one meaning for every reader; what it takes, a whole XML parser
 * reads as the same tree (tested against two). Linear in the length of `text`.
 *
 * @throws RejectionError `xml-malformed`, `xml-forbidden` or `xml-too-complex`.
 */
export function readXml(text: string, limits: XmlLimits = MESSAGE_LIMITS): XmlElement {
  return readFragment(text, limits, NO_DECLARATIONS).root;
}

/** A part extracted from a document. */
export interface Fragment {
  /** With declarations for the prefixes that it borrows: it can stand alone. */
  readonly root: XmlElement;
  /** Prefixes that it uses without declaring them, with what they stand for where it belongs. */
  readonly borrowed: Scope;
}

/**
 * Reads what was cut out of a document whose namespaces are `around` it (XML Encryption section
 * 4.3: what was decrypted means what it means in the place of the ciphertext). A default namespace
 * is not borrowed.
 *
 * @throws RejectionError like {@link readXml}.
 */
export function readFragment(text: string, limits: XmlLimits, around: Scope): Fragment {
  requireFewReferences(text, limits);
  const borrowed = new Map<string, string>();
  const root = read(xmlCharacters(text), limits, (prefix) => {
    const namespace = around.get(prefix);
    if (namespace === undefined) return refuse("xml-malformed", "undeclared namespace prefix");
    borrowed.set(prefix, namespace);
    return namespace;
  });
  // Declarations of the root are in scope everywhere; none was borrowed.
  return borrowed.size === 0
    ? { root, borrowed }
    : { root: { ...root, declarations: new Map([...borrowed, ...root.declarations]) }, borrowed };
}

/** Resolves a prefix that the text does not declare, or refuses. */
type Borrow = (prefix: string) => string;

function read(text: string, limits: XmlLimits, borrow: Borrow): XmlElement {
  const meter = makeXmlMeter(limits);
  const scope = new Map<string, string>([["xml", XML_NAMESPACE]]);
  /** `xmlns` is never in scope: it stands for no namespace that a name could have. */
  const namespaceOf = (prefix: string): string =>
    scope.get(prefix) ?? (prefix === "" ? "" : borrow(prefix));
  const path: Level[] = [];
  let root: XmlElement | undefined;
  let at = 0;

  const next = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };

  const readText = (): void => {
    const end = text.indexOf("<", at);
    const raw = text.slice(at, end === -1 ? text.length : end);
    at += raw.length;
    if (raw === "") return;
    const level = path[path.length - 1];
    if (level !== undefined) level.element.children.push(contentText(raw));
    else if (/[^ \t\n]/.test(raw)) refuse("xml-malformed", "text outside of the root element");
  };

  const readEndTag = ({ endTag, leave }: Level): void => {
    const isItsOwn = text.startsWith(endTag, at);
    at += endTag.length;
    if (!isItsOwn || next(END_TAG_END) === undefined) {
      refuse("xml-malformed", "end tag does not match the start tag");
    }
    leave();
    path.pop();
  };

  const readAttributes = (): readonly RawAttribute[] => {
    const attributes: RawAttribute[] = [];
    for (let found = next(ATTRIBUTE); found !== undefined; found = next(ATTRIBUTE)) {
      meter.attribute(attributes.length + 1);
      const [, prefix = "", local = "", quoted, apostrophed = ""] = found;
      attributes.push({ prefix, local, value: attributeText(quoted ?? apostrophed) });
    }
    return attributes;
  };

  const readTag = (): void => {
    const found = next(TAG) ?? refuseMarkup(text, at);
    meter.element(path.length);
    const [, prefix = "", local = ""] = found;
    const raw = readAttributes();
    const end = next(TAG_END) ?? refuse("xml-malformed", "malformed tag");
    const declarations = declarationsAmong(raw);
    const leave = enterScope(scope, declarations);
    const element = elementOf({ prefix, local }, raw, declarations, namespaceOf);
    if (root !== undefined && path.length === 0) refuse("xml-malformed", "a second root element");
    root ??= element;
    path[path.length - 1]?.element.children.push(element);
    if (end[1] === "/") leave();
    else path.push({ element, leave, endTag: `</${found[0].slice(1)}` });
  };

  const declaration = next(DECLARATION);
  if (declaration !== undefined) checkDeclaration(declaration);
  for (readText(); at < text.length; readText()) {
    const level = path[path.length - 1];
    if (level !== undefined && text.startsWith("</", at)) readEndTag(level);
    else readTag();
  }
  if (path.length > 0) refuse("xml-malformed", "missing end tag");
  return root ?? refuse("xml-malformed", "no root element");
}

function checkDeclaration(declaration: RegExpExecArray): void {
  const [, version1, version2, encoding1, encoding2] = declaration;
  if ((version1 ?? version2) !== "1.0") {
    refuse("xml-forbidden", "an XML version other than 1.0");
  }
  const encoding = encoding1 ?? encoding2;
  if (encoding !== undefined && encoding.toLowerCase() !== "utf-8") {
    refuse("xml-forbidden", "an encoding other than UTF-8");
  }
}

/** Reports why the text after a less-than sign is not a tag. */
function refuseMarkup(text: string, at: number): never {
  for (const [start, what] of FORBIDDEN) {
    if (text.startsWith(start, at)) refuse("xml-forbidden", what);
  }
  return refuse("xml-malformed", "stray less-than sign");
}

/** Namespaces in XML section 3: what may be declared. */
function declarationsAmong(attributes: readonly RawAttribute[]): ReadonlyMap<string, string> {
  let declarations: Map<string, string> | undefined;
  for (const attribute of attributes) {
    if (!isDeclaration(attribute)) continue;
    const { prefix, local, value } = attribute;
    const declared = prefix === "" ? "" : local;
    declarations ??= new Map();
    if (declarations.has(declared)) refuse("xml-malformed", "duplicate namespace declaration");
    requireDeclarable(declared, value);
    declarations.set(declared, value);
  }
  return declarations ?? NO_DECLARATIONS;
}

function requireDeclarable(prefix: string, namespace: string): void {
  if (prefix === "xml") refuse("xml-forbidden", "a declaration of the prefix xml");
  if (prefix === "xmlns" || namespace === XML_NAMESPACE || namespace === XMLNS_NAMESPACE) {
    refuse("xml-malformed", "reserved namespace in a declaration");
  }
  if (prefix !== "") requirePlainName(prefix);
  requireAbsolute(prefix, namespace);
}

function isDeclaration({ prefix, local }: Pick<RawAttribute, "prefix" | "local">): boolean {
  return prefix === "xmlns" || (prefix === "" && local === "xmlns");
}

function elementOf(
  { prefix, local }: Pick<RawAttribute, "prefix" | "local">,
  raw: readonly RawAttribute[],
  declarations: ReadonlyMap<string, string>,
  namespaceOf: (prefix: string) => string,
): OpenElement {
  const namespace = namespaceOf(prefix);
  requirePlainName(local);
  const attributes: XmlAttribute[] = [];
  for (const one of raw) {
    if (isDeclaration(one)) continue;
    requirePlainName(one.local);
    const its = one.prefix === "" ? "" : namespaceOf(one.prefix);
    if (attributes.some((other) => other.local === one.local && other.namespace === its)) {
      refuse("xml-malformed", "duplicate attribute");
    }
    attributes.push({ prefix: one.prefix, local: one.local, namespace: its, value: one.value });
  }
  return { prefix, local, namespace, attributes, declarations, children: [] };
}

/** XML 1.0 section 2.2; by code point, which excludes lone surrogates. */
const NO_XML_CHARACTER = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const REFERENCE = /&(?:#x0*([0-9A-Fa-f]{1,6});|#0*([0-9]{1,7});|(amp|lt|gt|quot|apos);)?/g;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * The text with every line end a line feed (XML 1.0 section 2.11). Throws RejectionError `xml-malformed`.
 */
function xmlCharacters(text: string): string {
  if (NO_XML_CHARACTER.test(text)) refuse("xml-malformed", "character not allowed in XML");
  // Not by replaceAll: a message of carriage returns would take three times as long.
  return text.includes("\r") ? withoutLineEnd(withoutLineEnd(text, "\r\n"), "\r") : text;
}

function withoutLineEnd(text: string, lineEnd: string): string {
  return text.split(lineEnd).join("\n");
}

/** Text between tags, its references resolved. Throws RejectionError `xml-malformed`. */
function contentText(raw: string): string {
  if (raw.includes("]]>")) refuse("xml-malformed", "]]> in character data");
  return withoutReferences(raw);
}

/**
 * An attribute's value (XML 1.0 section 3.3.3), its references resolved. Throws RejectionError
 * `xml-malformed`.
 */
export function attributeText(raw: string): string {
  return withoutReferences(/[\t\n]/.test(raw) ? raw.replace(/[\t\n]/g, " ") : raw);
}

function withoutReferences(raw: string): string {
  return raw.includes("&") ? raw.replace(REFERENCE, resolveReference) : raw;
}

function resolveReference(
  _: string,
  hexadecimal: string | undefined,
  decimal: string | undefined,
  entity: string | undefined,
): string {
  if (entity !== undefined) return ENTITIES.get(entity) ?? unknownReference();
  if (hexadecimal !== undefined) return character(Number.parseInt(hexadecimal, 16));
  return decimal === undefined ? unknownReference() : character(Number.parseInt(decimal, 10));
}

function character(code: number): string {
  if (code > 0x10ffff) return unknownReference();
  const one = String.fromCodePoint(code);
  return NO_XML_CHARACTER.test(one) ? unknownReference() : one;
}

function unknownReference(): never {
  return refuse("xml-malformed", "invalid character reference");
}
