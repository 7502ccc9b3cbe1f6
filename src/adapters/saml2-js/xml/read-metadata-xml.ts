import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import { refuse } from "../rejection-error.ts";
import { makeXmlMeter, requireFewReferences, type XmlLimits } from "./limits.ts";
import { requireAbsolute, requirePlainName } from "./names.ts";
import type { XmlAttribute, XmlElement, XmlNode } from "./tree.ts";

const MAX_ERROR_LENGTH = 120;

interface OpenElement extends Omit<XmlElement, "children"> {
  readonly children: XmlNode[];
}

/**
 * Reads what an administrator pastes and is then shown: comments, processing instructions, another
 * encoding's name and the declaration of the prefix `xml` are ordinary there. Document types and
 * CDATA sections are refused as in messages. Linear in the length of `text`.
 *
 * @throws RejectionError `xml-malformed`, `xml-forbidden` or `xml-too-complex`.
 */
export function readMetadataXml(text: string, limits: XmlLimits): XmlElement {
  requireFewReferences(text, limits);
  const parser = new SaxesParser({ xmlns: true, position: false });
  const reading = makeReading(limits);
  parser.on("error", (error) => refuse("xml-malformed", error.message.slice(0, MAX_ERROR_LENGTH)));
  parser.on("doctype", () => refuse("xml-forbidden", "a document type declaration"));
  parser.on("cdata", () => refuse("xml-forbidden", "a CDATA section"));
  parser.on("attribute", reading.attribute);
  parser.on("opentag", reading.open);
  parser.on("text", reading.text);
  parser.on("closetag", reading.close);
  parser.write(text).close();
  return reading.root();
}

interface Reading {
  readonly attribute: () => void;
  readonly open: (tag: SaxesTagNS) => void;
  readonly text: (text: string) => void;
  readonly close: () => void;
  readonly root: () => XmlElement;
}

function makeReading(limits: XmlLimits): Reading {
  const meter = makeXmlMeter(limits);
  const path: OpenElement[] = [];
  let root: XmlElement | undefined;
  let ofThisElement = 0;

  return {
    // Counted one by one: an element of ten thousand is given up at the first too many.
    attribute() {
      ofThisElement += 1;
      meter.attribute(ofThisElement);
    },
    open(tag) {
      ofThisElement = 0;
      meter.element(path.length);
      const element = openElement(tag);
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

function openElement(tag: SaxesTagNS): OpenElement {
  const all = Object.values(tag.attributes);
  for (const { prefix, local } of [tag, ...all]) {
    requirePlainName(local);
    if (prefix !== "") requirePlainName(prefix);
  }
  return {
    prefix: tag.prefix,
    local: tag.local,
    namespace: tag.uri,
    attributes: all.filter((attribute) => !isDeclaration(attribute)).map(xmlAttribute),
    declarations: new Map(all.filter(isDeclaration).map(declaration)),
    children: [],
  };
}

/** As it is written: saxes trims namespace names, other readers do not. */
function declaration({ prefix, local, value }: SaxesAttributeNS): readonly [string, string] {
  const declared = prefix === "xmlns" ? local : "";
  requireAbsolute(declared, value);
  return [declared, value];
}

function isDeclaration({ prefix, name }: SaxesAttributeNS): boolean {
  return prefix === "xmlns" || name === "xmlns";
}

function xmlAttribute({ prefix, local, uri, value }: SaxesAttributeNS): XmlAttribute {
  return { prefix, local, namespace: uri, value };
}
