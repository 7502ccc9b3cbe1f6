import { refuse } from "../rejection-error.ts";

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
export function xmlCharacters(text: string): string {
  if (NO_XML_CHARACTER.test(text)) refuse("xml-malformed", "character not allowed in XML");
  // Not by replaceAll: a message of carriage returns would take three times as long.
  return text.includes("\r") ? withoutLineEnd(withoutLineEnd(text, "\r\n"), "\r") : text;
}

function withoutLineEnd(text: string, lineEnd: string): string {
  return text.split(lineEnd).join("\n");
}

/** Text between tags, its references resolved. Throws RejectionError `xml-malformed`. */
export function contentText(raw: string): string {
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
  return raw.includes("&") ? raw.replace(REFERENCE, resolved) : raw;
}

function resolved(
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
