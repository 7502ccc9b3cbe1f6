import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { RejectionCode } from "../../src/domain/rejection.ts";
import type { DenyReason } from "../../src/domain/sign-in-decision.ts";
import { explanationOf } from "../../src/domain/texts/administrator-explanations.ts";
import { explainedCodes } from "./support/codes.ts";

type Code = DenyReason | RejectionCode;

const PAGE = readFileSync(new URL("../../docs/TROUBLESHOOTING.md", import.meta.url), "utf8");

/** The rows of the table of every code. */
function documented(): ReadonlyMap<string, readonly [string, string]> {
  const table = PAGE.slice(PAGE.indexOf("## Every code"));
  const rows = table.matchAll(/^\| `([^`]+)` \| (.+?) \| (.+?) \|$/gm);
  return new Map(
    [...rows].map(([, code = "", sentence = "", fix = ""]) => [code, [sentence, fix]]),
  );
}

describe("the explanation for an administrator", () => {
  const codes = explainedCodes();

  for (const { title, code, cause, explanation } of codes) {
    it(`of ${title} says what failed in one sentence and what to do`, () => {
      expect(explanationOf(code, cause)).to.equal(explanation);
      expect(explanation.sentence).to.match(/^[A-Z][^.!?\n]*(?:SAML 2\.0)?\.$/);
      expect(explanation.fix).to.match(/^[A-Z][^\n|]{10,330}\.$/);
      if (code.includes("-")) {
        expect(`${explanation.sentence} ${explanation.fix}`).not.to.include(code);
      }
    });
  }

  it("equals the table in docs/TROUBLESHOOTING.md (npm run docs:codes)", () => {
    const explained = codes.map(({ title, explanation: { sentence, fix } }) => [
      title,
      [sentence, fix],
    ]);
    expect([...documented()]).to.deep.equal(explained);
  });

  it("differs for each code and cause", () => {
    const sentences = codes.map(({ explanation }) => explanation.sentence);
    expect(new Set(sentences).size).to.equal(codes.length);
  });

  it("is undefined for a code that another version stored", () => {
    for (const unknown of ["gone", "constructor", "__proto__", ""]) {
      expect(explanationOf(unknown as Code)).to.equal(undefined);
      expect(explanationOf("expired", unknown)).to.equal(explanationOf("expired"));
      expect(explanationOf("id-invalid", unknown)).to.equal(explanationOf("id-invalid"));
    }
  });
});
