import { VICTIM } from "../attacks/support/parties.ts";
import type { Random } from "./random.ts";

/** Changes a document, on the level of its tree; what comes out need not be XML any more. */
export type XmlMutation = (xml: string, random: Random) => string;

interface Span {
  readonly from: number;
  readonly to: number;
}

const SPLITTERS = [
  "<!---->",
  "<!--x-->",
  "<?x?>",
  "<![CDATA[]]>",
  "<![CDATA[x]]>",
  "<x/>",
  "&#0;",
  "&amp;",
  "&x;",
  "\u0000",
  "\u200B",
  "\uFEFF",
  "\r",
  "]]>",
  " ",
];
const DECLARATIONS = [
  'xmlns="urn:x"',
  'xmlns=""',
  'xmlns:saml="urn:x"',
  'xmlns:ds="urn:x"',
  'xmlns:x="relative"',
  'xmlns:x="urn:x"',
  'xml:base="urn:x"',
  'xml:id="_x"',
  'ID="_x"',
  'Id="_x"',
  'x:ID="_x" xmlns:x="urn:x"',
];
const VALUES = ["", " ", "0", "#", "#_x", VICTIM, "2.0", "urn:x", "2099-01-01T00:00:00Z", "NaN"];
const WRAPPERS = ["saml:Advice", "samlp:Extensions", "ds:Object", "saml:AttributeValue", "x"];

/** Every mutation of the tree. */
export const XML_MUTATIONS: readonly XmlMutation[] = [
  (xml, random) => without(xml, elementSpan(xml, random)),
  (xml, random) => {
    const span = elementSpan(xml, random);
    return inserted(xml, span.to, xml.slice(span.from, span.to));
  },
  (xml, random) => {
    const span = elementSpan(xml, random);
    const rest = without(xml, span);
    return inserted(rest, boundary(rest, random), xml.slice(span.from, span.to));
  },
  (xml, random) => inserted(xml, boundary(xml, random), copyOf(xml, random)),
  (xml, random) => {
    const span = elementSpan(xml, random);
    const forged = xml.slice(span.from, span.to).replace(/mallory@/g, "victim@");
    return random.chance(0.5)
      ? inserted(xml, span.from, forged)
      : inserted(without(xml, span), span.from, forged);
  },
  (xml, random) => {
    const span = elementSpan(xml, random);
    const name = random.pick(WRAPPERS);
    const wrapped = `<${name}>${xml.slice(span.from, span.to)}</${name.split(" ")[0]}>`;
    return inserted(without(xml, span), span.from, wrapped);
  },
  (xml, random) => inserted(xml, textPosition(xml, random), random.pick(SPLITTERS)),
  (xml, random) => inserted(xml, random.integer(xml.length), random.pick(SPLITTERS)),
  (xml, random) =>
    replacedMatch(xml, /(?<=<[\w:]+)(?=[ >/])/g, random, ` ${random.pick(DECLARATIONS)}`),
  (xml, random) => replacedMatch(xml, /(?<==")[^"]*(?=")/g, random, random.pick(VALUES)),
  (xml, random) => replacedMatch(xml, / [\w:]+="[^"]*"/g, random, ""),
  (xml, random) => replacedMatch(xml, /(?<=>)[^<>]+(?=<)/g, random, random.pick(VALUES)),
  (xml, random) => {
    const names = xml.match(/(?<=<)[\w]+:\w+/g) ?? ["x"];
    return replacedMatch(xml, /(?<=<\/?)[\w]+:\w+/g, random, random.pick(names));
  },
  (xml) => xml.replaceAll("mallory@", "victim@"),
  (xml, random) => replacedMatch(xml, /mallory@/g, random, "victim@"),
  (xml, random) =>
    random.pick(['<?xml version="1.1"?>', "<!DOCTYPE x>", "\uFEFF", "<x/>", " "]) + xml,
  (xml, random) => xml + random.pick(["<x/>", "<!---->", "x", "\u0000", xml]),
];

function copyOf(xml: string, random: Random): string {
  const span = elementSpan(xml, random);
  return xml.slice(span.from, span.to);
}

/** An element with all that is in it; the whole document when its end is not found. */
function elementSpan(xml: string, random: Random): Span {
  const starts = [...xml.matchAll(/<([\w:]+)[^<>]*?(\/?)>/g)];
  if (starts.length === 0) return { from: 0, to: xml.length };
  const start = random.pick(starts);
  const [tag, name = "", selfClosing] = start;
  if (selfClosing === "/") return { from: start.index, to: start.index + tag.length };
  const tags = new RegExp(`<(/?)${name}(?=[ />])[^<>]*?(/?)>`, "g");
  tags.lastIndex = start.index;
  let depth = 0;
  for (let found = tags.exec(xml); found !== null; found = tags.exec(xml)) {
    if (found[1] === "/") depth -= 1;
    else if (found[2] !== "/") depth += 1;
    if (depth === 0) return { from: start.index, to: tags.lastIndex };
  }
  return { from: start.index, to: xml.length };
}

function boundary(xml: string, random: Random): number {
  const places = [...xml.matchAll(/(?=<)/g)];
  return places.length === 0 ? 0 : random.pick(places).index;
}

function textPosition(xml: string, random: Random): number {
  const texts = [...xml.matchAll(/(?<=>)[^<>]+(?=<)/g)];
  if (texts.length === 0) return 0;
  const text = random.pick(texts);
  return text.index + random.integer(text[0].length + 1);
}

function replacedMatch(xml: string, pattern: RegExp, random: Random, by: string): string {
  const matches = [...xml.matchAll(pattern)];
  if (matches.length === 0) return xml;
  const { index, 0: found } = random.pick(matches);
  return xml.slice(0, index) + by + xml.slice(index + found.length);
}

function without(xml: string, { from, to }: Span): string {
  return xml.slice(0, from) + xml.slice(to);
}

function inserted(xml: string, at: number, what: string): string {
  return xml.slice(0, at) + what + xml.slice(at);
}
