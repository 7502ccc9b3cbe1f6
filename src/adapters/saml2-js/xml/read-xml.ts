import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS, type XMLDecl } from "saxes";
import { refuse } from "../refusal.ts";
import type { XmlAttribute, XmlElement, XmlNode } from "./tree.ts";

/** How much of a document is read before it is given up. */
export interface XmlLimits {
  /** Levels of elements. */
  readonly depth: number;
  /** Elements in all. */
  readonly elements: number;
  /** Attributes and namespace declarations of one element. */
  readonly attributesPerElement: number;
  /** Attributes and namespace declarations in all. */
  readonly attributes: number;
  /** Entity and character references in all; wrapped base64 has one a line. */
  readonly references: number;
}

/** What SAML messages keep to by far: 2500 values fit that each declare a namespace and a type. */
export const MESSAGE_LIMITS: XmlLimits = {
  depth: 32,
  elements: 4000,
  attributesPerElement: 32,
  attributes: 6000,
  references: 5000,
};

/** For what was decrypted: encoded once more, less fits into a message, and it has been read once. */
export const DECRYPTED_LIMITS: XmlLimits = { ...MESSAGE_LIMITS, elements: 3000, attributes: 4000 };

/** For the canonical form of what is signed: it repeats declarations that the message makes once. */
export const COVERED_LIMITS: XmlLimits = {
  ...MESSAGE_LIMITS,
  attributes: 20_000,
  references: 20_000,
};

/**
 * What is read. A `message` decides who somebody is: nothing that readers could differ on is taken.
 * `metadata` is what an administrator pastes and is then shown: comments, processing instructions,
 * another encoding's name and the declaration of the prefix `xml` are ordinary there.
 */
export type XmlKind = "message" | "metadata";

const MAX_ERROR_LENGTH = 120;
/**
 * Readers that keep names in plain objects, as xmldom does, take `toString` or `__proto__` for
 * something else; others stumble over what is not ASCII. SAML needs neither.
 */
const NAME = /^[A-Za-z_][A-Za-z0-9._-]*$/;
const ABSOLUTE_URI = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]/;

interface OpenElement extends Omit<XmlElement, "children"> {
  readonly children: XmlNode[];
}

/**
 * Reads the XML subset that SAML needs and refuses the rest of XML: document types, entities
 * other than the five, processing instructions, CDATA sections, comments. What it gives has one
 * meaning for every reader. Linear in the length of `text`.
 *
 * @throws Refusal `xml-malformed`, `xml-forbidden` or `xml-too-complex`.
 */
export function readXml(
  text: string,
  limits: XmlLimits = MESSAGE_LIMITS,
  kind: XmlKind = "message",
): XmlElement {
  requireFewReferences(text, limits);
  const parser = new SaxesParser({ xmlns: true, position: false });
  const reading = makeReading(limits, kind);
  parser.on("error", (error) => refuse("xml-malformed", error.message.slice(0, MAX_ERROR_LENGTH)));
  parser.on("doctype", () => refuse("xml-forbidden", "a document type declaration"));
  parser.on("cdata", () => refuse("xml-forbidden", "a CDATA section"));
  if (kind === "message") {
    parser.on("xmldecl", checkDeclaration);
    parser.on("processinginstruction", () => refuse("xml-forbidden", "a processing instruction"));
    parser.on("comment", () => refuse("xml-forbidden", "a comment"));
  }
  parser.on("attribute", reading.attribute);
  parser.on("opentag", reading.open);
  parser.on("text", reading.text);
  parser.on("closetag", reading.close);
  parser.write(text).close();
  return reading.root();
}

function requireFewReferences(text: string, { references }: XmlLimits): void {
  let count = 0;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) {
    count += 1;
    if (count > references) refuse("xml-too-complex", "too many references");
  }
}

function checkDeclaration({ version, encoding }: XMLDecl): void {
  if (version !== "1.0") refuse("xml-forbidden", "an XML version other than 1.0");
  if (encoding !== undefined && encoding.toLowerCase() !== "utf-8") {
    refuse("xml-forbidden", "an encoding other than UTF-8");
  }
}

interface Reading {
  readonly attribute: () => void;
  readonly open: (tag: SaxesTagNS) => void;
  readonly text: (text: string) => void;
  readonly close: () => void;
  readonly root: () => XmlElement;
}

function makeReading(limits: XmlLimits, kind: XmlKind): Reading {
  const path: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  let ofThisElement = 0;

  return {
    // Counted one by one: an element of ten thousand is given up at the first too many.
    attribute() {
      attributes += 1;
      ofThisElement += 1;
      if (ofThisElement > limits.attributesPerElement) {
        refuse("xml-too-complex", "too many attributes on one element");
      }
      if (attributes > limits.attributes) refuse("xml-too-complex", "too many attributes");
    },
    open(tag) {
      ofThisElement = 0;
      elements += 1;
      if (path.length >= limits.depth) refuse("xml-too-complex", "elements are nested too deeply");
      if (elements > limits.elements) refuse("xml-too-complex", "too many elements");
      const element = openElement(tag, kind);
      path[path.length - 1]?.children.push(element);
      root ??= element;
      path.push(element);
    },
    text(text) {
      const children = path[path.length - 1]?.children;
      if (children === undefined || text === "") return;
      const last = children[children.length - 1];
      if (typeof last === "string") children[children.length - 1] = last + text;
      else children.push(text);
    },
    close() {
      path.pop();
    },
    root() {
      return root ?? refuse("xml-malformed", "no root element");
    },
  };
}

function openElement(tag: SaxesTagNS, kind: XmlKind): OpenElement {
  const all = Object.values(tag.attributes);
  requirePlainName(tag);
  for (const attribute of all) requirePlainName(attribute);
  return {
    prefix: tag.prefix,
    local: tag.local,
    namespace: tag.uri,
    attributes: all.filter((attribute) => !isDeclaration(attribute)).map(xmlAttribute),
    declarations: new Map(all.filter(isDeclaration).map((one) => declaration(one, kind))),
    children: [],
  };
}

function requirePlainName({
  prefix,
  local,
}: {
  readonly prefix: string;
  readonly local: string;
}): void {
  for (const name of prefix === "" ? [local] : [prefix, local]) {
    if (!NAME.test(name) || name in Object.prototype) {
      refuse("xml-forbidden", "a name that not every reader takes for one");
    }
  }
}

/** As it is written: saxes trims namespace names, other readers do not. */
function declaration(
  { prefix, local, value }: SaxesAttributeNS,
  kind: XmlKind,
): readonly [string, string] {
  const declared = prefix === "xmlns" ? local : "";
  const undeclares = declared === "" && value === "";
  if (declared === "xml" && kind === "message")
    refuse("xml-forbidden", "a declaration of the prefix xml");
  if (!undeclares && (!ABSOLUTE_URI.test(value) || /\s/.test(value))) {
    refuse("xml-forbidden", "a namespace name that is not absolute");
  }
  return [declared, value];
}

function isDeclaration({ prefix, name }: SaxesAttributeNS): boolean {
  return prefix === "xmlns" || name === "xmlns";
}

function xmlAttribute({ prefix, local, uri, value }: SaxesAttributeNS): XmlAttribute {
  return { prefix, local, namespace: uri, value };
}
