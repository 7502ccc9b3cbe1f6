import { expect } from "chai";
import { describe, it } from "mocha";
import { RejectionError } from "../../../../src/adapters/saml2-js/rejection-error.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";

const LENGTH = 30_000;
const space = " ".repeat(LENGTH);
const name = "a".repeat(LENGTH);

/** For each of the reader's expressions, what fails at the end of much that fits. */
const LATE_FAILURES: Readonly<Record<string, string>> = {
  "a declaration: white space before the version": `<?xml${space}x?><a/>`,
  "a declaration: white space before the equals sign": `<?xml version${space}x?><a/>`,
  "a declaration: white space behind the equals sign": `<?xml version=${space}x?><a/>`,
  "a declaration: a version without an end": `<?xml version="${name}`,
  "a declaration: white space behind the version": `<?xml version="1.0"${space}x?><a/>`,
  "a declaration: white space in the encoding": `<?xml version="1.0" encoding${space}=${space}x?><a/>`,
  "a declaration: white space behind the encoding": `<?xml version="1.0" encoding="utf-8"${space}x?><a/>`,
  "a declaration: white space behind standalone": `<?xml version="1.0" standalone="no"${space}x?><a/>`,
  "a tag: a name and nothing else": `<${name}`,
  "a tag: a prefix without a name": `<${name}:>`,
  "a tag: many colons": `<${"a:".repeat(LENGTH / 2)}/>`,
  "a tag: letters that are not ASCII": `<${"é".repeat(LENGTH)}!`,
  "an attribute: white space before nothing": `<a${space}!`,
  "an attribute: a name without a value": `<a ${name}>`,
  "an attribute: a prefix without a name": `<a ${name}:="1">`,
  "an attribute: many colons": `<a ${"b:".repeat(LENGTH / 2)}="1">`,
  "an attribute: white space around a name": `<a${space}${name}${space}!>`,
  "an attribute: white space behind the equals sign": `<a b=${space}!>`,
  "an attribute: a value without an end": `<a b="${name}`,
  "an attribute: apostrophes without an end": `<a b='${name}`,
  "an attribute: a value with the other quotes": `<a b="${"'".repeat(LENGTH)}<`,
  "the end of a tag: white space without it": `<a b="1"${space}`,
  "the end of a tag: white space between slash and end": `<a/${space}>`,
  "an end tag: white space without an end": `<a></a${space}`,
  "an end tag: white space before something else": `<a></a${space}b>`,
  "a reference: digits without an end": `<a>&#${"1".repeat(LENGTH)}</a>`,
  "a reference: zeros without an end": `<a>&#x${"0".repeat(LENGTH)}</a>`,
  "a text behind the root: white space before it": `<a/>${space}x`,
};

describe("the strict XML reader, given much before what is wrong", () => {
  for (const [what, xml] of Object.entries(LATE_FAILURES)) {
    // What looks twice at each character from each would take seconds, not a millisecond.
    it(`looks at it once: ${what}`, () => {
      const started = process.cpuUsage();
      expect(() => readXml(xml)).to.throw(RejectionError);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1000, "milliseconds").to.be.below(500);
    });
  }
});
