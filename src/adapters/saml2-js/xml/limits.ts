import { refuse } from "../rejection-error.ts";

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
