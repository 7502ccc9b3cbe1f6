import { MESSAGE_LIMITS } from "../../../../src/adapters/saml2-js/xml/limits.ts";
import { readMetadataXml } from "../../../../src/adapters/saml2-js/xml/read-metadata-xml.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";
import type { XmlElement } from "../../../../src/adapters/saml2-js/xml/tree.ts";
import { makeRandom, type Random } from "../../../fuzz/random.ts";
import { XML_MUTATIONS } from "../../../fuzz/xml-mutations.ts";
import { randomDocument } from "./random-xml.ts";

/** What came of reading many damaged documents with two readers. */
export interface ReaderComparison {
  /** How many our strict reader takes. */
  readonly taken: number;
  readonly refused: number;
  /** What our reader takes, and saxes refuses or reads as another tree. */
  readonly differences: readonly string[];
  /** What our reader refuses though saxes takes it and it is of the strict subset. */
  readonly overRefused: readonly string[];
}

const PIECES = [
  ..."<>&\"'/=:;!?-[]# \t\n\r\u0000\u0085\u2028\u00a0\ufeff\ufffe\ud800é𝒵x0",
  "<a>",
  "</a>",
  "<a/>",
  "&amp;",
  "&lt",
  "&#0;",
  "&#65;",
  "&#x41;",
  "&#X41;",
  "&#xD;",
  "&#xFFFF;",
  "&#0000000065;",
  "&#x000000041;",
  "&#;",
  "]]>",
  "xmlns",
  "xmlns:",
  ' xmlns=""',
  ' xmlns:p="urn:p"',
  ' xml:lang="x"',
  ' xmlns:xml="http://www.w3.org/XML/1998/namespace"',
  ' xmlns:p="http://www.w3.org/2000/xmlns/"',
  "p:",
  "__proto__",
  "<?xml version='1.0'?>",
  '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>',
  `<?xml version="1.0" standalone="yes'?>`,
  `<?xml\r\nversion = '1.0'\tstandalone\n=\r'no'?>`,
  "<!DOCTYPE a>",
] as const;

/** Outside of what SAML messages may hold, whatever XML says of it. */
const BEYOND_THE_SUBSET =
  /<!|<\?(?!xml[ \t\r\n])|encoding|version=.1\.1|xmlns:xml[ =]|[^\t\n\r -~]/;

/** Reads the documents numbered `from` to `to`, each damaged at random, with our reader and saxes. */
export function readerComparison(from: number, to: number): ReaderComparison {
  let [taken, refused] = [0, 0];
  const differences: string[] = [];
  const overRefused: string[] = [];
  for (let number = from; number < to; number += 1) {
    const xml = damaged(number);
    const [ours, theirs] = [
      shown(() => readXml(xml)),
      shown(() => readMetadataXml(xml, MESSAGE_LIMITS)),
    ];
    if (ours !== undefined) {
      taken += 1;
      if (ours !== theirs) differences.push(JSON.stringify(xml));
    } else {
      refused += 1;
      if (theirs !== undefined && !BEYOND_THE_SUBSET.test(xml))
        overRefused.push(JSON.stringify(xml));
    }
  }
  return { taken, refused, differences, overRefused };
}

function damaged(number: number): string {
  const random = makeRandom(number);
  let { xml } = randomDocument(number, { tricky: true });
  for (let times = random.integer(4); times > 0; times -= 1) {
    xml = random.chance(0.3) ? random.pick(XML_MUTATIONS)(xml, random) : edited(xml, random);
  }
  return xml;
}

/** One character or piece more, less, or in place of others. */
function edited(xml: string, random: Random): string {
  const at = random.chance(0.1) ? 0 : random.integer(xml.length + 1);
  const piece = random.chance(0.8) ? random.pick(PIECES) : "";
  return xml.slice(0, at) + piece + xml.slice(at + random.integer(3));
}

function shown(read: () => XmlElement): string | undefined {
  try {
    return JSON.stringify(read(), (_, value) => (value instanceof Map ? [...value] : value));
  } catch {
    return undefined;
  }
}
