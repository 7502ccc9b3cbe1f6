import { refuse } from "../rejection-error.ts";
import { descendants, type XmlElement } from "./tree.ts";

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

/**
 * For what was decrypted: encoded once more, less fits into a message, and it has been read once.
 */
export const DECRYPTED_LIMITS: XmlLimits = { ...MESSAGE_LIMITS, elements: 3000, attributes: 4000 };

/**
 * For the canonical form of what is signed: it repeats declarations that the message makes once.
 */
export const COVERED_LIMITS: XmlLimits = {
  ...MESSAGE_LIMITS,
  attributes: 20_000,
  references: 20_000,
};

/** Counts while a document is read, so that the first too many ends it. */
export interface XmlMeter {
  /** @param depth levels of elements above the one that begins. */
  readonly element: (depth: number) => void;
  /** @param ofThisElement attributes and declarations of the element, this one included. */
  readonly attribute: (ofThisElement: number) => void;
}

/** Makes an {@link XmlMeter}, whose methods throw RejectionError `xml-too-complex`. */
export function makeXmlMeter(limits: XmlLimits): XmlMeter {
  let elements = 0;
  let attributes = 0;
  return {
    element(depth) {
      elements += 1;
      if (depth >= limits.depth) refuse("xml-too-complex", "elements are nested too deeply");
      if (elements > limits.elements) refuse("xml-too-complex", "too many elements");
    },
    attribute(ofThisElement) {
      attributes += 1;
      if (ofThisElement > limits.attributesPerElement) {
        refuse("xml-too-complex", "too many attributes on one element");
      }
      if (attributes > limits.attributes) refuse("xml-too-complex", "too many attributes");
    },
  };
}

/** Counted before anything is read: one reference costs more than one character. */
export function requireFewReferences(text: string, { references }: XmlLimits): void {
  let count = 0;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) {
    count += 1;
    if (count > references) refuse("xml-too-complex", "too many references");
  }
}

const MAX_ELEMENTS = 128;
const MAX_ATTRIBUTES = 256;
/** A chain of ten certificates fits. */
const MAX_CHARACTERS = 24 * 1024;

/**
 * What no signature covers may be little only. Anybody who has one valid assertion of their own can
 * stuff what is around it, and the second reading costs many times what the first does.
 *
 * @param covered the part of `element` that is bounded otherwise.
 * @throws RejectionError `xml-too-complex`.
 */
export function requireLittleUnsigned(element: XmlElement, covered?: XmlElement): void {
  const found = [element];
  let attributes = 0;
  let characters = 0;
  for (const one of found) {
    attributes += one.attributes.length + one.declarations.size;
    characters += one.prefix.length + one.local.length;
    for (const { local, value } of one.attributes) characters += local.length + value.length;
    for (const [prefix, namespace] of one.declarations) {
      characters += prefix.length + namespace.length;
    }
    for (const child of one.children) {
      if (typeof child === "string") characters += child.length;
      else if (child !== covered) found.push(child);
    }
    if (found.length > MAX_ELEMENTS || attributes > MAX_ATTRIBUTES || characters > MAX_CHARACTERS) {
      refuse("xml-too-complex", `too much unsigned content in ${element.local}`);
    }
  }
}

const MAX_PADDING_CHARACTERS = 16 * 1024;
/** `<`, `>`, `</`, `>`. */
const TAG_CHARACTERS = 5;
/** A space, `=`, two quotes. */
const ATTRIBUTE_CHARACTERS = 4;
/** `&quot;` for one character. */
const REFERENCE_CHARACTERS = 5;

/**
 * White space inside tags means nothing, and no signature covers it: there may be little of it,
 * for the same reason.
 *
 * @throws RejectionError `xml-too-complex`.
 */
export function requireLittlePadding(text: string, root: XmlElement): void {
  let meaning = 0;
  for (const element of descendants(root)) {
    meaning += 2 * (element.prefix.length + element.local.length + 1) + TAG_CHARACTERS;
    for (const { prefix, local, value } of element.attributes) {
      meaning += prefix.length + local.length + 1 + value.length + ATTRIBUTE_CHARACTERS;
    }
    for (const [prefix, namespace] of element.declarations) {
      meaning += "xmlns:".length + prefix.length + namespace.length + ATTRIBUTE_CHARACTERS;
    }
    for (const child of element.children) if (typeof child === "string") meaning += child.length;
  }
  const references = text.split("&").length - 1;
  if (text.length > meaning + references * REFERENCE_CHARACTERS + MAX_PADDING_CHARACTERS) {
    refuse("xml-too-complex", "too much white space inside tags");
  }
}
