import { expect } from "chai";
import { describe, it } from "mocha";
import {
  parseByXmlDom,
  requireSameTree,
} from "../../../../src/adapters/saml2-js/second-reading/xmldom.ts";
import { MESSAGE_LIMITS } from "../../../../src/adapters/saml2-js/xml/limits.ts";
import { readMetadataXml } from "../../../../src/adapters/saml2-js/xml/read-metadata-xml.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";
import type { XmlElement } from "../../../../src/adapters/saml2-js/xml/tree.ts";
import { writeXml } from "../../../../src/adapters/saml2-js/xml/write-xml.ts";

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** C0, ASCII's marks, DEL and C1, white space and marks beyond, surrogates, the ends of ranges. */
const CODES = [
  ...range(0x00, 0x2f),
  ...range(0x3a, 0x40),
  ...range(0x5b, 0x60),
  ...range(0x7b, 0xa0),
  ...[0xad, 0xd7, 0x037e, 0x1680, 0x180e, 0x200b, 0x200d, 0x2028, 0x2029, 0x202e, 0x2060, 0x3000],
  ...[0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff],
  ...[0x10000, 0x1fffe, 0xe0041, 0x10fffe, 0x10ffff],
];

/** saml2-js's parser takes them for line feeds: what it reads otherwise than we do is refused. */
const LINE_ENDS_OF_XML_1_1: ReadonlySet<number> = new Set([0x85, 0x2028]);

/** Where a character can be put. */
const PLACES: Readonly<Record<string, (character: string) => string>> = {
  "before the root": (c) => `${c}<a/>`,
  "before the declaration": (c) => `${c}<?xml version="1.0"?><a/>`,
  "in the declaration": (c) => `<?xml${c} version="1.0"?><a/>`,
  "in the version": (c) => `<?xml version="1.0${c}"?><a/>`,
  "behind the declaration": (c) => `<?xml version="1.0"?>${c}<a/>`,
  "behind the root": (c) => `<a/>${c}`,
  "before a name": (c) => `<${c}a/>`,
  "in a name": (c) => `<a${c}a></a${c}a>`,
  "in one of two names": (c) => `<aa></a${c}a>`,
  "in the name of an attribute": (c) => `<a b${c}b="1"/>`,
  "in a prefix": (c) => `<a xmlns:p${c}p="urn:p"/>`,
  "in a namespace name": (c) => `<a xmlns="urn:a${c}a"/>`,
  "before an attribute": (c) => `<a${c}b="1"/>`,
  "between two attributes": (c) => `<a b="1"${c}c="2"/>`,
  "before an equals sign": (c) => `<a b${c}="1"/>`,
  "behind an equals sign": (c) => `<a b=${c}"1"/>`,
  "in an attribute": (c) => `<a b="1${c}2"/>`,
  "in an attribute between apostrophes": (c) => `<a b='1${c}2'/>`,
  "before the slash": (c) => `<a${c}/>`,
  "behind the slash": (c) => `<a/${c}>`,
  "behind a less-than sign and slash": (c) => `<a></${c}a>`,
  "at the end of an end tag": (c) => `<a></a${c}>`,
  "in a text": (c) => `<a>b${c}c</a>`,
  "as a text": (c) => `<a>${c}</a>`,
  "before the end of no CDATA section": (c) => `<a>]]${c}></a>`,
  "in a reference": (c) => `<a>&am${c}p;</a>`,
  "in a numbered reference": (c) => `<a b="&#6${c}5;"/>`,
  "as a reference in a text": (c) => `<a>&#${c.codePointAt(0)};</a>`,
  "as a hexadecimal reference in an attribute": (c) =>
    `<a b="&#x${c.codePointAt(0)?.toString(16)};"/>`,
};

describe("each nasty character in each place of a message", () => {
  for (const [place, put] of Object.entries(PLACES)) {
    it(`${place}: what we take is the same tree for saxes and for saml2-js's parser`, () => {
      for (const code of CODES) {
        const xml = put(String.fromCodePoint(code));
        const tree = read(() => readXml(xml));
        if (tree === undefined) continue;
        const what = `U+${code.toString(16)}`;
        expect(tree, what).to.deep.equal(read(() => readMetadataXml(xml, MESSAGE_LIMITS)));
        if (LINE_ENDS_OF_XML_1_1.has(code)) continue;
        expect(() => requireSameTree(parseByXmlDom(writeXml(tree)), tree), what).not.to.throw();
      }
    });
  }
});

function read(reader: () => XmlElement): XmlElement | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}
