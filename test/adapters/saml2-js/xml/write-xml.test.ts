import { expect } from "chai";
import { describe, it } from "mocha";
import { RejectionError } from "../../../../src/adapters/saml2-js/rejection-error.ts";
import {
  parseByXmlDom,
  requireSameTree,
} from "../../../../src/adapters/saml2-js/second-reading/xmldom.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";
import { writeXml } from "../../../../src/adapters/saml2-js/xml/write-xml.ts";
import { roundsOf } from "../../../support/seed.ts";
import { randomDocument } from "../support/random-xml.ts";

const trees = (tricky: boolean): readonly ReturnType<typeof readXml>[] =>
  Array.from({ length: roundsOf(1500) }, (_, number) =>
    readXml(randomDocument(number, { tricky }).xml),
  );

describe("XML written from a tree", () => {
  it("reads as that tree again, for random documents", () => {
    for (const tree of trees(true)) expect(readXml(writeXml(tree))).to.deep.equal(tree);
  });

  it("is the same tree for saml2-js's parser, for random documents", () => {
    for (const tree of trees(false)) requireSameTree(parseByXmlDom(writeXml(tree)), tree);
  });

  it("is the same tree for it where it would see the line ends of XML 1.1", () => {
    const tree = readXml('<a b="1\u00852\u20283&#13;">4\u00855\u20286</a>');
    expect(readXml(writeXml(tree))).to.deep.equal(tree);
    requireSameTree(parseByXmlDom(writeXml(tree)), tree);
  });

  // saml2-js parses outside of any try: what its parser objects to would end the process.
  it("is nothing that saml2-js's parser objects to, even where it reads another tree", () => {
    for (const tree of trees(true)) {
      try {
        requireSameTree(parseByXmlDom(writeXml(tree)), tree);
      } catch (error) {
        expect(error).to.be.instanceOf(RejectionError);
        expect(error).to.have.property("message", "the two parsers see different documents");
      }
    }
  });
});
