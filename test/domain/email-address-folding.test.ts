import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import { parseDomain, parseEmailAddress } from "../../src/domain/email-address.ts";

/** Characters that case mapping, NFKC, IDNA or the eye makes another address of. */
const LOOK_ALIKES: readonly (readonly [name: string, character: string])[] = [
  ["dotless i", "\u0131"],
  ["capital I with a dot", "\u0130"],
  ["long s", "\u017f"],
  ["Kelvin sign", "\u212a"],
  ["Angstrom sign", "\u212b"],
  ["sharp s", "\u00df"],
  ["capital sharp s", "\u1e9e"],
  ["final sigma", "\u03c2"],
  ["full-width a", "\uff41"],
  ["full-width full stop", "\uff0e"],
  ["ideographic full stop", "\u3002"],
  ["fi ligature", "\ufb01"],
  ["superscript two", "\u00b2"],
  ["zero-width space", "\u200b"],
  ["zero-width non-joiner", "\u200c"],
  ["zero-width joiner", "\u200d"],
  ["word joiner", "\u2060"],
  ["byte order mark", "\ufeff"],
  ["soft hyphen", "\u00ad"],
  ["variation selector", "\ufe0f"],
  ["combining grapheme joiner", "\u034f"],
  ["right-to-left override", "\u202e"],
  ["non-breaking space", "\u00a0"],
  ["line separator", "\u2028"],
  ["combining diaeresis after u", "u\u0308"],
];

const address = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z0-9+_'-]{1,20}(\.[A-Za-z0-9+_'-]{1,20}){0,2}$/),
    fc.stringMatching(/^[A-Za-z0-9äöüéжλ]{1,15}(\.[A-Za-z0-9]{1,10}){0,2}\.[A-Za-z]{2,8}$/),
  )
  .map(([local, domain]) => `${local}@${domain}`);

function normal(raw: string): string | undefined {
  const parsed = parseEmailAddress(raw);
  return parsed.ok ? parsed.address : undefined;
}

describe("look-alikes", () => {
  for (const [name, character] of LOOK_ALIKES) {
    it(`${name}: refused wherever it stands, never repaired`, () => {
      for (const raw of [
        `a${character}b@corp.example`,
        `ab@co${character}rp.example`,
        `ab@corp.exa${character}`,
        `${character}ab@corp.example`,
        `ab@corp.example${character}`,
      ]) {
        expect(parseEmailAddress(raw).ok, JSON.stringify(raw)).to.equal(false);
      }
    });
  }

  it("of another script stay another domain", () => {
    const latin = parseDomain("apple.example");
    const cyrillic = parseDomain("\u0430\u0440\u0440\u04cf\u0435.example");
    expect(cyrillic).to.match(/^xn--/);
    expect(cyrillic).not.to.equal(latin);
  });

  it("in A-labels stay what they are", () => {
    expect(parseDomain("xn--strae-oqa.example")).to.equal("xn--strae-oqa.example");
    expect(parseDomain("strasse.example")).to.equal("strasse.example");
  });
});

describe("every character of Unicode in a domain", () => {
  const owners = new Map<string, string>();
  const toAscii: string[] = [];
  const merged: string[] = [];
  for (let code = 0x80; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    const domain = parseDomain(`a${character}b.example`);
    if (domain === undefined) continue;
    if (!domain.startsWith("xn--")) toAscii.push(code.toString(16));
    const owner = owners.get(domain) ?? character.toLowerCase();
    if (owner !== character.toLowerCase()) merged.push(code.toString(16));
    owners.set(domain, owner);
  }

  it("is tried", () => expect(owners.size).to.be.greaterThan(50_000));

  it("never vanishes and never becomes ASCII", () => expect(toAscii).to.deep.equal([]));

  it("shares its normal form with its own capital only", () => expect(merged).to.deep.equal([]));
});

describe("normalization", () => {
  it("is idempotent", () => {
    fc.assert(
      fc.property(fc.oneof(address, fc.string({ unit: "grapheme", maxLength: 80 })), (raw) => {
        const once = normal(raw);
        fc.pre(once !== undefined);
        expect(normal(once)).to.equal(once);
      }),
    );
  });

  it("accepts ordinary addresses, and gives ASCII in lower case", () => {
    fc.assert(
      fc.property(address, (raw) => {
        const form = normal(raw);
        fc.pre(form !== undefined);
        expect(form).to.match(/^[!-~]{3,254}$/);
        expect(form).to.equal(form.toLowerCase());
      }),
    );
  });

  it("merges two addresses only if they differ by case", () => {
    fc.assert(
      fc.property(address, address, fc.boolean(), (one, another, flip) => {
        const other = flip ? one.toUpperCase() : another;
        fc.pre(normal(one) !== undefined && normal(other) !== undefined);
        expect(normal(one) === normal(other)).to.equal(one.toLowerCase() === other.toLowerCase());
      }),
    );
  });

  it("drops nothing but white space around: any other character that is put in changes the form", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
        fc.nat({ max: 14 }),
        (character, position) => {
          const plain = "ab@corp.example";
          const changed = `${plain.slice(0, position)}${character}${plain.slice(position)}`;
          fc.pre(!/^[ \t\r\n]$/.test(character) || position > 0);
          expect(normal(changed)).not.to.equal(plain);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("answers for any text, and always the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (raw) => {
        expect(parseEmailAddress(raw)).to.deep.equal(parseEmailAddress(raw));
      }),
    );
  });
});
