import { createHash } from "node:crypto";
import { expect } from "chai";
import { describe, it } from "mocha";
import { parseDomain } from "../../src/domain/email-address.ts";
import { LABEL_CHARACTERS } from "../../src/domain/label-characters.ts";

const SURROGATES = { first: 0xd800, last: 0xdfff };
const LAST_POINT = 0x3ffff;
/** SHA-256 of the corpus below. A change of it is a change of people's identities. */
const PINNED = "2e7498e0d5f050afd4b73a467aa051e8e93b3e71bc179b436ed9c9b3ffe2864e";

describe("the normal form of a domain", () => {
  it("is the same on every runtime, for every character in every place", () => {
    const hash = createHash("sha256");
    for (let point = 0x80; point <= LAST_POINT; point += 1) {
      if (point >= SURROGATES.first && point <= SURROGATES.last) continue;
      const character = String.fromCodePoint(point);
      for (const label of [`a${character}`, `\u05d0${character}`]) {
        const domain = parseDomain(`${label}.example`);
        if (domain !== undefined) hash.update(`${label} ${domain}\n`);
      }
    }
    expect(hash.digest("hex")).to.equal(PINNED);
  });

  it("knows no character that this runtime does not know", () => {
    let end = 0;
    for (const pair of LABEL_CHARACTERS.split(" ")) {
      const [distance = "", length = ""] = pair.split(":");
      const first = end + Number.parseInt(distance, 36);
      end = first + Number.parseInt(length, 36);
      for (let point = first; point <= end; point += 1) {
        expect(String.fromCodePoint(point)).to.match(/^[\p{L}\p{M}\p{Nd}]$/u);
      }
    }
  });

  for (const label of ["xn--0", "xn--", "xn--a", "xn--zz", "xn--a-", "xn--80ak6aa92e-"]) {
    it(`refuses the A-label ${label}, which spells nothing`, () => {
      expect(parseDomain(`${label}.example`)).to.equal(undefined);
    });
  }

  it("accepts an A-label that spells what a U-label of its own would", () => {
    expect(parseDomain("xn--mnchen-3ya.example")).to.equal("xn--mnchen-3ya.example");
    expect(parseDomain("M\u00dcNCHEN.example")).to.equal("xn--mnchen-3ya.example");
    expect(parseDomain("xn--fa-hia.example")).to.equal("xn--fa-hia.example");
  });
});
