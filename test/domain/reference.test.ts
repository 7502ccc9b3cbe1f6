import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import { readReference, referenceOf } from "../../src/domain/audit.ts";

describe("references that people type", () => {
  const told = "QW01-G83Z-WXM1";

  for (const typed of [
    "QW01-G83Z-WXM1",
    "qw01-g83z-wxm1",
    "qw01g83zwxm1",
    "  QW01 G83Z WXM1\n",
    "QW01–G83Z—WXM1",
    "QWO1-G83Z-WXMl",
    "qwoi.g83z.wxmi",
    "“QW01-G83Z-WXM1”",
    "QW01-G83Z-WXM1\u200b",
  ]) {
    it(`are found as ${JSON.stringify(typed)}`, () => {
      expect(readReference(typed)).to.equal(told);
    });
  }

  it("stay as they are where they are no references of ours", () => {
    for (const other of [
      "",
      "QW01-G83Z",
      "REF-00000003",
      "QW01-G83Z-WXMU",
      "qw01g83zwxmu",
      "qw01-g83z-wxm1-7",
      "QW01-G83Z-ÄXMÜ",
    ]) {
      expect(readReference(` ${other} `)).to.equal(other);
    }
  });

  it("are read back, whatever the octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (octets) => {
        const reference = referenceOf(octets);
        expect(reference).to.match(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(readReference(reference.toLowerCase().replaceAll("-", " "))).to.equal(reference);
      }),
    );
  });
});
